"""Promise 11: nothing disappears unnoticed. As far as the product reaches: the intake leaf
follows from the code alone, so whoever holds the code of a report that was made away with is
told that it is missing, not that the code is wrong. Published heads of the tree come later.
"""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from domain.errors import DomainError
from domain.ledger.batch import batch_leaves
from domain.reports.check import ReportMissing
from domain.reports.history import RecordChanged
from domain.reports.state import State
from tests.house import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.unlock(house.neighbour)
        yield house


def the_row(house: House) -> None:
    house.tamper("cases", "DELETE FROM report")


def the_row_and_its_history(house: House) -> None:
    house.tamper("cases", "DELETE FROM event")
    the_row(house)


def its_key(house: House) -> None:
    house.tamper("shreds", "DELETE FROM shred")


def its_envelope(house: House) -> None:
    house.tamper("cases", "UPDATE report SET case_for_code = zeroblob(length(case_for_code))")


def everything_but_the_leaf(house: House) -> None:
    the_row_and_its_history(house)
    its_key(house)


def the_last_act(house: House) -> None:
    house.tamper("cases", "DELETE FROM event WHERE number = (SELECT max(number) FROM event)")


def what_was_done(house: House) -> None:
    house.tamper("cases", "UPDATE report SET state = 'no_action', detail = 'not_security'")


Theft = Callable[[House], None]
ALL: tuple[Theft, ...] = (
    the_row,
    the_row_and_its_history,
    its_key,
    its_envelope,
    everything_but_the_leaf,
)
PART: tuple[Theft, ...] = (the_last_act, what_was_done)


async def a_report_in_work(house: House) -> str:
    code, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    await house.desk(house.neighbour).status(report.ref, State.IN_PROGRESS)
    return code


async def is_noticed(house: House, code: str, alarm: type[DomainError]) -> bool:
    """Whether the holder of the code hears the alarm, and not that the code is wrong."""
    try:
        await house.check(code)
    except DomainError as told:
        return isinstance(told, alarm)
    return False


@pytest.mark.parametrize("theft", ALL)
async def test_who_holds_the_code_of_a_vanished_report_is_told_it_is_missing(
    house: House, theft: Theft
) -> None:
    code = await a_report_in_work(house)
    theft(house)
    assert await is_noticed(house, code, ReportMissing)


@pytest.mark.parametrize("theft", PART)
async def test_a_changed_record_is_no_answer(house: House, theft: Theft) -> None:
    code = await a_report_in_work(house)
    theft(house)
    assert await is_noticed(house, code, RecordChanged)


async def test_so_it_is_after_the_leaves_were_batched(house: House) -> None:
    code = await a_report_in_work(house)
    house.clock.passes(days=2)
    await batch_leaves(house.clock.now(), stores=house.stores, entropy=house.entropy)
    everything_but_the_leaf(house)
    assert await is_noticed(house, code, ReportMissing)


async def test_a_build_that_keeps_no_intake_leaf_is_found_out(house: House) -> None:
    code = await a_report_in_work(house)
    house.tamper("cases", "DELETE FROM pending_leaf")
    everything_but_the_leaf(house)
    assert not await is_noticed(house, code, ReportMissing)
