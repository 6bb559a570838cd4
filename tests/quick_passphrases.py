"""Passphrases and codes cost nothing to try in a process of tests: most tests are about what they
open, and Argon2id with 64 MiB, or with 19, takes longest. A test that is about what they cost, or
opens what was kept at that cost, asks for `full_cost`. The bots, commands and other processes that
tests start are the product's own, and pay in full.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest

from crypto import code, member_keys

Cost = tuple[int, int]
"""Memory in KiB, and iterations."""
FULL: dict[ModuleType, Cost] = {
    module: (module.MEMORY_KIB, module.ITERATIONS) for module in (code, member_keys)
}
"""As the product has it."""
QUICK: Cost = (8, 1)
"""The least that there is."""


def make_quick() -> None:
    """For all of this process."""
    for module in FULL:
        module.MEMORY_KIB, module.ITERATIONS = QUICK  # type: ignore[attr-defined] # the two have them


@contextmanager
def at_full_cost() -> Iterator[None]:
    with _at(FULL):
        yield


@contextmanager
def at_quick_cost() -> Iterator[None]:
    """Whichever test comes first: for members whom others copy."""
    with _at(dict.fromkeys(FULL, QUICK)):
        yield


@contextmanager
def _at(costs: dict[ModuleType, Cost]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        for module, (memory, iterations) in costs.items():
            patched.setattr(module, "MEMORY_KIB", memory)
            patched.setattr(module, "ITERATIONS", iterations)
        yield
