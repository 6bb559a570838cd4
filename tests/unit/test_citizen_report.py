"""A report from the first word to the review card."""

import pytest

from bot.dialogue.citizen import has_draft
from bot.dialogue.citizen.state import Unsent
from bot.dialogue.heard import Expired, Unreadable
from domain.places.county import AreaKey, CountyCode
from domain.ports.chat import Language
from domain.reports.draft import MAX_WORDS
from domain.reports.topic import Topic
from tests.fakes.citizen_talk import FakeDesk, Talk


def unsent(talk: Talk) -> Unsent:
    assert isinstance(talk.state.report, Unsent)
    return talk.state.report


async def at_county(talk: Talk) -> Talk:
    await talk.says("They came at night")
    await talk.presses("words:done", "topic:gangs")
    return talk


@pytest.mark.parametrize("first", ["/report", "They came at night"])
async def test_a_report_begins_with_a_command_or_with_words(first: str) -> None:
    talk = Talk()
    assert "Write what happened" in await talk.says(first)


async def test_every_message_is_taken_and_none_is_shown() -> None:
    talk = Talk()
    card = await talk.says("/report", "They came at night", "Four of them")
    assert "Taken: 2 messages, 30 characters." in card
    assert "night" not in card
    assert talk.words() == ("They came at night", "Four of them")


@pytest.mark.parametrize("talk", [Talk(), Talk.of_a_stranger()])
async def test_words_behind_the_command_are_the_reports_first(talk: Talk) -> None:
    await talk.says("/report A gang robs people at the stage")
    assert talk.words() == ("A gang robs people at the stage",)


async def test_a_sentence_where_a_place_is_asked_stays_in_the_chat() -> None:
    talk = await at_county(Talk())
    for path in ((), ("county:browse",)):
        await talk.presses(*path)
        assert "your message stays in this chat" in await talk.says("And one of them had a gun")
        assert talk.screen().untaken


async def test_done_without_words_asks_for_words() -> None:
    talk = Talk()
    await talk.says("/report")
    assert "Write a message or send a photo first." in await talk.presses("words:done")


async def test_words_that_nobody_would_read_are_not_taken() -> None:
    talk = Talk(desk=FakeDesk(staffed=set()))
    assert "Nobody reads reports here yet." in await talk.says("They came at night")
    assert talk.screen().untaken
    assert not has_draft(talk.state)
    await talk.says("/report")
    assert not talk.screen().untaken


async def test_too_many_words_stay_in_the_chat_and_nothing_is_lost() -> None:
    talk = Talk()
    await talk.says("x" * 10_000)
    card = await talk.says("x" * 10_001)
    assert f"at most {MAX_WORDS:,} characters" in card
    assert talk.screen().untaken
    assert talk.words() == ("x" * 10_000,)
    await talk.says("y" * 10_000)
    assert not talk.screen().untaken
    assert len(talk.words()) == 2


async def test_a_first_message_too_long_still_begins_a_report() -> None:
    talk = Talk()
    assert "Too long" in await talk.says("x" * (MAX_WORDS + 1))
    assert "words:done" in talk.buttons()
    assert not has_draft(talk.state)


async def test_danger_shows_the_police_line_first_and_marks_the_report() -> None:
    talk = Talk()
    await talk.says("They are here")
    assert "999 / 112 / 911" in await talk.presses("words:danger")
    assert unsent(talk).draft.danger
    assert "Marked: someone is in danger now." in await talk.presses("danger:yes")
    await talk.presses("words:danger", "danger:no")
    assert not unsent(talk).draft.danger
    assert "Marked" not in talk.sees()


async def test_danger_without_a_kept_line_still_says_whom_to_call() -> None:
    talk = Talk(desk=FakeDesk(help_lines=()))
    await talk.says("They are here")
    card = await talk.presses("words:danger")
    assert "999" in card
    assert "112" in card


async def test_there_are_nine_topics() -> None:
    talk = Talk()
    await talk.says("They came at night")
    await talk.presses("words:done")
    assert len([press for press in talk.buttons() if press.startswith("topic:")]) == 9 + 2
    await talk.presses("topic:roads")
    assert unsent(talk).draft.topic is Topic.ROADS


@pytest.mark.parametrize(
    ("typed", "county"),
    [("muranga", "021"), ("Murang'a county", "021"), ("homabay", "043"), ("eldoret", "027")],
)
async def test_one_sure_place_goes_on_and_says_which(typed: str, county: str) -> None:
    talk = await at_county(Talk())
    card = await talk.says(typed)
    assert "Understood as: " in card
    assert "NOT SENT YET" in card
    assert unsent(talk).draft.county == CountyCode(county)


async def test_several_places_become_buttons() -> None:
    talk = await at_county(Talk())
    assert "Which of these" in await talk.says("kaloleni")
    offered = [press for press in talk.buttons() if press.startswith("place:")]
    assert len(offered) > 1
    assert "NOT SENT YET" in await talk.presses(offered[0])


async def test_an_unknown_place_gets_a_line_and_loses_nothing() -> None:
    talk = await at_county(Talk())
    assert "That place was not recognised" in await talk.says("Atlantis")
    assert talk.words() == ("They came at night",)
    assert "NOT SENT YET" in await talk.says("nyeri")


async def test_counties_come_in_pages_from_a_to_z() -> None:
    talk = await at_county(Talk())
    await talk.presses("county:browse")
    names: list[str] = []
    for page in range(1, 5):
        names += [each for press, each in talk.buttons().items() if press.startswith("place:")]
        if page < 4:
            assert f"counties:{page}" in talk.buttons()
            await talk.presses(f"counties:{page}")
    assert len(names) == 47
    assert names == sorted(names)
    assert "counties:4" not in talk.buttons()
    await talk.presses("counties:2")
    assert "NOT SENT YET" in await talk.presses("place:012")


async def test_a_county_can_be_typed_while_pages_are_shown() -> None:
    talk = await at_county(Talk())
    await talk.presses("county:browse")
    assert "Place: Nyeri" in await talk.says("nyeri")


@pytest.mark.parametrize("chosen", ["nairobi-north", "nairobi-east", "nairobi-west"])
async def test_nairobi_asks_for_its_part(chosen: str) -> None:
    talk = await at_county(Talk())
    assert "Which part of Nairobi?" in await talk.says("nairobi")
    await talk.presses(f"area:{chosen}")
    assert unsent(talk).draft.area == AreaKey(chosen)


async def test_nairobi_does_not_need_its_part() -> None:
    talk = await at_county(Talk())
    await talk.says("nairobi")
    assert "Place: Nairobi" in await talk.presses("area:unsure")
    assert unsent(talk).draft.county == CountyCode("047")
    assert unsent(talk).draft.area is None


@pytest.mark.parametrize("typed", ["west", " Magharibi ", "Kibra", "nairobi magharibi"])
async def test_the_part_of_nairobi_can_be_typed(typed: str) -> None:
    talk = await at_county(Talk())
    await talk.says("nairobi", typed)
    assert unsent(talk).draft.area == AreaKey("nairobi-west")


async def test_what_is_no_part_of_nairobi_gets_a_line() -> None:
    talk = await at_county(Talk())
    await talk.says("nairobi")
    assert "That place was not recognised" in await talk.says("qqqqqq")
    assert "area:unsure" in talk.buttons()


async def test_a_place_named_in_nairobi_needs_no_second_question() -> None:
    talk = await at_county(Talk())
    assert "Place: Nairobi West" in await talk.says("kibra nairobi")


async def test_back_leads_through_every_step_and_loses_nothing() -> None:
    talk = await at_county(Talk())
    await talk.says("nyeri")
    await talk.presses("review:back", "county:back", "topic:back", "words:back")
    assert "Your report waits." in talk.sees()
    assert talk.words() == ("They came at night",)
    assert "Taken: 1 message" in await talk.presses("home")


@pytest.mark.parametrize(
    ("path", "card"),
    [
        ((), "words"),
        (("words:danger",), "danger"),
        (("words:done",), "topic"),
        (("words:done", "topic:land"), "county"),
        (("words:done", "topic:land", "county:browse"), "counties"),
        (("words:done", "topic:land", "county:browse", "place:036"), "review"),
        (("words:done", "topic:land", "county:browse", "place:036", "review:more"), "more"),
    ],
)
async def test_every_step_can_be_cancelled(path: tuple[str, ...], card: str) -> None:
    talk = Talk()
    await talk.says("They came at night")
    for press in path:
        await talk.presses_old(press)
    assert "Cancelled. Nothing was sent" in await talk.presses(f"{card}:cancel")
    assert talk.state.report is None
    assert "Cancelled. Nothing was sent" not in await talk.says("/report")


async def test_words_typed_on_a_later_step_join_the_report() -> None:
    talk = Talk()
    await talk.says("They came at night")
    await talk.presses("words:done")
    card = await talk.says("Four of them")
    assert "Added to your report: 2 messages." in card
    assert "What is it about?" in card
    await talk.presses("topic:gangs")
    await talk.says("nyeri")
    assert "NOT SENT YET" in await talk.says("One had a gun")
    assert talk.words() == ("They came at night", "Four of them", "One had a gun")


@pytest.mark.parametrize(
    "command", ["/start", "/check", "/help", "/privacy", "/lines", "/language", "/nonsense"]
)
async def test_a_report_waits_while_something_else_is_shown(command: str) -> None:
    talk = await at_county(Talk())
    await talk.says("nyeri", command)
    assert talk.words() == ("They came at night",)
    assert "NOT SENT YET" in await talk.says("/report")
    await talk.says(command)
    home = "home" if "home" in talk.buttons() else "language:back"
    assert "NOT SENT YET" in await talk.presses(home)


async def test_words_typed_beside_a_waiting_report_join_it() -> None:
    talk = Talk()
    await talk.says("They came at night", "/privacy", "Four of them")
    assert "Taken: 2 messages" in talk.sees()


async def test_two_phone_numbers_in_a_report_are_words_and_no_code() -> None:
    talk = Talk()
    await talk.says("They called from", "0722 123 456 0733 123 456")
    assert len(talk.words()) == 2


async def test_thirty_silent_minutes_empty_the_card() -> None:
    talk = await at_county(Talk())
    assert "Nothing was sent; your unsent words are gone." in await talk.hears(Expired())
    assert not has_draft(talk.state)


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("video", "Video is not taken"),
        ("animation", "Video is not taken"),
        ("voice", "a voice is a name"),
        ("sticker", "I take written words, photos and files."),
        ("location", "It is still in this chat: delete it, or use /clear."),
        ("contact", "It is still in this chat: delete it, or use /clear."),
        ("edited", "A changed message is not read again."),
        ("something_new", "I take written words, photos and files."),
    ],
)
async def test_what_cannot_be_read_is_left_where_it_is(kind: str, line: str) -> None:
    talk = await at_county(Talk())
    assert line in await talk.hears(Unreadable(kind))
    assert talk.screen().untaken
    assert "In which county" in talk.sees()
    assert talk.words() == ("They came at night",)


async def test_the_report_can_be_told_in_kiswahili() -> None:
    talk = Talk.in_language(Language.KISWAHILI)
    assert "Tumechukua ujumbe 1, herufi 14." in await talk.says("Walikuja usiku")
    await talk.presses("words:done", "topic:gangs")
    card = await talk.says("kaunti ya nyeri")
    assert "HAIJATUMWA BADO." in card
    assert "Kuhusu: Magenge na siasa" in card
