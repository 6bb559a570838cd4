"""Promise 11: nothing disappears unnoticed. As far as the product reaches: the intake leaf
follows from the code alone, so whoever holds the code of a report that was made away with is
told that it is missing, not that the code is wrong. Published heads of the tree come later.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.errors import DomainError
from domain.ledger.batch import batch_leaves
from domain.ledger.leaf import LeafHash, event_leaf
from domain.moderation import desk as moderation
from domain.ports.stores import Cases
from domain.reports import own
from domain.reports.check import ReportMissing
from domain.reports.event import EventKind
from domain.reports.history import RecordChanged
from domain.reports.own import Own
from domain.reports.state import State
from storage.leaves import SqlLeaves
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
    await the_daily_batch(house)
    everything_but_the_leaf(house)
    assert await is_noticed(house, code, ReportMissing)


async def the_daily_batch(house: House) -> None:
    house.clock.passes(days=2)
    await batch_leaves(house.clock.now(), stores=house.stores, entropy=house.entropy)


async def a_long_story(house: House) -> str:
    """Acts of a moderator and of whoever holds the code."""
    code = await a_report_in_work(house)
    held = (await house.check(code)).held
    ref = (await house.report(held.report)).ref
    await house.desk(house.neighbour).ask(ref, "At which end of the bridge?")
    await house.own(held).say(Own.ANSWER, "At the far one")
    await house.own(held).say(Own.ADDITION, "They came back")
    await house.own(held).withdraw(wanted=True)
    await house.own(held).withdraw(wanted=False)
    return code


async def uncovered(house: House, code: str) -> set[EventKind]:
    """Acts that no leaf stands for, in what waits for a batch or in a batch: whoever holds the
    code computes each leaf anew.
    """
    held = (await house.check(code)).held
    report, events = await house.report(held.report), await house.events(held.report)
    without: set[EventKind] = set()
    async with house.stores.cases() as cases:
        for event in events:
            nonce = event.nonce or held.secret.ledger_nonce(event.number)
            leaf = event_leaf(event.signed_bytes(), event.signature, nonce)
            if event.kind is EventKind.RECEIVED:
                leaf = report.intake_leaf
            if not await cases.leaves.has(leaf):
                without.add(event.kind)
    assert len(events) > len(Own), "a story"
    return without


BY_MODERATORS = {EventKind.CLAIMED, EventKind.MOVED, EventKind.ASKED}
BY_CITIZENS = {
    *(EventKind.ANSWERED, EventKind.ADDED),
    *(EventKind.WITHDRAWAL_ASKED, EventKind.WITHDRAWAL_STOPPED),
}


async def test_every_act_has_its_leaf_before_its_batch_and_after(
    staffed_house: House,
) -> None:
    house = staffed_house
    await house.unlock(house.neighbour)
    code = await a_long_story(house)
    assert await uncovered(house, code) == set()
    await the_daily_batch(house)
    assert await uncovered(house, code) == set()


@pytest.mark.also_on_postgresql
async def test_a_build_that_keeps_no_leaf_at_all_is_found_out(
    staffed_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds the code of a report it makes away with is told that the code is wrong."""

    async def dropped(*_: object) -> None: ...

    house = staffed_house
    await house.unlock(house.neighbour)
    monkeypatch.setattr(SqlLeaves, "add", dropped)
    code = await a_long_story(house)
    assert await uncovered(house, code) == {EventKind.RECEIVED} | BY_MODERATORS | BY_CITIZENS
    everything_but_the_leaf(house)
    assert not await is_noticed(house, code, ReportMissing)


@dataclass(frozen=True, slots=True)
class Leafless:
    """*Cases*, but whatever leaf is added is forgotten."""

    cases: Cases

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cases, name)

    @property
    def leaves(self) -> "Leafless":
        return self

    async def add(self, _: LeafHash) -> None: ...


LEAFLESS = {
    "writes moderators acts without their leaf": (moderation, "record", BY_MODERATORS),
    "writes citizens acts without their leaf": (own, "record_act", BY_CITIZENS),
}


@pytest.mark.parametrize("build", LEAFLESS)
async def test_a_build_that_writes_acts_without_their_leaf_is_found_out(
    staffed_house: House,
    build: str,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    house = staffed_house
    module, name, acts = LEAFLESS[build]
    whole = getattr(module, name)

    async def without(cases: Cases, *given: Any, **more: Any) -> Any:
        return await whole(Leafless(cases), *given, **more)

    await house.unlock(house.neighbour)
    monkeypatch.setattr(module, name, without)
    assert await uncovered(house, await a_long_story(house)) == acts
    record_property("leak", build)


async def test_a_build_that_loses_leaves_in_its_batch_is_found_out(
    staffed_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waited is taken, and none of it is in the batch."""
    whole = SqlLeaves.take_pending

    async def taken(leaves: SqlLeaves, day: date) -> Sequence[LeafHash] | None:
        return None if await whole(leaves, day) is None else []

    house = staffed_house
    await house.unlock(house.neighbour)
    code = await a_long_story(house)
    monkeypatch.setattr(SqlLeaves, "take_pending", taken)
    await the_daily_batch(house)
    assert await uncovered(house, code) == {EventKind.RECEIVED} | BY_MODERATORS | BY_CITIZENS
    everything_but_the_leaf(house)
    assert not await is_noticed(house, code, ReportMissing)
