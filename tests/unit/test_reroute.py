"""Another desk reads: all of it goes over, nothing stays behind, and nobody does it alone where
two are needed.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crypto.session import MemberSession
from domain.desks.desk import NATIONAL, DeskKey, DeskUnknown
from domain.ledger.leaf import event_leaf
from domain.moderation.desk import ReportUnknown
from domain.moderation.queue import Filter
from domain.moderation.reroute import (
    read_desk,
)
from domain.places.county import CountyCode
from domain.ports.sealing import EnvelopeLost
from domain.reports.event import EventKind
from domain.reports.files import CleanFile, FileKind
from domain.reports.history import RecordChanged
from domain.reports.own import Own
from domain.reports.report import Report, UnderDesk
from domain.reports.state import NoActionReason, State, Want
from tests.house import COUNTY_DESK, WORDS, House, a_house
from tests.unit.test_officers import CHAT, PROOF, kept, referred

FILES = (CleanFile(kind=FileKind.PDF, content=b"%PDF- a letter"),)
MINE = 7_700_000_101
NOWHERE = {"county": CountyCode("001")}
QUESTION = "What colour are the motorcycles?"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Everybody is unlocked."""
    async with a_house(tmp_path) as house:
        for reader in (house.first, house.second, house.neighbour):
            await house.unlock(reader)
        yield house


async def sent_up(house: House, report: Report) -> Report:
    """By the county's moderator, to the national desk."""
    await house.desk(house.neighbour).route(report.ref, NATIONAL)
    return await house.report(report.id)


def pieces(*sealed: bytes) -> list[bytes]:
    return [part[at : at + 32] for part in sealed for at in range(0, len(part) - 31, 32)]


async def test_words_files_and_proofs_open_at_the_new_desk_and_nowhere_else(house: House) -> None:
    police = await house.officer(CHAT, "021/county_police")
    number = await referred(house, files=FILES)
    await house.officer_desk(police).done(number, PROOF)
    _, report = await kept(house, number)
    await sent_up(house, report)
    opened, files = await house.desk(house.first).files(report.ref)
    assert (opened.words.messages, files) == (WORDS, FILES)
    assert [(each.number, each.words) for each in opened.proofs] == [(number, PROOF)]
    for act in (house.desk(house.neighbour).open, house.desk(house.neighbour).claim):
        with pytest.raises(ReportUnknown):
            await act(report.ref)


async def test_nothing_that_the_old_desk_could_open_is_left_in_any_file(house: House) -> None:
    police = await house.officer(CHAT, "021/county_police")
    number = await referred(house, files=FILES)
    await house.officer_desk(police).done(number, PROOF)
    referral, before = await kept(house, number)
    ((files,),) = house.rows("cases", "SELECT sealed FROM attachment")
    old = pieces(
        *(before.sealed.words, before.sealed.dek_for_desk, before.sealed.case_for_desk),
        *(referral.proof, files),
    )
    there = house.files()
    assert sum(piece in there for piece in old) > len(old) * 0.9  # some are cut by a page's end
    await sent_up(house, before)
    now = house.files()
    assert [piece for piece in old if piece in now] == []


async def test_a_desk_that_kept_the_old_row_does_not_read_what_is_there_now(house: House) -> None:
    """A new DEK: with the one that it opened before, the new words stay shut."""
    _, before = await house.sent()
    after = await sent_up(house, before)
    session, key = await house.unlock(house.neighbour), await house.shred_key(before.id)
    assert session.words(before, key).messages == WORDS
    mixed = replace(before, sealed=replace(before.sealed, words=after.sealed.words))
    for row in (after, mixed, replace(after, desk=before.desk, generation=before.generation)):
        with pytest.raises(EnvelopeLost):
            session.words(row, key)


async def test_the_code_still_opens_its_dialogue_its_visits_and_its_mailbox(house: House) -> None:
    code, report = await house.followed(MINE)
    await house.desk(house.neighbour).ask(report.ref, QUESTION)
    before = await house.check(code)
    await sent_up(house, report)
    after = await house.check(code)
    assert [each.words for each in after.dialogue] == [QUESTION]
    assert after.visits.count == before.visits.count + 1
    assert after.followed
    await house.own(after.held).say(Own.ADDITION, "They came back")
    opened = await house.desk(house.first).open(report.ref)
    assert [said.words for said in opened.dialogue] == [QUESTION, "They came back"]


async def test_whoever_wrote_it_is_told_where_it_is_read(house: House) -> None:
    code, report = await house.followed(MINE)
    assert (await house.check(code)).rerouted is None
    after = await sent_up(house, report)
    today = house.clock.now().date()
    checked = await house.check(code)
    assert checked.rerouted == (NATIONAL, today)
    assert (checked.state, checked.since) == (State.RECEIVED, report.since)
    assert after.notice_due
    house.clock.passes(days=4)
    house.sessions.lock(house.neighbour.id)
    await house.unlock(house.first)
    assert await house.notices().run() == 1


async def test_state_and_clocks_stay_and_it_is_in_nobodys_hands(house: House) -> None:
    _, report = await house.sent()
    await house.desk(house.neighbour).status(report.ref, State.IN_REVIEW)
    await house.desk(house.neighbour).status(report.ref, State.BLOCKED, Want.FUEL)
    before = await house.report(report.id)
    house.clock.passes(days=3)
    await house.unlock(house.neighbour)
    after = await sent_up(house, report)
    stays = ("state", "detail", "since", "received", "ref", "locator", "intake_leaf", "county")
    assert [getattr(after, name) for name in stays] == [getattr(before, name) for name in stays]
    assert (after.desk, after.claimed_by) == (NATIONAL, None)


@pytest.mark.parametrize(
    "steps", [(), (State.IN_REVIEW, State.IN_PROGRESS, State.CLAIMED_RESOLVED)]
)
async def test_it_stands_in_the_new_desks_queue_whatever_was_said_of_it(
    house: House, steps: tuple[State, ...]
) -> None:
    """Or one moderator says that it is done, and sends it where nobody looks."""
    _, report = await house.sent()
    for step in steps:
        await house.desk(house.neighbour).status(report.ref, step)
    after = await sent_up(house, report)
    assert after.unread is bool(steps)
    queue = await house.desk(house.first).queue(Filter())
    assert [line.report.ref for line in queue.lines] == [report.ref]
    opened = await house.desk(house.first).open(report.ref)
    assert opened.news is bool(steps)
    assert not (await house.report(report.id)).unread


async def test_who_did_it_and_where_to_is_signed_and_in_the_ledger(house: House) -> None:
    _, report = await house.sent()
    after = await sent_up(house, report)
    event = (await house.events(report.id))[-1]
    assert (event.kind, event.member, event.detail) == (
        EventKind.ROUTED,
        house.neighbour.id,
        NATIONAL,
    )
    session = await house.unlock(house.first)
    secret = session.case(after, await house.shred_key(report.id))
    leaf = event_leaf(event.signed_bytes(), event.signature, secret.ledger_nonce(event.number))
    async with house.stores.cases() as cases:
        assert await cases.leaves.has(leaf)


async def test_a_row_moved_by_hand_afterwards_is_an_alarm(house: House) -> None:
    """Back to the desk it came from, or on to another: its event says otherwise."""
    code, report = await house.sent()
    await sent_up(house, report)
    house.tamper("cases", "UPDATE report SET desk = ?", COUNTY_DESK)
    with pytest.raises(RecordChanged):
        await house.check(code)


async def test_a_report_can_come_back_and_be_acted_on(house: House) -> None:
    code, report = await house.sent()
    await sent_up(house, report)
    await house.desk(house.first).claim(report.ref)
    await house.desk(house.first).status(report.ref, State.BLOCKED, Want.COURT)
    await house.desk(house.first).route(report.ref, COUNTY_DESK)
    opened = await house.desk(house.neighbour).claim(report.ref)
    assert opened.words.messages == WORDS
    await house.desk(house.neighbour).status(report.ref, State.NO_ACTION, "already_handled")
    checked = await house.check(code)
    assert (checked.state, checked.detail) == (State.NO_ACTION, NoActionReason.ALREADY_HANDLED)


async def test_withdrawing_still_ends_it(house: House) -> None:
    """The shred key is the one it had."""
    code, report = await house.sent()
    key = await house.shred_key(report.id)
    await sent_up(house, report)
    assert await house.shred_key(report.id) == key
    checked = await house.check(code)
    await house.own(checked.held).withdraw(wanted=True)
    row = await house.report(report.id)
    async with house.stores.shreds() as shreds:
        await shreds.destroy(report.id)
        await shreds.commit()
    for held in (b"", key[::-1]):
        with pytest.raises(EnvelopeLost):
            (await house.unlock(house.first)).words(row, held)


async def test_a_redelivered_press_moves_nothing_twice(house: House) -> None:
    _, report = await house.sent()
    desk = house.desk(house.neighbour)
    once = await desk.route(report.ref, NATIONAL)
    before = house.files()
    assert await desk.route(report.ref, NATIONAL) == once
    assert house.files() == before


async def at_the_national_desk(house: House) -> Report:
    _, report = await house.sent(**NOWHERE)
    assert report.desk == NATIONAL
    return report


async def test_only_desks_with_a_reader_are_offered_and_the_national_one_first(
    house: House,
) -> None:
    report = await at_the_national_desk(house)
    local = (await house.sent())[1]
    _, link = await house.invite(desk=DeskKey("001"), founding=True)
    await house.enrolled(105, link)
    assert (await house.desk(house.neighbour).desks(local.ref))[1] == (NATIONAL, DeskKey("001"))
    elsewhere = (await house.desk(house.first).desks(report.ref))[1]
    assert elsewhere == (DeskKey("001"), COUNTY_DESK)
    assert report.county == "001"


PLACES = {"021": "Murang'a", "022": "Kiambu", "nairobi-west": "Nairobi West"}


@pytest.mark.parametrize(
    ("typed", "desk"),
    [
        ("national", NATIONAL),
        ("National desk", NATIONAL),
        ("dawati la taifa", NATIONAL),
        ("021", COUNTY_DESK),
        ("muranga", COUNTY_DESK),
        (" MURANG\u2019A county ", COUNTY_DESK),
        ("Nairobi-West", DeskKey("nairobi-west")),
    ],
)
def test_a_desk_is_read_by_key_or_name(typed: str, desk: DeskKey) -> None:
    assert read_desk(typed, PLACES) == desk


@pytest.mark.parametrize("typed", ["", "  ", "county", "mura", "'; --", "021 022", "x" * 4000])
def test_what_is_no_desk_is_not_guessed(typed: str) -> None:
    with pytest.raises(DeskUnknown):
        read_desk(typed, PLACES)


async def test_a_moved_report_stands_in_the_numbers_as_before(house: House) -> None:
    """Its event has a desk where others have a reason."""
    report = await at_the_national_desk(house)
    await house.desk(house.first).claim(report.ref)
    await house.desk(house.first).status(report.ref, State.BLOCKED, Want.FUEL)
    tomorrow = house.clock.now().date() + timedelta(days=1)
    groups = []
    for _ in range(2):
        async with house.stores.cases() as cases:
            groups.append(await cases.publications.standing(tomorrow, {}))
        if len(groups) == 1:
            await house.desk(house.first).route(report.ref, COUNTY_DESK)
            house.clock.passes(days=1)
            await house.unlock(house.neighbour)
            await house.desk(house.neighbour).claim(report.ref)
    assert groups[0] == groups[1]
    assert [group.detail for group in groups[0]] == [Want.FUEL]


async def test_a_build_that_keeps_the_old_wraps_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What reads the files above can fail."""

    def same_words(_: MemberSession, report: Report, kept: UnderDesk, *__: object) -> UnderDesk:
        return replace(kept, report=report.sealed)

    monkeypatch.setattr(MemberSession, "reroute", same_words)
    _, before = await house.sent()
    await sent_up(house, before)
    there = house.files()
    assert any(piece in there for piece in pieces(before.sealed.dek_for_desk))
    with pytest.raises(EnvelopeLost):
        await house.desk(house.first).open(before.ref)
