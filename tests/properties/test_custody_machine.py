"""No order of what happens to custody loses a report to whoever reads it, or gives one to somebody
who left; and a build that does either is found out, by a way that leads there and, in the long
form, by orders that nobody chose. How many it took: docs/threat-model.md.
"""

import os
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app import rotating
from crypto.errors import EnvelopeRefused
from domain.errors import DomainError
from tests.postgresql import Server
from tests.properties.custody.machine import CustodyMachine
from tests.properties.custody.ways import LEAKS, Leak, Way

ORDERS = int(os.environ.get("CUSTODY", "0"))
"""So many orders of sixty acts, on either database; a few of fifteen otherwise."""


@pytest.fixture(autouse=True)
def _one_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rotation can be killed between any two rows."""
    monkeypatch.setattr(rotating, "AT_ONCE", 1)


FOUND = (AssertionError, pytest.fail.Exception, DomainError, EnvelopeRefused)
"""What a look ends with: anything else is a mistake of the planting."""

each_leak = pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS.keys())


def orders(number: int, *, steps: int) -> settings:
    return settings(
        max_examples=number,
        stateful_step_count=steps,
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )


def test_no_order_loses_a_report_or_gives_one_to_who_left() -> None:
    some = orders(ORDERS, steps=60) if ORDERS else orders(3, steps=15)
    run_state_machine_as_test(CustodyMachine, settings=some)


def test_nor_does_any_on_postgresql(postgresql: Server) -> None:
    class OnPostgreSQL(CustodyMachine):
        server = postgresql

    some = orders(ORDERS, steps=60) if ORDERS else orders(2, steps=15)
    run_state_machine_as_test(OnPostgreSQL, settings=some)


def gone(way: Way) -> None:
    machine = CustodyMachine()
    try:
        way(machine)
        machine.look()
    finally:
        machine.close()


@cache
def passes(way: Way) -> None:
    """Once for all leaks that share it."""
    gone(way)


@each_leak
def test_a_leaky_build_is_found_out(leak: Leak, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same way, on the build as it is and on the leaky one."""
    passes(leak.way)
    leak.plant(monkeypatch)
    with pytest.raises(FOUND):
        gone(leak.way)


if ORDERS:  # each takes minutes

    @each_leak
    def test_orders_that_nobody_chose_find_it_too(
        leak: Leak, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        leak.plant(monkeypatch)
        some = settings(orders(ORDERS, steps=60), phases=[Phase.generate])
        with pytest.raises(FOUND):
            run_state_machine_as_test(CustodyMachine, settings=some)
