"""Everything said with a slash, and the cards that only tell."""

import re

import pytest

from bot.dialogue.citizen import COMMANDS, begin, has_draft, person_of
from bot.dialogue.citizen.lines import LINES_FOR
from bot.dialogue.heard import Commanded, Expired, Typed, Unreadable
from domain.errors import DomainError
from domain.lines.help_line import Confirmed, HelpLine, HelpLineKey
from domain.ports.chat import Cleared, Language
from domain.reports.topic import Topic
from tests.fakes.citizen_talk import OPERATOR, FakeDesk, Talk
from tests.spoken import SPOKEN


class DeskThatCannot(FakeDesk):
    async def clear(self) -> Cleared:
        raise DomainError


@pytest.mark.parametrize("name", [name for name, _ in COMMANDS])
async def test_every_command_of_the_menu_is_known(name: str) -> None:
    talk = Talk()
    assert "does not know that command" not in await talk.hears(Commanded(name))


NAMED = re.compile(r"/([a-z]+)")


async def test_every_command_stands_in_the_help() -> None:
    talk = Talk()
    card = await talk.says("/help")
    assert {name for name, _ in COMMANDS} - {"start", "help"} == {
        name for line in card.split("\n") if line.startswith("/") for name in NAMED.findall(line)
    }


@pytest.mark.parametrize(
    "name", ["report", "check", "forums", "lines", "privacy", "language", "help"]
)
async def test_the_menu_leads_where_its_commands_lead(name: str) -> None:
    talk, other = Talk(), Talk()
    await talk.says("/start")
    assert await talk.presses(f"menu:{name}") == await other.says(f"/{name}")


async def test_an_unknown_command_gets_a_line_and_the_menu() -> None:
    talk = Talk()
    assert "does not know that command" in await talk.says("/dance")
    assert "menu:report" in talk.buttons()
    assert not talk.screen().untaken


async def test_words_behind_an_unknown_command_stay_in_the_chat() -> None:
    talk = Talk()
    await talk.says("/they came at night")
    assert talk.screen().untaken


@pytest.mark.parametrize("name", ["help", "lines", "privacy", "language", "cancel", "start"])
async def test_words_behind_a_command_that_takes_none_stay_in_the_chat(name: str) -> None:
    talk = Talk()
    assert "they stay in this chat" in await talk.says(f"/{name} they came at night")
    assert talk.screen().untaken


async def test_privacy_says_what_telegram_can_see() -> None:
    talk = Talk()
    assert "Never kept with a report" in await talk.says("/privacy")
    assert "30 minutes" in await talk.presses("privacy:1")
    page = await talk.presses("privacy:2")
    assert "Telegram can see that you write here, and what you write" in page
    assert all(word in page for word in ("running server", "token"))
    assert "Spyware" in await talk.presses("privacy:3")
    assert "privacy:4" not in talk.buttons()


@pytest.mark.parametrize("topic", list(Topic))
async def test_every_topic_has_lines_and_the_known_ones_only(topic: Topic) -> None:
    talk = Talk()
    await talk.says("/lines")
    card = await talk.presses(f"lines:{topic}")
    numbers = {line.key: line.number for line in talk.desk.help_lines}
    assert LINES_FOR[topic]
    for key in LINES_FOR[topic]:
        assert numbers[key] in card
    await talk.presses("lines:back")
    assert "Help lines. What is it about?" in talk.sees()


async def test_the_line_that_asks_for_a_name_says_so() -> None:
    talk = Talk()
    await talk.says("/lines")
    assert "asks your name" in await talk.presses("lines:officials")


async def test_a_line_the_operator_does_not_keep_is_left_out() -> None:
    own = HelpLine(
        key=HelpLineKey("kws"),
        name="KWS",
        number="0800 1",
        hours="",
        note="",
        confirmed=Confirmed.ALL,
    )
    talk = Talk(desk=FakeDesk(help_lines=(own,)))
    await talk.says("/lines")
    assert "0800 1" in await talk.presses("lines:other")
    await talk.presses("lines:back")
    assert "There is no line for this here." in await talk.presses("lines:land")


async def test_cancel_empties_a_report_and_says_so() -> None:
    talk = Talk()
    assert "Cancelled. Nothing was sent" in await talk.says("They came at night", "/cancel")
    assert not has_draft(talk.state)
    assert "There is nothing to cancel." in await talk.says("/cancel")


async def test_clear_empties_the_chat_and_says_how_to_remove_it() -> None:
    talk = Talk()
    card = await talk.says("/clear")
    assert talk.desk.cleared == 1
    assert talk.screen().brief
    assert "Delete chat" in card


async def test_clear_leaves_no_unsent_words() -> None:
    talk = Talk()
    assert "Words you had not sent are gone." in await talk.says("They came at night", "/clear")
    assert not has_draft(talk.state)


async def test_clear_says_what_telegram_did_not_let_go_of() -> None:
    talk = Talk(desk=FakeDesk(undeletable=3))
    assert "did not let 3 old messages go" in await talk.says("/clear")


async def test_clear_never_says_it_is_done_when_it_is_not() -> None:
    talk = Talk(desk=DeskThatCannot())
    card = await talk.says("/clear")
    assert "Done." not in card
    assert "Something went wrong" in card
    assert not talk.screen().brief


async def test_after_clear_the_conversation_goes_on() -> None:
    talk = Talk()
    assert "Taken: 1 message" in await talk.says("/clear", "They came at night")


async def test_forget_drops_draft_and_language_and_the_next_word_is_a_strangers() -> None:
    talk = Talk.in_language(Language.KISWAHILI)
    card = await talk.says("Walikuja usiku", "/forget")
    assert "Tumesahau lugha yako" in card
    assert talk.desk.forgotten == 1
    assert talk.screen().brief
    assert not has_draft(talk.state)
    assert "Which language?" in await talk.says("/start")
    assert person_of(talk.state).shared is None


@pytest.mark.parametrize("command", ["/clear", "/forget", "/cancel"])
async def test_panic_is_obeyed_before_there_is_a_language(command: str) -> None:
    talk = Talk.of_a_stranger()
    await talk.says("They came at night", command)
    assert not has_draft(talk.state)
    assert talk.desk.cleared + talk.desk.forgotten == (command != "/cancel")


@pytest.mark.parametrize("typed", ["", "  ", "\n"])
async def test_an_empty_message_gets_a_line(typed: str) -> None:
    talk = Talk()
    card = await talk.hears(Typed(typed))
    assert "That message was empty." in card
    assert not has_draft(talk.state)


async def test_silence_at_the_menu_changes_nothing() -> None:
    talk = Talk()
    before = talk.sees()
    assert await talk.hears(Expired()) == before


async def test_a_card_that_vanishes_stays_the_same_under_old_buttons() -> None:
    talk = Talk()
    card = await talk.says("/clear")
    assert await talk.presses_old("menu") != card
    await talk.says("/clear")
    assert await talk.presses_old("words:done") == card
    assert await talk.hears(Expired()) == card


async def test_a_sticker_at_the_menu_gets_a_line() -> None:
    talk = Talk(state=begin(Language.ENGLISH, shared=True, operator=OPERATOR, spoken=SPOKEN))
    assert "I take written words, photos and files" in await talk.hears(Unreadable("sticker"))
