"""Every step meets every bad input: a clear line or a toast, and nothing is lost."""

import pytest

from bot.dialogue.citizen.state import Unsent
from bot.dialogue.heard import Commanded, Heard, Pressed, Typed, Unreadable
from domain.ports.chat import Language
from tests.fakes.citizen_talk import Talk
from tests.spoken import LANGUAGES

TOPIC = ("words:done",)
COUNTY = (*TOPIC, "topic:land")
REVIEW = (*COUNTY, "county:browse", "place:036")
STEPS: dict[str, tuple[str, ...]] = {
    "words": (),
    "danger": ("words:danger",),
    "topic": TOPIC,
    "county": COUNTY,
    "counties": (*COUNTY, "county:browse"),
    "area": (*COUNTY, "county:browse", "counties:1", "counties:2", "place:047"),
    "review": REVIEW,
    "more": (*REVIEW, "review:more"),
    "kept_out": (*REVIEW, "review:more", "more:out"),
    "how_far": (*REVIEW, "review:more", "more:far"),
    "forum": (*REVIEW, "review:more", "more:forum"),
    "copying": (*REVIEW, "review:more", "more:copy"),
}
BAD: dict[str, Heard] = {
    "old button": Pressed("sent:written"),
    "wrong button": Pressed("topic:nothing_like_it"),
    "no button of ours": Pressed("\u2603" * 20),
    "empty button": Pressed(""),
    "page out of the book": Pressed("counties:99"),
    "sticker": Unreadable("sticker"),
    "photo": Unreadable("photo"),
    "voice": Unreadable("voice"),
    "empty text": Typed(""),
    "blank text": Typed(" \n\t"),
    "too much text": Typed("x" * 25_000),
    "unknown command": Commanded("dance"),
    "a wrong code": Commanded("check", "7K3F9Q-4821-3390-5527-1064"),
    "no code": Commanded("check", "please"),
}
WORDS = ("They came at night", "Four of them")


async def at(step: str, language: Language) -> Talk:
    talk = Talk.in_language(language)
    await talk.says(*WORDS)
    await talk.presses(*STEPS[step])
    return talk


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("bad", BAD)
async def test_bad_input_gets_an_answer_and_loses_nothing(
    step: str, bad: str, language: Language
) -> None:
    talk = await at(step, language)
    card = talk.screen().paragraphs
    await talk.hears(BAD[bad])
    assert talk.words() == WORDS
    assert talk.toast() or talk.screen().paragraphs != card
    assert talk.buttons()


@pytest.mark.parametrize("step", STEPS)
async def test_after_bad_input_the_report_can_still_be_sent(step: str) -> None:
    talk = await at(step, Language.ENGLISH)
    for heard in BAD.values():
        await talk.hears(heard)
    await talk.says("/report")
    while "words:done" not in talk.buttons():
        await talk.presses(next(press for press in talk.buttons() if press in _BACKWARDS))
    await talk.presses(*REVIEW, "review:send")
    assert [draft.words for draft, _ in talk.desk.sent] == [WORDS]


_BACKWARDS = {"danger:yes", "wish:back", "more:back", "area:back", "counties:back"} | {
    "review:back",
    "county:back",
    "topic:back",
}


@pytest.mark.parametrize("step", ["county", "counties", "area"])
@pytest.mark.parametrize("typed", ["Atlantis", "x" * 10_000, "Township", "12345", "<b>&"])
async def test_an_unknown_county_gets_a_line_on_the_same_card(step: str, typed: str) -> None:
    talk = await at(step, Language.ENGLISH)
    before = talk.buttons()
    assert "That place was not recognised" in await talk.says(typed)
    assert talk.buttons() == before
    assert talk.screen().untaken


@pytest.mark.parametrize("step", ["words", "topic", "review", "kept_out"])
async def test_ten_thousand_characters_are_taken_where_words_are_taken(step: str) -> None:
    talk = await at(step, Language.ENGLISH)
    await talk.says("x" * 10_000)
    assert talk.words() == (*WORDS, "x" * 10_000)
    assert isinstance(talk.state.report, Unsent)
