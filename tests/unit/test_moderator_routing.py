"""Another desk, by buttons and by commands: looked at once more before it goes."""

from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.moderator.cards import ShowingQueue
from bot.dialogue.moderator.routing import PAGE
from domain.desks.desk import NATIONAL, DeskKey
from domain.ports.chat import Language
from domain.reports.report import ReportRef
from domain.reports.state import State
from domain.reports.topic import Topic
from domain.reports.wishes import KeptOut
from tests.fakes.moderator_desk import ME, OTHER, SECRET, report
from tests.fakes.moderator_talk import Talk
from tests.spoken import LANGUAGES

REF = ReportRef("7KQ2M9")
CHOOSE, CONFIRM = f"route:{REF}:0", f"senddesk:{REF}:021"


@pytest.fixture
async def talk() -> Talk:
    talk = Talk()
    talk.office.keeps(report(claimed_by=ME, state=State.IN_REVIEW))
    await talk.unlocks()
    await talk.says(f"/open {REF}")
    return talk


async def test_by_buttons_a_desk_is_chosen_and_seen_once_more(talk: Talk) -> None:
    assert "Which desk" in await talk.presses(CHOOSE)
    assert talk.buttons()[f"desk:{REF}:021"] == "Murang'a"
    assert f"desk:{REF}:national" not in talk.buttons()
    seen = await talk.presses(f"desk:{REF}:021")
    assert "To: Murang'a" in seen
    assert SECRET in seen
    assert talk.office.of().desk == NATIONAL
    seen = await talk.presses(CONFIRM)
    assert "7KQ2M9 is with another desk now: Murang'a" in seen
    assert talk.office.of().desk == "021"
    assert isinstance(talk.state.card, ShowingQueue)
    assert SECRET not in seen


async def test_typed_it_is_confirmed_as_well(talk: Talk) -> None:
    for typed in ("/route muranga", f"/route {REF} 021", "/route MURANG'A county"):
        assert "To: Murang'a" in await talk.says(typed)
        assert CONFIRM in talk.buttons()
    assert "Nairobi West" in await talk.says("/route nairobi magharibi")
    assert "Which desk" in await talk.says("/route")
    assert talk.office.of().desk == NATIONAL


async def test_it_can_be_left(talk: Talk) -> None:
    for leave in ("/cancel", f"/open {REF}"):
        await talk.says("/route 021", leave)
        assert CONFIRM not in talk.buttons()
        assert SECRET in talk.sees()


async def test_what_is_no_desk_is_said_above_the_same_card(talk: Talk) -> None:
    for typed in ("/route Mombasa", "/route " + "x" * 4000, "/route ,,"):
        seen = await talk.says(typed)
        assert "There is no such desk. /route alone shows which there are." in seen
        assert SECRET in seen


async def test_escalating_at_the_national_desk_says_that_it_is_there(talk: Talk) -> None:
    assert f"desk:{REF}:national" not in talk.buttons()
    assert "with that desk already" in await talk.says("/escalate")


async def test_without_a_report_it_is_asked_which(talk: Talk) -> None:
    await talk.says("/queue")
    for typed in ("/route", "/escalate", "/route Murang'a"):
        assert "which report" in await talk.says(typed)
    assert "no such report at your desks" in await talk.says("/route ZZZZZZ 021")


SECOND = "Moving a sensitive report needs a second moderator's approval"


@pytest.mark.parametrize(
    ("given", "to_a_county"),
    [
        ({"topic": Topic.LAND}, SECOND),
        ({"kept_out": frozenset({KeptOut.CHIEF})}, "Only the national desk may read it"),
    ],
)
async def test_a_sensitive_one_has_no_button_and_says_what_is_missing(
    talk: Talk, given: dict[str, Any], to_a_county: str
) -> None:
    talk.office.keeps(report(claimed_by=ME, state=State.IN_REVIEW, **given))
    await talk.says(f"/open {REF}")
    assert CHOOSE not in talk.buttons()
    assert SECOND in await talk.says("/route")
    assert to_a_county in await talk.says("/route 021")
    await talk.presses_old(CONFIRM)
    assert talk.office.of().desk == NATIONAL


async def test_anothers_report_and_a_closed_one_have_no_button(talk: Talk) -> None:
    anothers = report(state=State.IN_REVIEW, claimed_by=OTHER)
    closed = report(state=State.NO_ACTION, detail="not_security", claimed_by=ME)
    for each in (anothers, closed):
        talk.office.keeps(each)
        await talk.says(f"/open {REF}")
        assert CHOOSE not in talk.buttons()


async def test_many_desks_have_pages(talk: Talk) -> None:
    desks = [DeskKey(f"{number:03}") for number in range(1, PAGE + 3)]
    talk.office.stores.staffed = frozenset({NATIONAL, *desks})
    await talk.presses(CHOOSE)
    seen = {press for press in talk.buttons() if press.startswith("desk:")}
    await talk.presses(f"route:{REF}:1")
    assert f"route:{REF}:2" not in talk.buttons()
    seen |= {press for press in talk.buttons() if press.startswith("desk:")}
    assert seen == {f"desk:{REF}:{desk}" for desk in desks}
    await talk.presses_old(f"route:{REF}:99")
    assert f"desk:{REF}:{desks[-1]}" in talk.buttons()


async def test_where_nobody_else_reads_that_is_said(talk: Talk) -> None:
    talk.office.stores.staffed = frozenset({NATIONAL})
    assert "Nobody reads at such a desk" in await talk.presses(CHOOSE)


async def test_an_old_press_of_a_locked_chat_moves_nothing(talk: Talk) -> None:
    await talk.says("/lock")
    await talk.presses_old(CONFIRM)
    assert talk.office.of().desk == NATIONAL


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_said_in_both_languages(language: Language) -> None:
    talk = Talk.in_language(language)
    talk.office.keeps(replace(report(), state=State.IN_REVIEW, claimed_by=ME))
    await talk.unlocks()
    await talk.says(f"/open {REF}", "/route")
    assert {"en": "Which desk", "sw": "Dawati gani"}[str(language)] in talk.sees()
