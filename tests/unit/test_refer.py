"""Passing on: only what was allowed, only to whom, in words that are nobody's but the desk's."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dialogue import moderator
from bot.dialogue.converse import converse
from bot.dialogue.heard import Commanded, Heard, Pressed, Typed
from bot.dialogue.outgoing import LETTERS
from domain.calendar import NAIROBI
from domain.errors import DomainError
from domain.followup.outbox import Claimed
from domain.followup.outgoing import MessageKind
from domain.moderation.move import ClaimedByAnother
from domain.ports.chat import Language
from domain.referrals.reach import NothingMayGo
from domain.referrals.refer import NobodyEnrolled, OfficeKeptOut, OfficeUnknown
from domain.referrals.summary import (
    MOST,
    SummaryCopies,
    SummaryEmpty,
    SummaryNames,
    SummaryTooLong,
    check_summary,
)
from domain.reports.entry import EntryKind
from domain.reports.event import EventKind
from domain.reports.exposure import GivesAway
from domain.reports.report import Report
from domain.reports.state import MoveRefused, State
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar, KeptOut
from storage.errors import StoreUnavailable
from tests.fakes.citizen_talk import buttons_of, written
from tests.house import House, Moderator, a_house
from tests.spoken import LANGUAGES, SPOKEN

POLICE = "county_police"
CHAT = 7_700_000_201
SUMMARY = "A group on motorcycles robs people near a bridge after dark, twice a week."


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Everybody is unlocked; an officer of the county's police is enrolled."""
    async with a_house(tmp_path) as house:
        await house.load_offices()
        for reader in (house.first, house.neighbour):
            await house.unlock(reader)
        await house.officer(CHAT, "021/county_police")
        yield house


async def claimed(house: House, by: Moderator | None = None, **choices: object) -> Report:
    _, report = await house.sent(**{"how_far": HowFar.SUMMARY, **choices})
    await house.desk(by or house.neighbour).claim(report.ref)
    return await house.report(report.id)


async def due(house: House) -> tuple[Claimed, ...]:
    return await house.outbox.claim(50)


async def test_one_signed_event_a_referral_and_the_summary_under_the_case_secret(
    house: House,
) -> None:
    report = await claimed(house)
    passed = await house.desk(house.neighbour).refer(report.ref, POLICE, SUMMARY)
    row = await house.report(report.id)
    assert (row.state, row.detail, row.notice_due) == (State.REFERRED, POLICE, True)
    event = (await house.events(report.id))[-1]
    assert (event.kind, event.member, bool(event.signature)) == (
        EventKind.REFERRED,
        house.neighbour.id,
        True,
    )
    async with house.stores.cases() as cases:
        (referral,) = await cases.referrals.of(report.id)
        (entry,) = await cases.entries.of(report.id)
    assert (referral.number, referral.office, referral.place) == (passed.number, POLICE, "021")
    assert passed.number not in {report.ref, report.locator}
    assert (entry.kind, entry.subject) == (EntryKind.SUMMARY, passed.number)
    assert SUMMARY.encode() not in house.files()


async def test_no_number_of_a_referral_lies_open_beside_the_officers_chat(house: House) -> None:
    report = await claimed(house)
    passed = await house.desk(house.neighbour).refer(report.ref, POLICE, SUMMARY)
    async with house.stores.addresses() as addresses:
        (row,) = await addresses.outgoing.claim(
            house.clock.now() + timedelta(days=2),
            until=house.clock.now(),
            limit=9,
            urgent_only=False,
        )
    assert passed.number not in row.key.anchor
    assert hashlib.sha256(passed.number.encode()).hexdigest() not in row.key.anchor


async def test_a_reach_that_was_widened_by_hand_is_not_believed(house: House) -> None:
    report = await claimed(house, how_far=HowFar.DESK_ONLY)
    async with house.stores.cases() as cases:
        await cases.reports.replace(report, replace(report, how_far=HowFar.SUMMARY))
        await cases.commit()
    with pytest.raises(NothingMayGo):
        await house.desk(house.neighbour).refer(report.ref, POLICE, SUMMARY)


async def test_it_waits_for_the_window_unless_somebody_is_in_danger(house: House) -> None:
    calm, danger = await claimed(house), await claimed(house, danger=True)
    for report in (calm, danger):
        await house.desk(house.neighbour).refer(report.ref, POLICE, SUMMARY)
    (now,) = await due(house)
    assert (now.message.facts["danger"], now.message.urgent) == (True, True)
    await house.outbox.delivered(now.key)
    house.clock.passes(days=1)
    (later,) = await due(house)
    assert (later.message.kind, later.message.urgent) == (MessageKind.REFERRAL, False)
    assert later.message.to.chat == CHAT
    assert later.message.due.astimezone(NAIROBI).hour == 18


async def test_the_officer_reads_the_summary_with_its_buttons(house: House) -> None:
    report = await claimed(house, danger=True)
    passed = await house.desk(house.neighbour).refer(report.ref, POLICE, SUMMARY)
    (message,) = await due(house)
    screen = LETTERS[MessageKind.REFERRAL](message.message.facts)
    for language in LANGUAGES:
        seen = written(screen, language)
        assert SUMMARY in seen
        assert passed.number in seen
        assert report.ref not in seen
    assert next(each.press for each in buttons_of(screen)) == f"done:{passed.number}"


@pytest.mark.parametrize("how_far", [HowFar.DESK_ONLY, HowFar.COUNT_ONLY])
async def test_nothing_goes_further_than_the_citizen_allowed(house: House, how_far: HowFar) -> None:
    report = await claimed(house, how_far=how_far)
    desk = house.desk(house.neighbour)
    for act in (
        desk.offices(report.ref),
        desk.office(report.ref, POLICE),
        desk.refer(report.ref, POLICE, SUMMARY),
    ):
        with pytest.raises(NothingMayGo):
            await act
    assert await house.report(report.id) == report


@pytest.mark.parametrize(
    ("office", "refusal"),
    [("ipoa", OfficeUnknown), ("", OfficeUnknown), ("county_commissioner", NobodyEnrolled)],
)
async def test_an_office_must_take_it_and_have_somebody(
    house: House, office: str, refusal: type[DomainError]
) -> None:
    report = await claimed(house)
    with pytest.raises(refusal):
        await house.desk(house.neighbour).refer(report.ref, office, SUMMARY)


async def test_the_officer_of_the_place_gets_what_nobody_of_the_office_would(house: House) -> None:
    await house.officer(CHAT + 1, "021")
    report = await claimed(house, danger=True)
    await house.desk(house.neighbour).refer(report.ref, "county_commissioner", SUMMARY)
    assert [each.message.to.chat for each in await due(house)] == [CHAT + 1]


async def test_a_report_in_another_hand_is_not_passed_on(house: House) -> None:
    report = await claimed(house, by=house.neighbour)
    _, joining = await house.invite(desk=report.desk)
    other = await house.enrolled(300, joining)
    await house.let_in(other, by=house.neighbour)
    await house.unlock(other)
    with pytest.raises(ClaimedByAnother):
        await house.desk(other).refer(report.ref, POLICE, SUMMARY)


async def test_what_nobody_read_or_what_is_closed_is_not_passed_on(house: House) -> None:
    _, report = await house.sent(how_far=HowFar.SUMMARY)
    with pytest.raises(MoveRefused):
        await house.desk(house.neighbour).refer(report.ref, POLICE, SUMMARY)


async def test_a_summary_that_could_not_be_sent_is_sent_by_asking_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = await claimed(house, danger=True)

    async def fails(*_: object) -> int:
        raise StoreUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(type(house.outbox), "post", fails)
        with pytest.raises(StoreUnavailable):
            await house.desk(house.neighbour).refer(report.ref, POLICE, SUMMARY)
    assert await due(house) == ()
    again = await house.desk(house.neighbour).refer(report.ref, POLICE, "Something else entirely.")
    assert again.again
    (message,) = await due(house)
    assert message.message.facts["summary"] == SUMMARY
    await house.desk(house.neighbour).refer(report.ref, POLICE, SUMMARY)
    house.clock.passes(minutes=1)
    assert await due(house) == ()
    assert len([e for e in await house.events(report.id) if e.kind is EventKind.REFERRED]) == 1


async def test_another_office_takes_it_over_and_the_first_has_it_no_more(house: House) -> None:
    await house.officer(CHAT + 1, "021/county_commissioner")
    report = await claimed(house)
    first = await house.desk(house.neighbour).refer(report.ref, POLICE, SUMMARY)
    second = await house.desk(house.neighbour).refer(report.ref, "county commissioner", SUMMARY)
    async with house.stores.cases() as cases:
        live = await cases.referrals.live()
    assert [each.number for each in live] == [second.number] != [first.number]


async def test_a_member_written_into_the_database_is_sent_nothing(house: House) -> None:
    stranger = await house.officer(CHAT + 1, "022/county_police")
    house.tamper("cases", "UPDATE member SET desk = '021/county_police' WHERE id = ?", stranger.id)
    report = await claimed(house, danger=True)
    await house.desk(house.neighbour).refer(report.ref, POLICE, SUMMARY)
    assert [each.message.to.chat for each in await due(house)] == [CHAT]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", SummaryEmpty),
        (" ... ", SummaryEmpty),
        ("x " * MOST, SummaryTooLong),
        ("Call 0722 123 456 about it", GivesAway),
        ("Write to a@b.co.ke", GivesAway),
        ("See t.me/someone", GivesAway),
        ("A man called Otieno robs people", SummaryNames),
        ("Kijana anaitwa Otieno anaiba", SummaryNames),
        ("Seen: they come at night to the old bridge with knives", SummaryCopies),
        ("THEY come, at night: to the old bridge!", SummaryCopies),
    ],
)
def test_a_summary_leads_to_nobody(text: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        check_summary(text, ("they come at night to the old bridge",))


def test_a_summary_may_share_a_few_words_with_the_report() -> None:
    words = ("I saw them: they come at night to the old bridge with knives and clubs",)
    assert check_summary(" People come at night\nto the bridge. ", words) == (
        "People come at night to the bridge."
    )


@dataclass(slots=True)
class Talk:
    """A moderator of the house at their phone."""

    house: House
    state: moderator.State = field(
        default_factory=lambda: moderator.begin(Language.ENGLISH, {"021": "Murang'a"}, SPOKEN)
    )

    async def hears(self, *everything: Heard) -> str:
        for heard in everything:
            desk = self.house.desk(self.house.neighbour)
            self.state = await converse(self.state, heard, desk, moderator.advance, lambda _: None)
        return written(moderator.view(self.state), Language.ENGLISH)

    def presses(self) -> list[str]:
        return [each.press for each in buttons_of(moderator.view(self.state))]


async def test_the_summary_is_seen_once_more_before_it_goes(house: House) -> None:
    report, talk = await claimed(house), Talk(house)
    await talk.hears(Commanded("open", report.ref))
    assert f"refer:{report.ref}" in talk.presses()
    assert "Which office?" in await talk.hears(Pressed(f"refer:{report.ref}"))
    office = f"office:{report.ref}:{POLICE}"
    assert office in talk.presses()
    assert "in your own words" in await talk.hears(Pressed(office))
    assert "own words" in await talk.hears(Typed("They come at night to the Maringo bridge."))
    seen = await talk.hears(Typed(SUMMARY))
    assert SUMMARY in seen
    assert "County Police Commander, Murang'a" in seen
    assert (await house.report(report.id)).state is State.IN_REVIEW
    seen = await talk.hears(Pressed(f"passon:{report.ref}"))
    assert "Passed on to County Police Commander" in seen
    assert (await house.report(report.id)).state is State.REFERRED


async def test_an_old_button_sends_nothing(house: House) -> None:
    report, talk = await claimed(house), Talk(house)
    await talk.hears(Commanded("open", report.ref), Pressed(f"passon:{report.ref}"))
    assert talk.state.toast is not None
    assert (await house.report(report.id)).state is State.IN_REVIEW


async def test_refer_is_typed_with_or_without_a_ref_and_can_be_left(house: House) -> None:
    report, talk = await claimed(house), Talk(house)
    assert "which report" in await talk.hears(Commanded("refer"))
    await talk.hears(Commanded("refer", f"{report.ref} {POLICE}"))
    assert "Write the summary" in await talk.hears(Commanded("refer", POLICE))
    await talk.hears(Commanded("cancel"))
    assert "Which office?" in await talk.hears(Commanded("refer", report.ref))
    assert f"open:{report.ref}" in talk.presses()


async def test_a_report_that_must_stay_has_no_button_and_says_why(house: House) -> None:
    report, talk = await claimed(house, how_far=HowFar.DESK_ONLY), Talk(house)
    await talk.hears(Commanded("open", report.ref))
    assert f"refer:{report.ref}" not in talk.presses()
    assert "Nothing of this report" in await talk.hears(Commanded("refer", report.ref))


async def test_an_office_that_is_kept_out_is_not_among_the_choices(house: House) -> None:
    await house.officer(CHAT + 1, "national/dci")
    await house.officer(CHAT + 2, "021")
    report = await claimed(
        house,
        by=house.first,
        topic=Topic.THEFT,
        kept_out=frozenset({KeptOut.POLICE_STATION}),
    )
    assert (await house.desk(house.first).offices(report.ref))[1] == ()
    for office in (POLICE, "dci"):
        with pytest.raises(OfficeKeptOut):
            await house.desk(house.first).refer(report.ref, office, SUMMARY)
    with pytest.raises(NobodyEnrolled):
        await house.desk(house.first).refer(report.ref, "county_commissioner", SUMMARY)
