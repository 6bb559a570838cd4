"""The desk at work, as a moderator would who is hasty, curious or not honest."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crypto.errors import SignatureRefused
from crypto.signing import Purpose, verify
from domain.ledger.leaf import event_leaf
from domain.moderation.answers import OpenedReport
from domain.moderation.desk import NothingWaits, ReportUnknown
from domain.moderation.move import ClaimedByAnother, NeedsSecondKey, ReasonMissing
from domain.moderation.queue import PAGE, Filter
from domain.moderation.record import record
from domain.ports.sealing import EnvelopeLost
from domain.ports.stores import Changed
from domain.reports.event import Event, EventKind
from domain.reports.reference import ALPHABET, read_ref
from domain.reports.report import Report
from domain.reports.state import Author, MoveRefused, NoActionReason, State, Want
from domain.reports.topic import Topic
from domain.reports.wishes import KeptOut
from domain.staff.member import MemberId
from tests.house import COUNTY_DESK, WORDS, House, Moderator, a_house

NATIONAL_READS = {"kept_out": frozenset({KeptOut.CHIEF})}
OTHER: dict[str, Any] = {
    "number": 7,
    "kind": EventKind.RELEASED,
    "author": Author.CLOCK,
    "member": MemberId(b"another member 1"),
    "state": State.CONFIRMED,
    "detail": "court",
    "day": date(2026, 11, 9),
}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Everybody is unlocked."""
    async with a_house(tmp_path) as house:
        for moderator in (house.first, house.second, house.neighbour):
            await house.unlock(moderator)
        yield house


def sloppy(ref: str) -> str:
    return f" #{ref[:3].lower()}-{ref[3:].lower()} ".replace("0", "o").replace("1", "l")


async def log(house: House, report: Report) -> list[tuple[EventKind, State, MemberId | None]]:
    return [(each.kind, each.state, each.member) for each in await house.events(report.id)]


async def leaves(house: House) -> int:
    return len(house.rows("cases", "SELECT 1 FROM pending_leaf"))


async def test_next_opens_what_matters_most_and_takes_it(house: House) -> None:
    _, calm = await house.sent()
    house.clock.passes(minutes=1)
    _, danger = await house.sent(danger=True)
    opened = await house.desk(house.neighbour).next()
    assert (opened.line.report.id, opened.words.messages, opened.mine) == (danger.id, WORDS, True)
    row = await house.report(danger.id)
    assert (row.state, row.claimed_by) == (State.IN_REVIEW, house.neighbour.id)
    assert row.received_hour is None
    assert (await house.desk(house.neighbour).next()).line.report.id == calm.id
    with pytest.raises(NothingWaits):
        await house.desk(house.neighbour).next()


async def test_a_ref_is_read_however_it_is_written(house: House) -> None:
    _, report = await house.sent()
    desk = house.desk(house.neighbour)
    for typed in (report.ref, sloppy(report.ref), report.ref.lower(), " ".join(report.ref)):
        assert (await desk.open(typed)).line.report.ref == report.ref
    for typed in ("", "7K3F9", report.ref + "0", "UUUUUU", "'; --", report.id.hex()):
        with pytest.raises(ReportUnknown):
            await desk.open(typed)
    assert read_ref("oil-011") == "011011"
    assert set(ALPHABET).isdisjoint("ILOU")


async def test_another_desks_report_is_unknown_to_every_command(house: House) -> None:
    _, report = await house.sent(**NATIONAL_READS)
    desk = house.desk(house.neighbour)
    for act in (desk.open, desk.claim, desk.release):
        with pytest.raises(ReportUnknown):
            await act(report.ref)
    with pytest.raises(ReportUnknown):
        await desk.status(report.ref, State.IN_REVIEW)
    with pytest.raises(NothingWaits):
        await desk.next()
    assert (await desk.queue(Filter())).total == 0
    assert await house.report(report.id) == report


async def test_a_report_moved_to_a_desk_by_hand_opens_there_for_nobody(house: House) -> None:
    _, report = await house.sent(**NATIONAL_READS)
    house.tamper("cases", "UPDATE report SET desk = ? WHERE id = ?", COUNTY_DESK, report.id)
    for act in (house.desk(house.neighbour).open, house.desk(house.neighbour).claim):
        with pytest.raises(EnvelopeLost):
            await act(report.ref)
    assert len(await house.events(report.id)) == 1


async def test_the_citizens_way_through_the_states_is_signed_step_by_step(house: House) -> None:
    _, report = await house.sent()
    me = house.neighbour
    await house.desk(me).claim(report.ref)
    await house.desk(me).status(report.ref, State.BLOCKED, Want.FUEL)
    await house.desk(me).status(report.ref, State.IN_PROGRESS)
    await house.desk(me).release(report.ref)
    assert await log(house, report) == [
        (EventKind.RECEIVED, State.RECEIVED, None),
        (EventKind.CLAIMED, State.IN_REVIEW, me.id),
        (EventKind.MOVED, State.BLOCKED, me.id),
        (EventKind.MOVED, State.IN_PROGRESS, me.id),
        (EventKind.RELEASED, State.IN_PROGRESS, me.id),
    ]
    assert await leaves(house) == 5
    row = await house.report(report.id)
    assert (row.claimed_by, row.detail, row.notice_due) == (None, None, True)


async def acted(house: House) -> tuple[Report, Event, bytes]:
    """A report, the claim on it, and the claimant's certified signing key."""
    _, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    event = (await house.events(report.id))[-1]
    return report, event, (await house.member(house.neighbour)).signing_public


async def test_an_event_is_signed_by_who_did_it(house: House) -> None:
    _, event, public = await acted(house)
    verify(public, event.signature, Purpose.EVENT, event.signed_bytes())
    other = (await house.member(house.first)).signing_public
    with pytest.raises(SignatureRefused):
        verify(other, event.signature, Purpose.EVENT, event.signed_bytes())


async def test_no_field_of_an_event_can_be_changed_unnoticed(house: House) -> None:
    report, event, public = await acted(house)
    changes: dict[str, Any] = OTHER | {"report": report.id[::-1]}
    assert set(changes) == set(Event.__slots__) - {"signature", "nonce"}
    for name, value in changes.items():
        forged = replace(event, **{name: value})
        with pytest.raises(SignatureRefused):
            verify(public, event.signature, Purpose.EVENT, forged.signed_bytes())


async def test_the_leaf_follows_from_event_and_case_secret(house: House) -> None:
    report, event, _ = await acted(house)
    session = house.sessions.of(house.neighbour.id, house.neighbour.chat, house.clock.now())
    case = session.case(report, await house.shred_key(report.id))
    async with house.stores.cases() as cases:
        for number, there in ((event.number, True), (event.number + 1, False)):
            nonce = case.ledger_nonce(number)
            leaf = event_leaf(event.signed_bytes(), event.signature, nonce)
            assert await cases.leaves.has(leaf) is there


async def test_a_redelivered_update_does_nothing_twice(house: House) -> None:
    _, report = await house.sent()
    for act in ("claim", "release"):
        desk = house.desk(house.neighbour)
        once: OpenedReport = await getattr(desk, act)(report.ref)
        before = house.files()
        again: OpenedReport = await getattr(desk, act)(report.ref)
        assert (again.line, again.mine) == (once.line, once.mine)
        assert house.files() == before
    assert len(await house.events(report.id)) == 3


async def test_a_refused_command_may_be_sent_again(house: House) -> None:
    """Its update is not marked as carried out."""
    _, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    desk = house.desk(house.neighbour)
    with pytest.raises(ReasonMissing):
        await desk.status(report.ref, State.BLOCKED)
    moved = await desk.status(report.ref, State.BLOCKED, Want.STAFF)
    assert moved.line.report.state is State.BLOCKED


@pytest.mark.parametrize("lost", ["report", "event"])
async def test_of_two_who_read_the_same_state_one_changes_it(house: House, lost: str) -> None:
    """Whichever is checked first: the row itself, or the number of its events."""
    _, before = await house.sent(**NATIONAL_READS)
    await take(house, house.first, before)
    if lost == "event":
        house.tamper("cases", "UPDATE report SET state = 'received', claimed_by = NULL")
        house.tamper("cases", "UPDATE report SET notice_due = 0")
        house.tamper("cases", "UPDATE event SET number = 2 WHERE number = 0")
    with pytest.raises(Changed):
        await take(house, house.second, before)
    assert len(await house.events(before.id)) == 2


async def take(house: House, moderator: Moderator, before: Report) -> None:
    """What `claim` does, from a row that was read earlier."""
    today = house.clock.now().date()
    after = replace(before, state=State.IN_REVIEW, claimed_by=moderator.id, notice_due=True)
    session = house.sessions.of(moderator.id, moderator.chat, house.clock.now())
    key = await house.shred_key(before.id)
    async with house.stores.cases() as cases:
        await record(
            *(cases, session, key),
            before=before,
            after=after,
            kind=EventKind.CLAIMED,
            day=today,
        )
        await cases.commit()


async def test_claims_at_once_leave_one_holder_and_every_event(house: House) -> None:
    _, report = await house.sent(**NATIONAL_READS)
    people = (house.first, house.second)
    done = await asyncio.gather(
        *(house.desk(moderator).claim(report.ref) for moderator in people),
        return_exceptions=True,
    )
    refused = [each for each in done if isinstance(each, BaseException)]
    assert all(isinstance(each, Changed) for each in refused)
    events = await house.events(report.id)
    assert [event.number for event in events] == list(range(3 - len(refused)))
    assert (await house.report(report.id)).claimed_by == events[-1].member


async def test_next_at_once_gives_two_moderators_two_reports(house: House) -> None:
    reports = {(await house.sent(**NATIONAL_READS))[1].id for _ in range(2)}
    people = (house.first, house.second)
    opened = await asyncio.gather(*(house.desk(moderator).next() for moderator in people))
    assert {each.line.report.id for each in opened} == reports
    for moderator, each in zip(people, opened, strict=True):
        assert each.mine
        assert (await house.report(each.line.report.id)).claimed_by == moderator.id
        _, (kind, _, member) = await log(house, each.line.report)
        assert (kind, member) == (EventKind.CLAIMED, moderator.id)


async def test_next_at_once_for_the_last_report_gives_it_to_one(house: House) -> None:
    _, report = await house.sent(**NATIONAL_READS)
    people = (house.first, house.second)
    done = await asyncio.gather(
        *(house.desk(moderator).next() for moderator in people), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["NothingWaits", "OpenedReport"]
    (given,) = (at for at, each in enumerate(done) if isinstance(each, OpenedReport))
    assert (await house.report(report.id)).claimed_by == people[given].id
    assert len(await house.events(report.id)) == 2


async def test_next_does_not_take_over_what_was_claimed_between_looking_and_taking(
    house: House,
) -> None:
    _, first = await house.sent(**NATIONAL_READS, danger=True)
    _, later = await house.sent(**NATIONAL_READS)
    opened, _ = await asyncio.gather(
        house.desk(house.first).next(), house.desk(house.second).claim(first.ref)
    )
    assert opened.line.report.id == later.id
    assert (await house.report(first.id)).claimed_by == house.second.id
    assert [member for *_, member in await log(house, first)] == [None, house.second.id]


async def test_a_report_that_cannot_be_taken_is_no_reason_to_try_for_ever(house: House) -> None:
    """Somebody numbered its events anew, so that no further one finds a place."""
    _, report = await house.sent(**NATIONAL_READS)
    house.tamper("cases", "UPDATE event SET number = 1 WHERE report = ?", report.id)
    async with asyncio.timeout(20):
        with pytest.raises(Changed):
            await house.desk(house.first).next()
    assert (await house.report(report.id)).claimed_by is None


async def test_who_takes_a_report_over_is_on_record(house: House) -> None:
    _, report = await house.sent(**NATIONAL_READS)
    await house.desk(house.first).claim(report.ref)
    with pytest.raises(ClaimedByAnother):
        await house.desk(house.second).status(report.ref, State.IN_PROGRESS)
    with pytest.raises(ClaimedByAnother):
        await house.desk(house.second).release(report.ref)
    await house.desk(house.second).claim(report.ref)
    assert [member for *_, member in await log(house, report)] == [
        None,
        house.first.id,
        house.second.id,
    ]


async def test_a_refused_step_leaves_no_trace(house: House) -> None:
    _, report = await house.sent(topic=Topic.LAND)
    await house.desk(house.neighbour).claim(report.ref)
    before = house.files()
    desk = house.desk(house.neighbour)
    with pytest.raises(NeedsSecondKey):
        await desk.status(report.ref, State.NO_ACTION, NoActionReason.NOT_SECURITY)
    with pytest.raises(MoveRefused):
        await desk.status(report.ref, State.WITHDRAWN)
    assert house.files() == before


async def test_the_queue_is_paged_filtered_and_shows_no_word(house: House) -> None:
    for topic in (Topic.THEFT,) * PAGE + (Topic.ROADS,):
        await house.sent(topic=topic)
    desk = house.desk(house.neighbour)
    first = await desk.queue(Filter())
    assert (len(first.lines), first.total, first.pages) == (PAGE, PAGE + 1, 2)
    for asked in (1, 99):
        last = await desk.queue(Filter(page=asked))
        assert (len(last.lines), last.shown_by.page) == (1, 1)
    assert (await desk.queue(Filter(page=-1))).shown_by.page == 0
    refs = {line.report.ref for line in (*first.lines, *last.lines)}
    assert len(refs) == PAGE + 1
    assert (await desk.queue(Filter(topic=Topic.ROADS))).total == 1
    assert (await desk.queue(Filter(mine=True))).total == 0
    assert WORDS[0] not in repr(first)


async def test_what_is_late_is_asked_for_and_said(house: House) -> None:
    _, report = await house.sent()
    desk = house.desk(house.neighbour)
    assert (await desk.queue(Filter(late=True))).total == 0
    house.clock.passes(days=2)
    await house.unlock(house.neighbour)
    await house.sent()
    (line,) = (await desk.queue(Filter(late=True))).lines
    assert (line.report.id, line.late) == (report.id, True)


async def test_opening_is_no_act(house: House) -> None:
    _, report = await house.sent()
    before = house.files()
    opened = await house.desk(house.neighbour).open(report.ref)
    assert (opened.words.messages, opened.mine) == (WORDS, False)
    assert house.files() == before


async def test_a_shredded_report_is_opened_and_moved_by_nobody(house: House) -> None:
    _, report = await house.sent()
    async with house.stores.shreds() as shreds:
        await shreds.destroy(report.id)
        await shreds.commit()
    for act in (house.desk(house.neighbour).open, house.desk(house.neighbour).claim):
        with pytest.raises(EnvelopeLost):
            await act(report.ref)
    assert await house.report(report.id) == report
