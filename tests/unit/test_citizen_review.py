"""The review card, *More*, *Send* and the card after it."""

from dataclasses import replace

import pytest

from bot.dialogue.citizen import has_draft
from bot.dialogue.citizen.state import Unsent
from bot.dialogue.heard import Expired
from domain.desks.desk import NATIONAL, DeskKey, NobodyReads
from domain.errors import DomainError
from domain.ports.chat import Language
from domain.ports.sealing import KeyRefused, Suspect
from domain.ports.stores import LocatorTaken
from domain.reports.submit import ReaderChanged
from domain.reports.wishes import ForumRelation, HowFar, KeptOut
from tests.fakes.citizen_talk import FakeDesk, Talk

FIRST = "7K3F9Q-4821-3390-5527-0001"
SECOND = "7K3F9Q-4821-3390-5527-0002"


async def reviewing(*, shared: bool = False) -> Talk:
    """At the review card, from Murang'a, whose desk is staffed."""
    talk = Talk.in_language(Language.ENGLISH, shared=shared)
    await talk.says("They came at night")
    await talk.presses("words:done", "topic:gangs")
    await talk.says("muranga")
    return talk


def unsent(talk: Talk) -> Unsent:
    assert isinstance(talk.state.report, Unsent)
    return talk.state.report


async def test_the_card_shows_what_will_be_sent_and_by_whom_it_is_read() -> None:
    talk = await reviewing()
    for part in (
        "NOT SENT YET",
        FIRST,
        "About: Gangs and politics",
        "Place: Murang'a",
        "Read by: desk of Murang'a",
    ):
        assert part in talk.sees()
    assert "danger" not in talk.sees()
    assert "night" not in talk.sees()


async def test_danger_stands_on_the_card() -> None:
    talk = Talk()
    await talk.says("They are here")
    await talk.presses("words:danger", "danger:yes", "words:done", "topic:gangs")
    assert "Marked: someone is in danger" in await talk.says("muranga")


async def test_one_draft_has_one_code() -> None:
    talk = await reviewing()
    await talk.presses("review:back")
    assert FIRST in await talk.says("nyeri")
    assert "Read by: the national desk" in talk.sees()
    assert talk.desk.minted == 1


async def test_keeping_somebody_out_changes_who_reads() -> None:
    talk = await reviewing()
    await talk.presses("review:more", "more:out", "out:chief", "out:police_station")
    assert talk.buttons()["out:chief"] == "✓ Chief, assistant chief"
    assert talk.buttons()["out:politician"] == "A politician"
    await talk.presses("wish:back", "more:back")
    assert "Read by: the national desk" in talk.sees()
    assert "Must not read it: 2 offices" in talk.sees()
    assert unsent(talk).draft.kept_out == {KeptOut.CHIEF, KeptOut.POLICE_STATION}
    await talk.presses("review:more", "more:out", "out:chief", "out:police_station")
    await talk.presses("wish:back", "more:back")
    assert "Read by: desk of Murang'a" in talk.sees()


async def test_when_nobody_is_left_to_read_the_wish_stays_and_it_is_said() -> None:
    talk = await reviewing()
    talk.desk.staffed = {DeskKey("021")}
    await talk.presses("review:more", "more:out")
    assert "Nobody reads reports here yet." in await talk.presses("out:chief")
    assert "Read by: nobody yet" in await talk.presses("wish:back", "more:back")
    assert "None is taken or sent." in await talk.presses("review:send")
    talk.desk.staffed.add(NATIONAL)
    assert "Read by: the national desk" in await talk.presses("review:send")
    assert talk.desk.sent == []
    assert "SENT." in await talk.presses("review:send")


async def refused(talk: Talk, error: DomainError) -> str:
    talk.desk.refusals.append(error)
    return await talk.presses("review:send")


async def test_how_far_it_may_go_is_chosen_and_shown() -> None:
    talk = await reviewing()
    await talk.presses("review:more", "more:far", "far:count_only")
    assert talk.buttons()["far:count_only"] == "✓ Only counted"
    assert talk.buttons()["far:desk_only"] == "The desk only"
    assert "How far: Only counted" in await talk.presses("wish:back", "more:back")
    assert unsent(talk).draft.how_far is HowFar.COUNT_ONLY


async def test_a_report_can_belong_to_a_forum() -> None:
    talk = await reviewing()
    await talk.presses("review:more", "more:forum", "forum:after")
    assert unsent(talk).draft.forum_relation is ForumRelation.AFTER


async def test_copying_is_allowed_only_when_asked_for() -> None:
    talk = await reviewing()
    assert talk.screen().protect
    await talk.presses("review:more", "more:copy")
    assert not talk.screen().protect
    assert FIRST in talk.sees()
    await talk.presses("review:copied")
    assert talk.screen().protect


async def test_send_answers_with_the_code_on_a_card_to_write_down() -> None:
    talk = await reviewing()
    card = await talk.presses("review:send")
    assert "SENT." in card
    assert FIRST in card
    assert "/check" in card
    [(draft, code)] = talk.desk.sent
    assert draft.words == ("They came at night",)
    assert code == FIRST
    assert not has_draft(talk.state)
    assert FIRST not in await talk.presses("sent:written")
    assert "menu:report" in talk.buttons()


async def test_a_second_send_shows_the_same_card_and_sends_nothing_more() -> None:
    talk = await reviewing()
    card = await talk.presses("review:send")
    assert await talk.presses_old("review:send") == card
    assert len(talk.desk.sent) == 1


async def test_a_shared_phone_is_warned_and_cleared_at_once() -> None:
    talk = await reviewing(shared=True)
    assert "Send clears this chat" in talk.sees()
    card = await talk.presses("review:send")
    assert talk.desk.cleared == 1
    assert len(talk.desk.sent) == 1
    assert talk.screen().brief
    assert not talk.screen().rows
    assert "report" not in card.lower()
    assert FIRST not in card
    assert await talk.presses_old("review:send") == card
    assert len(talk.desk.sent) == 1


async def test_a_taken_code_is_minted_again_and_that_is_said() -> None:
    talk = await reviewing()
    card = await refused(talk, LocatorTaken())
    assert "The code has changed." in card
    assert SECOND in card
    assert FIRST not in card
    assert "SENT." in await talk.presses("review:send")
    assert talk.desk.sent[0][1] == SECOND


@pytest.mark.parametrize("error", [KeyRefused(Suspect.DESK), NobodyReads()])
async def test_a_refusal_leaves_the_same_card_and_send_works_again(error: DomainError) -> None:
    talk = await reviewing()
    card = await refused(talk, error)
    assert "NOT SENT YET" in card
    assert card.endswith(await talk.presses_old("review:no_such"))
    assert talk.heeded == [error]
    assert "SENT." in await talk.presses("review:send")


async def test_words_typed_while_the_code_is_not_written_down_are_not_taken() -> None:
    talk = await reviewing()
    await talk.presses("review:send")
    card = await talk.says("They are back")
    assert FIRST in card
    assert "First write this code down" in card
    assert talk.screen().untaken


async def test_the_code_waits_while_something_else_is_shown() -> None:
    talk = await reviewing()
    await talk.presses("review:send")
    await talk.says("/help")
    assert FIRST in await talk.presses("home")
    await talk.says("/start")
    assert "Its code still waits" in talk.sees()
    assert FIRST in await talk.says("/report")
    assert "already sent" in await talk.says("/cancel")
    assert FIRST not in await talk.hears(Expired())


async def test_an_old_button_of_a_report_no_longer_in_memory_tells_what_became_of_it() -> None:
    talk = Talk()
    card = await talk.presses_old("review:send")
    assert "If you had pressed Send" in card
    assert "/check" in card


async def test_a_second_tap_on_cancel_says_nothing_untrue() -> None:
    talk = await reviewing()
    await talk.presses("review:cancel")
    assert "restarted" not in await talk.presses_old("review:cancel")


async def test_an_old_button_gives_the_same_card_again() -> None:
    talk = await reviewing()
    await talk.presses("review:more")
    card = await talk.presses("more:back")
    assert await talk.presses_old("topic:land") == card
    assert talk.toast() == "That button is old."
    assert await talk.presses_old("review:back") != card
    assert talk.toast() == ""


async def test_the_card_is_whole_in_kiswahili() -> None:
    talk = Talk(desk=FakeDesk(), state=Talk.in_language(Language.KISWAHILI, shared=True).state)
    await talk.says("Walikuja usiku")
    await talk.presses("words:done", "topic:violence")
    card = await talk.says("nairobi mashariki")
    assert "Mahali: Nairobi Mashariki" in card
    assert "Msomaji: dawati la taifa" in card
    assert "gumzo litafutwa" in card


async def test_a_desk_that_was_not_on_the_card_is_sent_nothing() -> None:
    talk = await reviewing()
    talk.desk.refusals = [ReaderChanged()]
    seen = await talk.presses("review:send")
    assert talk.desk.sent == []
    assert "Another desk reads now" in seen
    assert "Read by:" in seen
    await talk.presses("review:send")
    assert len(talk.desk.sent) == 1


async def test_while_nobody_reads_send_asks_again_who_does() -> None:
    talk = await reviewing()
    talk.state = replace(talk.state, report=replace(unsent(talk), reader=None))
    await talk.presses("review:send")
    assert talk.desk.sent == []
    assert unsent(talk).reader is not None
    await talk.presses("review:send")
    assert len(talk.desk.sent) == 1
