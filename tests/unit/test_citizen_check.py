"""`/check`: where a report stands, and every way a code can be wrong."""

from dataclasses import replace
from datetime import date

import pytest

from bot.dialogue.citizen import has_draft
from bot.dialogue.citizen.check import looks_like_code
from bot.dialogue.heard import Expired
from crypto.code import Code
from domain.desks.desk import NATIONAL, DeskKey
from domain.errors import DomainError
from domain.ports.chat import Language
from domain.ports.sealing import CodeMalformed, CodeRefused, CodeSlip, Visits
from domain.reports.check import Checked, ReportExpired, ReportMissing
from domain.reports.clocks import Due, NextStep
from domain.reports.state import STANDING, Author, NoActionReason, State, Want
from tests.fakes.citizen_talk import HELD, TODAY, FakeDesk, Talk
from tests.spoken import LANGUAGES

CODE = "7K3F9Q-4821-3390-5527-1064"
FIRST_VISIT = Visits(count=1, last=None)


def standing(
    state: State,
    *,
    detail: str | None = None,
    due: Due | None = None,
    author: Author = Author.MODERATOR,
    visits: Visits = FIRST_VISIT,
) -> Checked:
    return Checked(
        standing=STANDING[state],
        state=state,
        since=TODAY,
        author=author,
        detail=detail,
        due=due,
        visits=visits,
        held=HELD,
    )


async def checked(found: Checked, language: Language = Language.ENGLISH) -> str:
    talk = Talk.in_language(language)
    talk.desk.standing[CODE] = found
    return await talk.says(f"/check {CODE}")


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_state_can_be_told(state: State, language: Language) -> None:
    due = Due(step=NextStep.OFFICE_ACTS, by=TODAY, late=True)
    card = await checked(standing(state, detail=Want.FUEL, due=due), language)
    assert ("2 November" if language == Language.ENGLISH else "2 Novemba") in card


async def test_a_report_just_received() -> None:
    due = Due(step=NextStep.READ, by=date(2026, 11, 3), late=False)
    card = await checked(standing(State.RECEIVED, due=due, author=Author.CITIZEN))
    assert card.startswith("Received\n")
    assert "Since 2 November. Said by you." in card
    assert "Next: the desk reads it, by 3 November." in card
    assert "late" not in card
    assert "This is the first time this code is used." in card


async def test_what_is_late_is_said_to_be_late() -> None:
    due = Due(step=NextStep.REFER_OR_ANSWER, by=date(2026, 10, 3), late=True)
    card = await checked(standing(State.IN_REVIEW, due=due))
    assert "by 3 October." in card
    assert "This is late." in card


@pytest.mark.parametrize("want", list(Want))
async def test_what_a_stuck_report_lacks_is_named(want: Want) -> None:
    assert "What is missing: " in await checked(standing(State.BLOCKED, detail=want))


@pytest.mark.parametrize("reason", list(NoActionReason))
async def test_why_a_report_was_closed_is_named(reason: NoActionReason) -> None:
    assert "Why: " in await checked(standing(State.NO_ACTION, detail=reason))


async def test_a_detail_that_is_no_reason_is_not_shown() -> None:
    assert "county_police" not in await checked(standing(State.REFERRED, detail="county_police"))


async def test_said_done_asks_nothing_of_the_desk() -> None:
    due = Due(step=NextStep.YOU_SAY, by=TODAY, late=False)
    card = await checked(standing(State.CLAIMED_RESOLVED, due=due, author=Author.OFFICE))
    assert "They say it is done" in card
    assert "Said by the office in charge." in card
    assert "Next:" not in card
    assert "It is not confirmed." in card


@pytest.mark.parametrize(
    ("visits", "line"),
    [
        (FIRST_VISIT, "This is the first time this code is used."),
        (
            Visits(count=3, last=date(2026, 10, 30)),
            "Last time before today: 30 October.",
        ),
        (Visits(count=2, last=None), "used 2 times, all today."),
    ],
)
async def test_a_holder_sees_how_often_the_code_was_used(visits: Visits, line: str) -> None:
    assert line in await checked(standing(State.RECEIVED, visits=visits))


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (CodeSlip(), "There is a slip in the code."),
        (CodeMalformed(), "That is not a whole code"),
        (CodeRefused(), "No report opens with this code."),
        (ReportExpired(), "180 days after it was closed"),
        (ReportMissing(), "The code is right, but its report is missing."),
    ],
)
async def test_every_way_to_be_wrong_has_its_line_and_another_try(
    error: DomainError, line: str
) -> None:
    talk = Talk()
    talk.desk.standing[CODE] = standing(State.RECEIVED)
    talk.desk.refusals.append(error)
    assert line in await talk.says(f"/check {CODE}")
    assert talk.heeded == [error]
    assert "Received" in await talk.says(CODE)


async def test_a_code_can_be_typed_after_the_command() -> None:
    talk = Talk()
    talk.desk.standing[CODE] = standing(State.RECEIVED)
    assert "Type or paste your code." in await talk.says("/check")
    assert "Received" in await talk.says(CODE)
    assert "Type or paste your code." in await talk.presses("check:another")


async def test_what_is_typed_instead_of_a_code_is_never_taken_as_a_report() -> None:
    talk = Talk()
    await talk.says("/check")
    assert "That is not a code" in await talk.says("A gang robs people at the stage")
    assert talk.screen().untaken
    assert not has_draft(talk.state)
    await talk.says("4821 3390")
    assert not talk.screen().untaken


@pytest.mark.parametrize(
    "pasted", [CODE, "7k3f9q 4821 3390 5527 1064", "7K3F9Q4821339055271064", f"\n{CODE}\n"]
)
async def test_a_bare_code_is_checked_and_starts_no_report(pasted: str) -> None:
    talk = Talk()
    assert "No report opens with this code." in await talk.says(pasted)
    assert not has_draft(talk.state)


@pytest.mark.parametrize("slipped", [CODE[:-1], CODE + "1", CODE.replace("0", "O")])
async def test_a_code_with_a_slip_starts_no_report_either(slipped: str) -> None:
    talk = Talk()
    await talk.says(slipped)
    assert not has_draft(talk.state)


@pytest.mark.parametrize(
    "words",
    ["Gang of 1234567890123456 people", "0722 123 456 0733 123 456", "KCA 123X", "", "999"],
)
def test_words_are_not_taken_for_a_code(words: str) -> None:
    assert not looks_like_code(words, writing=False)
    assert not looks_like_code(words, writing=True)


async def test_a_code_pasted_while_writing_stays_out_of_the_report() -> None:
    talk = Talk()
    talk.desk.standing[CODE] = standing(State.RECEIVED)
    await talk.says("They came at night", CODE)
    assert talk.words() == ("They came at night",)
    assert "Received" in talk.sees()
    assert "Taken: 1 message" in await talk.presses("home")


async def test_words_typed_below_a_standing_begin_a_report() -> None:
    talk = Talk()
    talk.desk.standing[CODE] = standing(State.RECEIVED)
    await talk.says(CODE, "And now they came back")
    assert talk.words() == ("And now they came back",)


async def test_the_code_is_not_kept_and_the_card_is_emptied() -> None:
    talk = Talk(desk=FakeDesk(standing={CODE: standing(State.RECEIVED)}))
    await talk.says(f"/check {CODE}")
    assert "4821" not in repr(talk.state)
    assert "Received" not in await talk.hears(Expired())


async def test_a_code_inside_a_sentence_does_not_become_part_of_a_report() -> None:
    talk = Talk()
    code = Code(locator="7K3F9", digits="4821339055271064").text
    card = await talk.says(f"My earlier code is {code} and they came back")
    assert talk.words() == ("My earlier code is … and they came back",)
    assert "A code stood in your words" in card


@pytest.mark.parametrize(
    ("desk", "said"), [(NATIONAL, "At the national desk since"), ("021", "At another desk since")]
)
async def test_which_desk_reads_since_it_was_rerouted_is_said(desk: str, said: str) -> None:
    found = standing(State.IN_REVIEW)
    sent_on = replace(found, rerouted=(DeskKey(desk), date(2026, 11, 2)))
    assert f"{said} 2 November" in await checked(sent_on)
    assert "desk since" not in await checked(found)
