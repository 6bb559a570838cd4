"""Passphrases and codes that cost nothing to try, where a test is about what they open: Argon2id
with 64 MiB, and with 19, is measured elsewhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from crypto import code, member_keys

ENOUGH_KIB = 64


def quick_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """For members who enrol from now on."""
    monkeypatch.setattr(member_keys, "MEMORY_KIB", ENOUGH_KIB)


FULL = {name: getattr(member_keys, name) for name in ("MEMORY_KIB", "ITERATIONS")}
"""As it is before any test makes it cheap for itself."""


@contextmanager
def at_full_cost() -> Iterator[None]:
    """Whatever a test has made of it: for members whom other tests copy."""
    with pytest.MonkeyPatch.context() as patched:
        for name, cost in FULL.items():
            patched.setattr(member_keys, name, cost)
        yield


def quick_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """For reports that are sent from now on."""
    monkeypatch.setattr(code, "MEMORY_KIB", ENOUGH_KIB)
