"""At the desk: ask a citizen, and read what they said back."""

from dataclasses import replace
from datetime import date

import pytest

from bot.dialogue.moderator.typed import read_ask
from domain.ports.chat import Language
from domain.reports.entry import Entry, EntryKind
from domain.reports.report import Report, ReportRef
from domain.reports.state import Author, State
from tests.fakes.moderator_desk import ME, OpenSession, report
from tests.fakes.moderator_talk import Talk
from tests.spoken import LANGUAGES

REF = "7KQ2M9"


async def reading(talk: Talk | None = None, **given: object) -> Talk:
    talk = talk or Talk()
    talk.office.keeps(report(REF, **given))
    await talk.unlocks()
    await talk.says(f"/open {REF}")
    return talk


def says(talk: Talk, one: Report, kind: EntryKind, words: str, subject: str | None = None) -> None:
    """The citizen, or an earlier moderator."""
    kept = talk.office.stores.kept
    secret = OpenSession(ME, frozenset(), {}).case(one, b"")
    number = len(kept.entries)
    kept.entries.append(
        Entry(
            report=one.id,
            number=number,
            kind=kind,
            author=Author.CITIZEN,
            day=date(2026, 11, 2),
            sealed=secret.seal_entry(one.id, number, words.encode()),
            subject=subject,
        )
    )
    kept.reports[one.ref] = replace(kept.reports[one.ref], unread=True)


async def test_the_button_asks_for_a_question_and_the_next_message_is_it() -> None:
    talk = await reading()
    assert "Ask for no name" in await talk.presses(f"ask:{REF}")
    card = await talk.says("Is it still dark there?")
    assert "Asked. The citizen is told" in card
    assert "Is it still dark there?" in card
    assert talk.office.of().notice_due


@pytest.mark.parametrize("typed", [f"/ask {REF} Is it dark?", "/ask Is it dark?"])
async def test_a_question_can_be_typed_at_once(typed: str) -> None:
    talk = await reading()
    assert "Asked. The citizen is told" in await talk.says(typed)


async def test_a_question_that_gives_away_is_shown_again_with_the_reason() -> None:
    talk = await reading()
    await talk.presses(f"ask:{REF}")
    card = await talk.says("Call 0722 123 456")
    assert "It holds a phone number." in card
    assert "Call 0722 123 456" in card
    assert not talk.office.stores.kept.entries
    assert "Asked. The citizen is told" in await talk.says("Is it dark?")


async def test_asking_can_be_left() -> None:
    talk = await reading()
    await talk.presses(f"ask:{REF}")
    assert "Nothing was done." in await talk.says("/cancel")
    await talk.presses(f"ask:{REF}", f"open:{REF}")
    await talk.says("Is it dark?")
    assert not talk.office.stores.kept.entries


async def test_what_is_closed_or_anothers_offers_no_question() -> None:
    talk = await reading(state=State.CONFIRMED)
    assert f"ask:{REF}" not in talk.buttons()


async def test_without_a_report_opened_the_ref_is_needed() -> None:
    talk = Talk()
    await talk.unlocks()
    assert "The question" not in await talk.says("/ask Is it dark?")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_dialogue_stands_after_the_words_and_is_read_once_opened(
    language: Language,
) -> None:
    talk = Talk.in_language(language)
    one = report(REF)
    talk.office.keeps(one)
    says(talk, one, EntryKind.ANSWER, "Yes, every night", "0")
    says(talk, one, EntryKind.SAID_WRONG, "", "K7M2QX")
    await talk.unlocks()
    flag = "NEW WORDS" if language == Language.ENGLISH else "MANENO MAPYA"
    await talk.says("/queue")
    assert any(flag in label for label in talk.buttons().values())
    card = await talk.says(f"/open {REF}")
    assert card.index("pangas") < card.index("Yes, every night")
    assert not talk.office.of().unread


async def test_new_words_are_shown_first_even_where_they_stand_last() -> None:
    talk, one = Talk(), report(REF)
    talk.office.keeps(one)
    for number in range(4):
        says(talk, one, EntryKind.ADDITION, "word " * 700 + f"part {number}")
    await talk.unlocks()
    assert "part 3" in await talk.says(f"/open {REF}")
    assert "part 3" not in await talk.says(f"/open {REF}")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (f"{REF} is it dark", (REF, "is it dark")),
        ("bridge is dark", ("ABC123", "bridge is dark")),
        ("abc123 is it dark", ("ABC123", "is it dark")),
        ("BRIDGE is it dark", ("BR1DGE", "is it dark")),
        ("", ("ABC123", "")),
    ],
)
def test_a_first_word_is_a_ref_only_where_it_looks_like_one(
    typed: str, read: tuple[str, str]
) -> None:
    assert read_ask(typed, ReportRef("ABC123")) == read
