"""An officer at work: by referral number, at their own seat, and never a report."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.dialogue.heard import Unreadable
from domain.desks.desk import NATIONAL
from domain.moderation.record import record
from domain.offices.office import OfficeKey
from domain.ports.chat import Language
from domain.referrals.act import ReferralUnknown, SaidAlready
from domain.referrals.referral import Referral, ReferralNumber, ReferralState, new_number
from domain.referrals.signed import SignedFor
from domain.reports.event import EventKind
from domain.reports.exposure import GivesAway
from domain.reports.history import RecordChanged
from domain.reports.record import record_act
from domain.reports.report import Report
from domain.reports.state import Author, State, Want
from domain.reports.wishes import KeptOut
from domain.staff.member import Role
from domain.staff.seat import Seat, SeatRefused, read_seat
from domain.staff.unlock import Revoked
from tests.fakes.officer_talk import OfficerTalk
from tests.house import House, Moderator, a_house

POLICE = OfficeKey("county_police")
CHAT = 7_700_000_201
PROOF = "Two patrols every night since Monday."


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def moved(house: House, report: Report, to: State, detail: str | None = None) -> Report:
    """By hand: what leads here has tests of its own."""
    day = house.clock.now().date()
    after = replace(report, state=to, since=day, detail=detail)
    async with house.stores.cases() as cases:
        await record_act(
            cases,
            before=report,
            after=after,
            kind=EventKind.MOVED,
            author=Author.CLOCK,
            day=day,
            secret=None,
            entropy=house.entropy,
        )
        await cases.commit()
    return after


async def referred(
    house: House, office: OfficeKey = POLICE, place: str = "021", **choices: object
) -> ReferralNumber:
    """Signed by whoever reads it; whether it may go there is asked in tests of its own."""
    _, report = await house.sent(**choices)
    session = await house.unlock(house.first if report.desk == NATIONAL else house.neighbour)
    day = house.clock.now().date()
    signed = SignedFor(office=office, place=place, alone=bool(report.kept_out))
    referral = Referral(
        number=new_number(house.entropy),
        report=report.id,
        office=office,
        place=place,
        sent=day,
        since=day,
    )
    async with house.stores.cases() as cases:
        await record(
            cases,
            session,
            await house.shred_key(report.id),
            before=report,
            after=replace(report, state=State.REFERRED, since=day, detail=office),
            kind=EventKind.REFERRED,
            day=day,
            detail=signed.spelled(),
        )
        await cases.referrals.add(referral)
        await cases.commit()
    return referral.number


async def kept(house: House, number: ReferralNumber) -> tuple[Referral, Report]:
    async with house.stores.cases() as cases:
        referral = await cases.referrals.get(number)
        assert referral is not None
        report = await cases.reports.get(referral.report)
    assert report is not None
    return referral, report


@pytest.fixture
async def police(house: House) -> Moderator:
    return await house.officer(CHAT, "021/county_police")


def test_a_seat_is_read_as_it_was_written() -> None:
    for seat in (
        Seat(place="021"),
        Seat(place="nairobi-north"),
        Seat(place="021", office=POLICE),
        Seat(place="national", office=OfficeKey("ipoa")),
    ):
        assert read_seat(seat.text()) == seat
    for broken in ("", "/", "021/", "/ipoa", "national", "021/a/b"):
        with pytest.raises(SeatRefused):
            read_seat(broken)


async def test_an_officer_gets_neither_passphrase_nor_key(house: House, police: Moderator) -> None:
    member = await house.member(police)
    assert (police.passphrase, police.share, member.wrapped_seed) == ("", b"", b"")
    assert (member.role, member.desk) == (Role.OFFICER, "021/county_police")
    async with house.stores.cases() as cases:
        assert await cases.staff.copies(police.id) == []
    entry = await house.book.of_chat(CHAT)
    assert entry is not None
    assert (entry.role, entry.daily) == (Role.OFFICER, False)


@pytest.mark.parametrize(
    ("say", "state", "stage"),
    [
        ("ack", ReferralState.TAKEN, State.IN_PROGRESS),
        ("notmine", ReferralState.NOT_MINE, State.IN_REVIEW),
    ],
)
async def test_an_offices_word_moves_the_report(
    house: House, police: Moderator, say: str, state: ReferralState, stage: State
) -> None:
    number = await referred(house)
    await OfficerTalk(house, police).presses(f"{say}:{number}")
    referral, report = await kept(house, number)
    assert (referral.state, report.state, report.notice_due) == (state, stage, True)
    event = (await house.events(report.id))[-1]
    assert (event.author, event.member, event.signature) == (Author.OFFICE, police.id, b"")


async def test_done_asks_for_the_proof_and_seals_it_to_the_desk(
    house: House, police: Moderator
) -> None:
    number = await referred(house)
    talk = OfficerTalk(house, police)
    assert "What was done?" in await talk.presses(f"done:{number}")
    assert "/help" not in await talk.says(PROOF)
    referral, report = await kept(house, number)
    assert (referral.state, report.state) == (ReferralState.DONE, State.CLAIMED_RESOLVED)
    assert PROOF.encode() not in house.files()
    session = await house.unlock(house.neighbour)
    shred_key = await house.shred_key(report.id)
    assert session.proof(report, number, referral.proof, shred_key) == PROOF


async def test_a_proof_that_leads_to_somebody_is_refused_and_asked_for_again(
    house: House, police: Moderator
) -> None:
    number = await referred(house)
    talk = OfficerTalk(house, police)
    await talk.presses(f"done:{number}")
    assert "What was done?" in await talk.says("Ask 0722 123 456")
    with pytest.raises(GivesAway):
        await house.officer_desk(police).done(number, "see https://x.example.com")
    assert "400" in await talk.says("x" * 401)
    assert (await kept(house, number))[0].state is ReferralState.SENT


async def test_blocked_needs_one_word_of_the_list(house: House, police: Moderator) -> None:
    number = await referred(house)
    talk = OfficerTalk(house, police)
    assert "What is missing?" in await talk.says(f"/blocked {number} because")
    assert len(talk.buttons()) == len(Want) + 1
    await talk.presses(f"want:{number}:fuel")
    referral, report = await kept(house, number)
    assert (referral.state, referral.detail) == (ReferralState.BLOCKED, "fuel")
    assert (report.state, report.detail) == (State.BLOCKED, "fuel")
    await talk.says(f"/blocked {number} vehicle")
    assert (await kept(house, number))[1].detail == "vehicle"
    assert "already" in await talk.says(f"/blocked {number} vehicle")


async def test_an_update_that_comes_again_does_nothing_twice(
    house: House, police: Moderator
) -> None:
    number = await referred(house)
    await house.officer_desk(police, update=7).take(number)
    await house.officer_desk(police, update=7).take(number)
    assert len(await house.events((await kept(house, number))[1].id)) == 3
    with pytest.raises(SaidAlready):
        await house.officer_desk(police).take(number)


@pytest.mark.parametrize("seat", ["022/county_police", "021/nrb", "022", "national/ipoa"])
async def test_another_seats_number_is_none_here(house: House, seat: str) -> None:
    number = await referred(house)
    stranger = await house.officer(CHAT, seat)
    desk = house.officer_desk(stranger)
    for act in (desk.look(number), desk.take(number), desk.refuse(number), desk.done(number, "x")):
        with pytest.raises(ReferralUnknown):
            await act
    assert "No such number" in await OfficerTalk(house, stranger).says("/ack ZZZZZZ")
    assert await house.officer_desk(stranger).open_ones() == ()


async def test_the_officer_of_a_place_sees_all_its_offices_but_not_where_somebody_is_kept_out(
    house: House,
) -> None:
    number = await referred(house)
    hidden = await referred(house, kept_out=frozenset({KeptOut.CHIEF}))
    place = await house.officer(CHAT, "021")
    assert [each.number for each in await house.officer_desk(place).open_ones()] == [number]
    with pytest.raises(ReferralUnknown):
        await house.officer_desk(place).look(hidden)


async def test_what_needs_the_office_comes_danger_first_then_the_oldest(
    house: House, police: Moderator
) -> None:
    first = await referred(house)
    house.clock.passes(days=2)
    second = await referred(house)
    danger = await referred(house, danger=True)
    lines = await house.officer_desk(police).open_ones()
    assert [each.number for each in lines] == [danger, first, second]
    assert [each.days for each in lines] == [0, 2, 0]


async def test_a_dispute_brings_it_back_to_the_office_and_the_clock_starts_again(
    house: House, police: Moderator
) -> None:
    number = await referred(house)
    await house.officer_desk(police).done(number, PROOF)
    house.clock.passes(days=9)
    await moved(house, (await kept(house, number))[1], State.DISPUTED)
    (line,) = await house.officer_desk(police).open_ones()
    assert (line.number, line.state, line.days) == (number, ReferralState.SENT, 0)
    await house.officer_desk(police).done(number, "Patrols again.")
    assert (await kept(house, number))[1].state is State.CLAIMED_RESOLVED


@pytest.mark.parametrize("state", [State.NO_ACTION, State.CONFIRMED, State.IN_REVIEW])
async def test_what_left_the_offices_hands_is_no_number_any_more(
    house: House, police: Moderator, state: State
) -> None:
    number = await referred(house)
    await moved(house, (await kept(house, number))[1], state)
    with pytest.raises(ReferralUnknown):
        await house.officer_desk(police).take(number)


async def test_who_was_revoked_says_nothing_more(house: House, police: Moderator) -> None:
    number = await referred(house)
    async with house.stores.cases() as cases:
        await cases.staff.revoke(police.id)
        await cases.commit()
    with pytest.raises(Revoked):
        await house.officer_desk(police).take(number)


async def test_a_seat_that_was_changed_by_hand_is_no_seat(house: House, police: Moderator) -> None:
    number = await referred(house, place="022")
    house.tamper("cases", "UPDATE member SET desk = '022/county_police' WHERE id = ?", police.id)
    with pytest.raises(Revoked):
        await house.officer_desk(police).take(number)


async def test_an_offices_word_does_not_vouch_for_a_record_changed_by_hand(
    house: House, police: Moderator
) -> None:
    number = await referred(house)
    _, before = await kept(house, number)
    house.tamper("cases", "UPDATE report SET state = 'blocked', detail = 'fuel'")
    with pytest.raises(RecordChanged):
        await house.officer_desk(police).take(number)
    assert len(await house.events(before.id)) == 2


async def test_the_cards_are_calm_about_what_they_do_not_know(
    house: House, police: Moderator
) -> None:
    talk = OfficerTalk(house, police)
    assert "Which one?" in await talk.says("/done")
    assert "did not understand" in await talk.says("hello")
    assert "not known" in await talk.says("/unlock")
    assert "written words" in await talk.hears(Unreadable("photo"))
    await talk.presses("open:7KQ2M9")
    assert talk.state.toast is not None
    await talk.says("/language")
    assert "ofisi" in await talk.presses("language:sw")
    entry = await house.book.of_chat(CHAT)
    assert entry is not None
    assert entry.language == Language.KISWAHILI
