"""A report somebody took and forgot: back in the queue after three working days, not before."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from domain.calendar import NAIROBI
from domain.errors import DomainError
from domain.ledger.leaf import event_leaf
from domain.moderation.expiry import release_claims
from domain.moderation.queue import Filter
from domain.reports.event import EventKind
from domain.reports.history import RecordChanged
from domain.reports.state import Author, NoActionReason, Standing, State, Want
from tests.house import House, a_house

FRIDAY = 6
"""Claimed on Monday the 2nd: Tuesday, Wednesday and Thursday pass."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.unlock(house.neighbour)
        yield house


async def bell(house: House, day: int) -> tuple[int, list[DomainError]]:
    alarms: list[DomainError] = []
    house.clock.moment = datetime(2026, 11, day, 4, 10, tzinfo=NAIROBI)
    done = await release_claims(
        house.clock.now(),
        stores=house.stores,
        custody=house.custody,
        calendar=house.calendar,
        clocks=house.clocks,
        entropy=house.entropy,
        heed=alarms.append,
    )
    return done, alarms


async def test_a_claim_ends_after_three_working_days_of_nothing(house: House) -> None:
    _, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    held = await house.report(report.id)
    assert [await bell(house, day) for day in (3, 4, 5)] == [(0, [])] * 3
    assert await house.report(report.id) == held
    assert await bell(house, FRIDAY) == (1, [])
    free = await house.report(report.id)
    assert (free.claimed_by, free.state, free.since) == (None, State.IN_REVIEW, held.since)
    assert not free.notice_due or held.notice_due


async def test_a_weekend_does_not_count(house: House) -> None:
    house.clock.moment = datetime(2026, 11, 6, 16, 0, tzinfo=NAIROBI)
    _, report = await house.sent()
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).claim(report.ref)
    assert [(await bell(house, day))[0] for day in range(7, 13)] == [0, 0, 0, 0, 0, 1]


async def test_the_clock_says_that_it_was_the_clock_and_leaves_a_leaf(house: House) -> None:
    _, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    await bell(house, FRIDAY)
    *_, event = await house.events(report.id)
    assert (event.kind, event.author, event.member) == (EventKind.RELEASED, Author.CLOCK, None)
    leaf = event_leaf(event.signed_bytes(), b"", event.nonce)
    assert house.rows("cases", "SELECT 1 FROM pending_leaf WHERE hash = ?", leaf) == [(1,)]


async def test_whoever_had_it_sees_it_wait_and_may_take_it_again(house: House) -> None:
    _, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    await bell(house, FRIDAY)
    await house.unlock(house.neighbour)
    desk = house.desk(house.neighbour)
    (line,) = (await desk.queue(Filter())).lines
    assert (line.report.ref, line.report.claimed_by) == (report.ref, None)
    assert (await desk.next()).mine


async def test_the_citizen_sees_no_other_state_than_before(house: House) -> None:
    code, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    before = await house.check(code)
    await bell(house, FRIDAY)
    after = await house.check(code)
    assert (after.standing, after.since) == (before.standing, before.since)
    assert (after.standing, after.author) == (Standing.BEING_READ, Author.MODERATOR)


async def test_whatever_is_done_meanwhile_begins_the_days_anew(house: House) -> None:
    _, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    house.clock.passes(days=2)
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).claim(report.ref)
    assert [(await bell(house, day))[0] for day in (6, 9, 10)] == [0, 0, 1]


async def test_the_same_bell_again_does_nothing_new(house: House) -> None:
    _, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    assert [(await bell(house, FRIDAY))[0] for _ in range(3)] == [1, 0, 0]
    assert len(await house.events(report.id)) == 3


async def test_what_waits_for_nobody_stays_in_the_hands_that_closed_it(house: House) -> None:
    _, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    await house.desk(house.neighbour).status(
        report.ref, State.NO_ACTION, NoActionReason.ALREADY_HANDLED
    )
    assert await bell(house, FRIDAY) == (0, [])
    assert (await house.report(report.id)).claimed_by == house.neighbour.id


async def test_a_record_changed_by_hand_is_an_alarm_and_the_clock_does_not_vouch_for_it(
    house: House,
) -> None:
    (_, forged), (_, honest) = await house.sent(), await house.sent()
    for report in (forged, honest):
        await house.desk(house.neighbour).claim(report.ref)
    house.tamper(
        "cases",
        "UPDATE report SET state = 'blocked', detail = ? WHERE id = ?",
        Want.FUEL,
        forged.id,
    )
    done, (alarm,) = await bell(house, FRIDAY)
    assert (done, type(alarm)) == (1, RecordChanged)
    assert (await house.report(forged.id)).claimed_by == house.neighbour.id
    assert (await house.report(honest.id)).claimed_by is None
