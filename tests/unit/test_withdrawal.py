"""Withdrawing: asked for by the code, stopped by the code, and carried out by the clock alone."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.digest.measure import Flow
from domain.digest.publish import Publisher
from domain.errors import DomainError
from domain.moderation.desk import ReportUnknown
from domain.ports.sealing import Words
from domain.referrals.reach import check_how_far
from domain.reports.check import Checked, ReportExpired, ReportMissing, ReportWithdrawn, look_again
from domain.reports.event import EventKind
from domain.reports.history import RecordChanged
from domain.reports.own import Own, ReportGone
from domain.reports.report import Report
from domain.reports.state import Author, NoActionReason, State, next_states
from domain.reports.topic import Topic
from domain.reports.waiting import SERVED_AGAIN
from domain.reports.wishes import HowFar
from domain.reports.withdrawal import WithdrawalAsked
from storage.addresses import SqlShreds
from storage.leaves import SqlTombstones
from storage.reports import SqlReports
from storage.stores import SqlStores
from tests.house import COUNTY, House, a_house

WAIT = 4
"""Days: three whole ones lie between the asking and the night in which it takes effect."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def read(house: House, **choices: object) -> tuple[str, Report]:
    code, report = await house.sent(**choices)
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).claim(report.ref)
    return code, report


async def withdraws(house: House, code: str, *, wanted: bool = True) -> Checked:
    checked = await house.check(code)
    await house.own(checked.held).withdraw(wanted=wanted)
    return checked


def day_in(house: House, days: int) -> date:
    return house.clock.now().date() + timedelta(days=days)


async def bell(house: House) -> tuple[int, list[DomainError]]:
    alarms: list[DomainError] = []
    retention = house.retention(alarms.append)
    return await retention.run(house.clock.now()), alarms


def left_of(house: House, report: Report) -> set[str]:
    tables = {"report": "id", "event": "report", "entry": "report"}
    found = {
        table
        for table, column in tables.items()
        if house.rows("cases", f"SELECT 1 FROM {table} WHERE {column} = ?", report.id)  # noqa: S608 - names from above
    }
    keys = house.rows("shreds", "SELECT 1 FROM shred WHERE report = ?", report.id)
    return found | ({"shred"} if keys else set())


async def test_it_takes_effect_after_72_hours_and_not_before(house: House) -> None:
    code, report = await read(house)
    _, other = await house.sent()
    await house.own((await house.check(code)).held).say(Own.ADDITION, "They came back")
    await withdraws(house, code)
    assert (await house.check(code)).destroyed_on == day_in(house, WAIT)
    house.clock.passes(days=WAIT - 1)
    assert await bell(house) == (0, [])
    assert left_of(house, report) == {"report", "event", "entry", "shred"}
    house.clock.passes(days=1)
    assert await bell(house) == (1, [])
    assert left_of(house, report) == set()
    assert left_of(house, other) == {"report", "event", "shred"}
    with pytest.raises(ReportWithdrawn):
        await house.check(code)


async def test_whoever_holds_the_code_can_stop_it_until_then(house: House) -> None:
    code, report = await read(house)
    for wanted in (True, True, False, False):
        await withdraws(house, code, wanted=wanted)
    house.clock.passes(days=WAIT)
    assert await bell(house) == (0, [])
    assert (await house.check(code)).destroyed_on is None
    kinds = [event.kind for event in await house.events(report.id)]
    assert kinds[-2:] == [EventKind.WITHDRAWAL_ASKED, EventKind.WITHDRAWAL_STOPPED]
    assert kinds.count(EventKind.WITHDRAWAL_ASKED) == 1
    assert (await house.report(report.id)).withdrawal is None


async def test_asked_for_again_it_waits_again(house: House) -> None:
    code, _ = await read(house)
    await withdraws(house, code)
    house.clock.passes(days=WAIT - 1)
    await withdraws(house, code, wanted=False)
    await withdraws(house, code)
    house.clock.passes(days=1)
    assert await bell(house) == (0, [])


async def test_asking_leaves_an_event_a_leaf_and_news_to_desk_and_holder(house: House) -> None:
    code, report = await read(house)
    leaves = len(house.rows("cases", "SELECT 1 FROM pending_leaf"))
    await withdraws(house, code)
    row, events = await house.report(report.id), await house.events(report.id)
    assert (row.unread, row.notice_due, row.state) == (True, True, State.IN_REVIEW)
    assert (events[-1].author, events[-1].signature) == (Author.CITIZEN, b"")
    assert len(house.rows("cases", "SELECT 1 FROM pending_leaf")) == leaves + 1
    house.clock.passes(days=WAIT)
    await bell(house)
    assert len(house.rows("cases", "SELECT 1 FROM pending_leaf")) == leaves + 2


async def test_the_desk_sees_it_and_nothing_it_does_hastens_it(house: House) -> None:
    code, report = await read(house)
    await withdraws(house, code)
    desk = house.desk(house.neighbour)
    assert (await desk.open(report.ref)).line.report.withdrawal is not None
    await house.desk(house.neighbour).release(report.ref)
    await house.desk(house.neighbour).claim(report.ref)
    await house.desk(house.neighbour).status(
        report.ref, State.NO_ACTION, NoActionReason.ALREADY_HANDLED
    )
    assert await bell(house) == (0, [])
    assert (await house.check(code)).destroyed_on is not None
    assert not any(
        State.WITHDRAWN in next_states(state, author) for state in State for author in Author
    )


async def test_nothing_more_is_passed_on_meanwhile(house: House) -> None:
    code, report = await house.sent(how_far=HowFar.SUMMARY)
    words = Words(messages=("x",), topic=Topic.THEFT, how_far=HowFar.SUMMARY)
    check_how_far(report, words)
    await withdraws(house, code)
    with pytest.raises(WithdrawalAsked):
        check_how_far(await house.report(report.id), words)


@pytest.mark.parametrize("closed", [False, True])
async def test_what_is_closed_can_be_withdrawn_too(house: House, *, closed: bool) -> None:
    code, report = await read(house)
    if closed:
        await house.desk(house.neighbour).status(
            report.ref, State.NO_ACTION, NoActionReason.ALREADY_HANDLED
        )
    await withdraws(house, code)
    house.clock.passes(days=WAIT)
    assert await bell(house) == (1, [])


@pytest.mark.parametrize(
    ("part", "method"),
    [
        (SqlTombstones, "add"),
        (SqlShreds, "destroy"),
        (SqlReports, "remove"),
        (SqlStores, "scrub"),
    ],
)
async def test_a_crash_at_any_step_loses_nothing_and_the_same_bell_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch, part: type, method: str
) -> None:
    code, report = await read(house)
    checked = await withdraws(house, code)
    house.clock.passes(days=WAIT)

    async def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(part, method, crash)
        with suppress(KeyboardInterrupt):
            await bell(house)
    if part is SqlTombstones:
        assert (await house.check(code)).state is State.IN_REVIEW
    else:
        with pytest.raises(ReportWithdrawn):
            await house.check(code)
        with pytest.raises(ReportGone):
            await house.own(checked.held).withdraw(wanted=False)
        await house.unlock(house.neighbour)
        with pytest.raises(ReportUnknown):
            await house.desk(house.neighbour).open(report.ref)
    await bell(house)
    assert left_of(house, report) == set()
    assert house.rows("cases", "SELECT count FROM withdrawn") == [(1,)], "counted once"
    with pytest.raises(ReportWithdrawn):
        await house.check(code)


async def test_a_withdrawal_nobody_with_the_code_asked_for_destroys_nothing(house: House) -> None:
    """Whoever writes to the database can write a row and an unsigned event, but no proof."""
    code, report = await read(house)
    house.clock.passes(days=WAIT)
    day = "2026-11-02"
    house.tamper(
        "cases",
        "UPDATE report SET withdrawal_asked = ?, withdrawal_proof = ? WHERE id = ?",
        *(day, bytes(32), report.id),
    )
    ended, (alarm,) = await bell(house)
    assert (ended, type(alarm)) == (0, RecordChanged)
    house.tamper(
        "cases",
        "INSERT INTO event SELECT report, 2, 'withdrawal_asked', 'citizen', NULL, state, detail,"
        " ?, x'', x'' FROM event WHERE report = ? AND number = 1",
        *(day, report.id),
    )
    ended, (alarm,) = await bell(house)
    assert (ended, type(alarm)) == (0, RecordChanged)
    assert left_of(house, report) == {"report", "event", "shred"}
    with pytest.raises(RecordChanged):
        await house.check(code)


async def dated_back(house: House, report: Report, days: int) -> None:
    """By whoever writes to the database, in the row and in its event."""
    day = day_in(house, -days).isoformat()
    where = "WHERE report = ? AND kind = 'withdrawal_asked'"
    house.tamper("cases", "UPDATE report SET withdrawal_asked = ? WHERE id = ?", day, report.id)
    house.tamper("cases", f"UPDATE event SET day = ? {where}", day, report.id)  # noqa: S608 - from above


async def test_one_dated_before_what_a_moderator_signed_is_told_and_refuses_nobody_their_report(
    house: House,
) -> None:
    """A clock that was set back brings it about as well."""
    code, report = await read(house)
    await withdraws(house, code)
    await dated_back(house, report, WAIT)
    assert (await house.check(code)).destroyed_on == day_in(house, 0)
    ended, (alarm,) = await bell(house)
    assert (ended, type(alarm)) == (1, RecordChanged)


async def test_one_dated_after_everything_else_is_carried_out_untold(house: House) -> None:
    """As docs/attacks.md says: the day is signed by nobody."""
    code, report = await read(house)
    house.clock.passes(days=WAIT)
    await withdraws(house, code)
    await dated_back(house, report, WAIT)
    assert await bell(house) == (1, [])


async def test_a_withdrawal_that_was_taken_back_by_hand_is_an_alarm(house: House) -> None:
    code, report = await read(house)
    await withdraws(house, code)
    house.tamper("cases", "UPDATE report SET withdrawal_asked = NULL WHERE id = ?", report.id)
    with pytest.raises(RecordChanged):
        await house.check(code)


async def test_a_tombstone_made_up_by_hand_does_not_make_a_deletion_a_withdrawal(
    house: House,
) -> None:
    code, report = await read(house)
    house.tamper("cases", "DELETE FROM report WHERE id = ?", report.id)
    house.tamper(
        "cases",
        "INSERT INTO tombstone VALUES (?, 'withdrawn', '2026-11-01', ?)",
        *(report.intake_leaf, bytes(32)),
    )
    with pytest.raises(ReportMissing):
        await house.check(code)


async def test_withdrawals_are_counted_in_public_and_never_below_k(house: House) -> None:
    publisher = Publisher(stores=house.stores, calendar=house.calendar, clocks=house.clocks, k=3)
    unread, _ = await house.sent()
    codes = [(await read(house))[0] for _ in range(3)]
    for code in (*codes[:2], unread):
        await withdraws(house, code)
    house.clock.passes(days=WAIT)
    assert (await bell(house))[0] == 3
    house.clock.passes(days=1)
    await publisher.publish(house.clock.now())
    async with house.stores.cases() as cases:
        table = await cases.publications.newest(COUNTY)
    assert table is None or table.cells(Topic.THEFT, Flow.WITHDRAWN).about is None
    for code in codes[2:]:
        await withdraws(house, code)
    house.clock.passes(days=WAIT)
    assert (await bell(house))[0] == 1
    house.clock.passes(days=1)
    await publisher.publish(house.clock.now())
    async with house.stores.cases() as cases:
        table = await cases.publications.newest(COUNTY)
    assert table is not None
    assert table.cells(Topic.THEFT, Flow.WITHDRAWN).about == 5
    assert house.rows("cases", "SELECT 1 FROM withdrawn") == []


async def test_a_wrong_proof_cannot_ask(house: House) -> None:
    code, report = await read(house)
    held = (await house.check(code)).held
    await house.own(replace(held, proof=bytes(32))).withdraw(wanted=True)
    house.clock.passes(days=WAIT)
    ended, (alarm,) = await bell(house)
    assert (ended, type(alarm)) == (0, RecordChanged)
    assert "shred" in left_of(house, report)


async def served_again(house: House) -> None:
    """As the clock's leader notes it."""
    async with house.stores.cases() as cases:
        await cases.bells.record(SERVED_AGAIN, house.clock.now())
        await cases.commit()


async def test_after_an_outage_it_waits_as_long_again_and_its_code_is_told_so(
    house: House,
) -> None:
    (code, report), (kept, other) = await house.sent(), await house.sent()
    for each in (code, kept):
        await withdraws(house, each)
    house.clock.passes(days=9)
    await served_again(house)
    assert await bell(house) == (0, [])
    told = await house.check(code)
    assert told.destroyed_on == day_in(house, WAIT)
    again = await look_again(
        told,
        stores=house.stores,
        custody=house.custody,
        clock=house.clock,
        calendar=house.calendar,
        clocks=house.clocks,
    )
    assert again.destroyed_on == day_in(house, WAIT)
    await withdraws(house, kept, wanted=False)
    house.clock.passes(days=WAIT - 1)
    assert await bell(house) == (0, [])
    house.clock.passes(days=1)
    assert await bell(house) == (1, [])
    assert left_of(house, report) == set()
    assert left_of(house, other) == {"report", "event", "shred"}


async def test_what_was_left_half_done_ends_after_an_outage_without_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its code is told that it is withdrawn already."""
    code, report = await read(house)
    await withdraws(house, code)
    house.clock.passes(days=WAIT)

    async def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SqlShreds, "destroy", crash)
        with suppress(KeyboardInterrupt):
            await bell(house)
    house.clock.passes(days=3)
    await served_again(house)
    assert await bell(house) == (1, [])
    assert left_of(house, report) == set()


async def test_what_expires_waits_for_no_outage(house: House) -> None:
    code, report = await read(house)
    await house.desk(house.neighbour).status(
        report.ref, State.NO_ACTION, NoActionReason.ALREADY_HANDLED
    )
    house.clock.passes(days=house.clocks.kept_days)
    await served_again(house)
    assert await bell(house) == (1, [])
    with pytest.raises(ReportExpired):
        await house.check(code)
