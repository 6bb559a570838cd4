"""Every card of everybody, in every state and language, stands on one small screen: at most
twelve lines of forty characters before its buttons, whatever it is filled with.
"""

from datetime import date

import pytest

from bot.dialogue import officer
from bot.dialogue.citizen import cards as citizen
from bot.dialogue.heard import Pressed, Typed, Unreadable
from bot.dialogue.moderator import cards as moderator
from bot.dialogue.moderator import enrolment
from bot.dialogue.moderator import state as of_moderator
from bot.dialogue.moderator.buttons import unlock_press
from bot.dialogue.officer import state as of_officer
from bot.dialogue.outgoing import LETTERS
from bot.dialogue.screen import Screen, Text
from domain.desks.desk import NATIONAL
from domain.digest.measure import Flow, Stock
from domain.followup.outgoing import MessageKind
from domain.offices.office import OfficeKey
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.ports.sealing import Enrolled, Visits
from domain.referrals.desk import ReferralLine
from domain.referrals.referral import ReferralNumber, ReferralState
from domain.reports.check import Checked
from domain.reports.clocks import Due, NextStep
from domain.reports.report import ReportRef, Withdrawal
from domain.reports.state import STANDING, Author, NoActionReason, State, Want
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar, KeptOut
from domain.staff.enrol import Prepared
from domain.staff.member import InviteId, MemberId
from tests.fakes.citizen_talk import HELD, FakeDesk
from tests.fakes.citizen_talk import Talk as CitizenTalk
from tests.fakes.moderator_desk import ME, OTHER, SHARE, Office, member, report
from tests.fakes.moderator_desk import PASSPHRASE as PHRASE
from tests.fakes.moderator_talk import Talk as ModeratorTalk
from tests.properties.test_citizen_conversation import A_DIALOGUE, CODE, POSTERS
from tests.spoken import LANGUAGES, SPOKEN
from tests.tour import never_seen, too_long, walked

LONG = "Elgeyo-Marakwet"
DAY = date(2026, 9, 30)
SIX = ("crumpled", "squeezing", "trombone", "washbasin", "underfoot", "yesterday")
PASSPHRASE = " ".join(SIX)
NUMBER = ReferralNumber("K7M2QX")
CAPTION = MessageKind.WEEKLY_CHART
"""No card: what the chart above it shows, in words, for whoever cannot see it."""

UNREADABLE = tuple(map(Unreadable, ("sticker", "photo", "voice", "document", "edited")))


def fits(*screens: Screen) -> None:
    assert screens
    assert too_long(screens) == []


@pytest.mark.parametrize("shared", [False, True], ids=["own phone", "shared phone"])
async def test_every_card_before_and_beside_a_report_fits(*, shared: bool) -> None:
    talk = CitizenTalk.in_language(Language.ENGLISH, shared=shared)
    talk.desk = FakeDesk(undeletable=3)
    typed = ("muranga", "nairobi", "mara", "They came", "/report", "/forums", "/follow nakuru")
    more = ("/start", "/clear", "/forget", "/lines", "/following", "/language", f"/check {CODE}")
    found = await walked(talk, (*typed, *more), UNREADABLE)
    for poster in POSTERS:
        await talk.says("/cancel", f"/start {poster}")
        found += await walked(talk, ("They came",))
    found += await walked(CitizenTalk.of_a_stranger(), ("They came", "/start"), UNREADABLE)
    fits(*(screen for _, screen in found))
    assert never_seen(citizen.Card, found) == {
        citizen.ShowingStanding,
        citizen.AnsweringDesk,
        citizen.ReadingSummary,
        citizen.Withdrawing,
    }


def standings() -> list[Checked]:
    """Every state with the longest it can say."""
    details: dict[State, tuple[str, ...]] = {
        State.BLOCKED: tuple(Want),
        State.NO_ACTION: tuple(NoActionReason),
    }
    return [
        Checked(
            standing=STANDING[state],
            state=state,
            since=DAY,
            author=Author.CITIZEN if state is State.RECEIVED else Author.OFFICE,
            detail=detail,
            due=Due(step=step, by=DAY, late=True),
            visits=Visits(count=1200, last=DAY),
            held=HELD,
            dialogue=dialogue,
            followed=False,
            destroyed_on=destroyed_on,
            rerouted=(NATIONAL, DAY),
        )
        for dialogue in (A_DIALOGUE, ())
        for destroyed_on in (DAY, None)
        for state in State
        for detail in details.get(state, (None,))
        for step in (NextStep if state is State.RECEIVED else (NextStep.REFER_OR_ANSWER,))
    ]


async def test_every_standing_of_a_report_fits() -> None:
    found = []
    for stands in standings():
        talk = CitizenTalk(desk=FakeDesk(standing={CODE: stands}))
        await talk.says(CODE)
        found.append((talk.state, talk.screen()))
    for stands in (standings()[0], standings()[-1]):
        talk = CitizenTalk(desk=FakeDesk(standing={CODE: stands}))
        await talk.says(CODE)
        found += await walked(talk, ("It is dark", CODE), UNREADABLE)
    fits(*(screen for _, screen in found))
    assert never_seen(citizen.OfOwn, found) == set()


def few_reports() -> Office:
    """As full as one can be: in danger, kept from every office, late, of long pages."""
    made = Office()
    full = {"topic": Topic.VIOLENCE, "danger": True, "kept_out": frozenset(KeptOut)}
    made.keeps(
        report("7KQ2M9", county=CountyCode("028"), how_far=HowFar.SUMMARY),
        report("AAAAA1", **full, county=CountyCode("028"), received=DAY, since=DAY),
        report(
            "BBBBB2",
            state=State.IN_REVIEW,
            claimed_by=OTHER,
            received=DAY,
            withdrawal=Withdrawal(asked=DAY, proof=bytes(32)),
        ),
        report("CCCCC3", state=State.BLOCKED, detail=Want.JURISDICTION, claimed_by=ME, **full),
    )
    made.has_newcomers(*(member(MemberId(bytes([at]) * 16)) for at in range(3)))
    made.custody.messages[ReportRef("AAAAA1")] = tuple(f"{n} night " * 380 for n in range(2))
    made.custody.messages[ReportRef("CCCCC3")] = tuple(f"{n} night " * 380 for n in range(2))
    return made


async def test_every_card_of_a_moderator_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = ModeratorTalk(state=of_moderator.begin(Language.ENGLISH, {"028": LONG}, SPOKEN))
    talk.office = few_reports()
    monkeypatch.setattr(type(talk.office.custody), "comparison_words", lambda *_: SIX)
    await talk.unlocks()
    refs = (
        "/open 7KQ2M9",
        "/open AAAAA1",
        "/open BBBBB2",
        "/open CCCCC3",
        "/status 7KQ2M9 stuck fuel",
    )
    typed = (
        "/unlock",
        "/help",
        "/language",
        "/queue",
        "/queue late mine",
        "/queue what",
        "/pending",
    )
    more = ("/stats", "/status", "/ask", "/cancel", "/report", "nonsense", *refs)
    presses = (Pressed(unlock_press(SHARE)), Pressed("unlock:broken"), Typed(PHRASE))
    found = await walked(talk, (*typed, *more), (*presses, UNREADABLE[0]))
    fits(*(screen for _, screen in found))
    assert never_seen(moderator.Card, found) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_of_an_enrolment_fits(language: Language) -> None:
    enrolled = Enrolled(
        member=member(ME), passphrase=PASSPHRASE, share=SHARE, founded=None, copies=()
    )
    prepared = Prepared(invite=InviteId(bytes(32)), enrolled=enrolled, words=SIX)
    whys = ("moderator.enrol_open_link", "moderator.enrol_cancelled", "error.invite_refused")
    states: list[enrolment.State] = [
        enrolment.Opening(language=language),
        *(
            enrolment.Writing(language=language, payload="", prepared=prepared, line=line)
            for line in (None, *map(Text, ("moderator.enrol_never_type", "error.key_refused")))
        ),
        enrolment.Accepting(language=language, payload="", prepared=prepared),
        enrolment.Accepted(language=language),
        *(
            enrolment.Enrolled(language=language, share=SHARE, let_in=let_in, words=SIX)
            for let_in in (False, True)
        ),
        enrolment.UsedMeanwhile(language=language, share=SHARE),
        *(enrolment.NotEnrolled(language=language, why=Text(why)) for why in whys),
    ]
    fits(*(enrolment.view(state, LANGUAGES) for state in states))
    assert never_seen(enrolment.State, [(state, None) for state in states]) == set()


def a_digest(*, lines: int, topics: int) -> dict[str, object]:
    """Numbers no county will see, and three topics as they are published."""
    figures = [[measured.value, 1200, 10] for measured in (Flow.CALLED_DONE, Stock.LACKS_STATION)]
    return {
        "day": DAY.isoformat(),
        "place": "028",
        "place_name": LONG,
        "lines": [[NUMBER, Topic.VIOLENCE.value, 120, True]] * lines,
        "late": 120,
        "blocked": 120,
        "done": 120,
        "table": [[Topic.VIOLENCE.value, figures]] * topics,
    }


def test_every_card_of_an_officer_fits() -> None:
    lines = [
        ReferralLine(
            number=NUMBER,
            topic=Topic.VIOLENCE,
            danger=True,
            state=state,
            detail=Want.JURISDICTION,
            office=OfficeKey("county_commissioner"),
            days=120,
        )
        for state in ReferralState
    ]
    cards: list[of_officer.Card] = [
        of_officer.ShowingDigest(facts=a_digest(lines=12, topics=9)),
        of_officer.Help(),
        of_officer.ChoosingLanguage(),
        *(of_officer.AskingProof(line=line) for line in lines),
        *(of_officer.ChoosingWant(line=line) for line in lines),
        *(of_officer.ShowingReferral(line=line) for line in lines),
    ]
    start = officer.begin(Language.ENGLISH, SPOKEN)
    fits(*(officer.view(start.shows(card)) for card in cards))
    answers = ("digest.daily", "officer.not_understood", "error.store_unavailable")
    fits(*(officer.view(start.shows(card).says(Text(each))) for card in cards for each in answers))
    assert never_seen(of_officer.Card, [(start.shows(card), None) for card in cards]) == set()


def test_every_letter_fits() -> None:
    forum = {"county": LONG, "date": "2026-09-30"}
    news = {"county": LONG, "topic": "violence", "figures": [["open", None, 10]]}
    referral = {"number": NUMBER, "place": "028", "place_name": LONG, "topic": "violence"}
    desks = [[LONG, 120]] * 40 + [[NATIONAL, 3]]
    facts: dict[MessageKind, dict[str, object]] = {
        MessageKind.FOLLOW_UP: {"news": [news], "forums": [forum], "more": 12},
        MessageKind.NOTICE: {"slot": "A" * 43},
        MessageKind.REFERRAL: {**referral, "danger": True, "summary": "x"},
        MessageKind.NUDGE: a_digest(lines=12, topics=0),
        MessageKind.ESCALATION: {"desks": desks},
        MessageKind.LET_IN: {},
        MessageKind.WEEKLY: a_digest(lines=12, topics=9),
        MessageKind.WEEKLY_PAGE: {"county": LONG, "day": DAY.isoformat(), "table": []},
        MessageKind.DAILY: a_digest(lines=0, topics=9),
    }
    assert LETTERS.keys() - facts.keys() == {CAPTION}
    fits(*(LETTERS[kind](said) for kind, said in facts.items()))
