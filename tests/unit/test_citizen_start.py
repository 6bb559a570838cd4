"""First use: language, safety, whose phone; and what a stranger says before that."""

import pytest

from bot.dialogue.citizen import begin, has_draft, language_of, person_of
from bot.dialogue.heard import Expired, Pressed, Restarted, Typed, Unreadable
from domain.ports.chat import Language
from tests.fakes.citizen_talk import OPERATOR, FakeDesk, Talk
from tests.spoken import LANGUAGES, SPOKEN

CODE = "7K3F9Q-4821-3390-5527-1064"

each_language = pytest.mark.parametrize("language", LANGUAGES)


async def test_first_comes_a_card_that_speaks_both_languages() -> None:
    talk = Talk.of_a_stranger()
    card = await talk.says("/start")
    assert "Which language?" in card
    assert "Lugha gani?" in card
    assert list(talk.buttons().values()) == ["English", "Kiswahili"]


@each_language
async def test_language_then_safety_then_phone_then_menu(language: Language) -> None:
    talk = Talk.of_a_stranger()
    await talk.says("/start")
    safety = await talk.presses(f"language:{language}")
    assert OPERATOR in safety
    assert "Telegram" in safety
    assert "999" in safety
    assert "112" in safety
    await talk.presses("safety:read", "phone:mine")
    assert "menu:report" in talk.buttons()
    assert talk.desk.remembered == (language, False)
    assert language_of(talk.state) == language


async def test_a_shared_phone_is_remembered_as_shared() -> None:
    talk = Talk.of_a_stranger()
    await talk.says("/start")
    await talk.presses("language:sw", "safety:read", "phone:shared")
    assert talk.desk.remembered == (Language.KISWAHILI, True)
    assert person_of(talk.state).shared is True


async def test_the_safety_card_can_be_read_again_and_the_language_changed() -> None:
    talk = Talk.of_a_stranger()
    await talk.says("/start")
    await talk.presses("language:en", "safety:read", "phone:back")
    assert "This bot is run by" in talk.sees()
    await talk.presses("menu:language", "language:sw")
    assert "Bot hii inaendeshwa" in talk.sees()


async def test_a_later_start_goes_to_the_menu() -> None:
    talk = Talk.in_language(Language.ENGLISH)
    assert "What would you like to do?" in await talk.says("/start")


async def test_words_typed_before_there_is_a_language_are_taken_and_kept() -> None:
    talk = Talk.of_a_stranger()
    card = await talk.says("They came at night", "Four of them")
    assert "Your words are taken" in card
    assert "Maneno yako yamechukuliwa" in card
    assert has_draft(talk.state)
    await talk.presses("language:en", "safety:read", "phone:mine")
    assert "Taken: 2 messages" in talk.sees()
    assert talk.words() == ("They came at night", "Four of them")


async def test_words_typed_on_the_safety_card_are_taken_and_the_card_stays() -> None:
    talk = Talk.of_a_stranger()
    await talk.says("/start")
    await talk.presses("language:en")
    assert "This bot is run by" in await talk.says("They came at night")
    await talk.presses("safety:read")
    assert "only yours?" in await talk.says("Four of them")
    await talk.presses("phone:mine")
    assert talk.words() == ("They came at night", "Four of them")


async def test_nobody_comes_to_a_report_past_the_safety_card() -> None:
    talk = Talk.of_a_stranger()
    await talk.says("/report")
    await talk.presses("language:en")
    assert "This bot is run by" in talk.sees()
    await talk.says("/help")
    await talk.presses("home")
    assert "This bot is run by" in talk.sees()
    await talk.presses("safety:read", "phone:mine")
    assert "Write what happened" in talk.sees()


@pytest.mark.parametrize("said", [f"/check {CODE}", CODE])
async def test_a_code_said_before_there_is_a_language_is_tried_after_it(said: str) -> None:
    talk = Talk.of_a_stranger()
    assert "Please choose a language first." in await talk.says(said)
    await talk.presses("language:en")
    assert "No report opens with this code." in talk.sees()


@pytest.mark.parametrize("heard", [Unreadable("sticker"), Typed(" "), Pressed("words:done")])
async def test_whatever_a_stranger_does_gets_a_line_in_both_languages(heard: object) -> None:
    talk = Talk.of_a_stranger()
    card = await talk.hears(heard)
    assert "Please choose a language first." in card
    assert "Tafadhali chagua lugha kwanza." in card


async def test_a_stranger_is_told_that_words_nobody_would_read_are_not_taken() -> None:
    talk = Talk(desk=FakeDesk(staffed=set()), state=Talk.of_a_stranger().state)
    card = await talk.says("They came at night")
    assert "Your words could not be taken." in card
    assert "Maneno yako hayakuchukuliwa." in card
    assert talk.screen().untaken


async def test_an_old_button_pressed_by_a_stranger_is_answered_after_the_language() -> None:
    talk = Talk.of_a_stranger()
    await talk.presses_old("review:send")
    assert "Words you had not sent are gone." in await talk.presses("language:en")


async def test_the_language_can_be_changed_at_any_time_and_is_remembered() -> None:
    talk = Talk.in_language(Language.ENGLISH, shared=True)
    await talk.says("/language")
    assert "Ungependa kufanya nini?" in await talk.presses("language:sw")
    assert talk.desk.remembered == (Language.KISWAHILI, True)


async def test_changing_the_language_can_be_left_as_it_was() -> None:
    talk = Talk.in_language(Language.ENGLISH)
    await talk.says("/language")
    assert "What would you like to do?" in await talk.presses("language:back")


async def test_a_restart_is_told_with_the_next_answer() -> None:
    talk = Talk.in_language(Language.ENGLISH)
    assert "The bot was restarted." in await talk.hears(Restarted())
    card = await talk.says("They came at night")
    assert "The bot was restarted. Words you had not sent are gone." in card
    assert "Taken: 1 message" in card
    assert "The bot was restarted." not in await talk.says("Four of them")


async def test_a_restart_is_told_to_a_stranger_in_both_languages() -> None:
    talk = Talk.of_a_stranger()
    await talk.says("They came at night")
    card = await talk.hears(Restarted())
    assert "The bot was restarted." in card
    assert "Bot iliwashwa upya." in card
    assert not has_draft(talk.state)


async def test_thirty_silent_minutes_leave_a_stranger_at_the_first_card() -> None:
    talk = Talk.of_a_stranger()
    await talk.says("They came at night")
    assert "Which language?" in await talk.hears(Expired())
    assert not has_draft(talk.state)


def test_whose_phone_it_is_counts_only_beside_a_language() -> None:
    assert person_of(begin(None, shared=False, operator=OPERATOR, spoken=SPOKEN)).shared is None
    assert (
        language_of(begin(None, shared=False, operator=OPERATOR, spoken=SPOKEN)) == Language.ENGLISH
    )


async def test_nothing_is_remembered_before_language_and_phone_are_both_told() -> None:
    talk = Talk.of_a_stranger()
    await talk.says("/start")
    await talk.presses("language:en", "safety:read")
    assert talk.desk.remembered is None


async def test_an_old_button_never_touches_the_words_of_a_stranger() -> None:
    talk = Talk.of_a_stranger()
    await talk.says("They came at night")
    await talk.presses_old("words:cancel")
    await talk.presses("language:en")
    assert talk.words() == ("They came at night",)
