"""Whatever is heard in whatever order, a moderator's card can be shown and gives nothing away."""

import textwrap
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.heard import Commanded, Expired, Heard, Pressed, Restarted, Typed, Unreadable
from bot.dialogue.moderator import COMMANDS
from bot.dialogue.moderator.asks import Unlock
from bot.dialogue.moderator.buttons import unlock_press
from bot.dialogue.moderator.cards import ConfirmingGrant, Halves, ShowingReport, WritingPassphrase
from bot.dialogue.moderator.pages import LABEL, PAGE, in_pages
from bot.dialogue.moderator.state import State
from bot.dialogue.moderator.typed import read_move, read_queue
from bot.dialogue.screen import Screen
from bot.texts.catalogue import TAG
from domain.ports.chat import Language
from domain.reports.report import ReportRef
from domain.reports.state import NoActionReason, Want
from domain.reports.state import State as Stage
from domain.reports.topic import Topic
from domain.reports.wishes import KeptOut
from domain.staff.member import MemberId
from tests.fakes.citizen_talk import buttons_of
from tests.fakes.moderator_desk import (
    NEW_PASSPHRASE,
    NEW_SHARE,
    OTHER,
    PASSPHRASE,
    SECRET,
    SHARE,
    Office,
    member,
    report,
)
from tests.fakes.moderator_talk import CATALOGUES, Talk
from tests.spoken import LANGUAGES, SPOKEN

REFS = ("7KQ2M9", "AAAAA1", "BBBBB2", "CCCCC3", "ZZZZZZ")
NAMES = tuple(name for name, _ in COMMANDS)
TYPED = (
    "claim",
    "release",
    "status",
    "grant",
    "route",
    "escalate",
    "language",
    "cancel",
    "start",
    "report",
    "forum",
)
WORDS = st.sampled_from([*REFS, *Stage, *Want, *NoActionReason, *Topic, "late", "mine", "x"])

presses = st.one_of(
    st.sampled_from(
        ["next", "lock", "stats", "cancel", "passphrase", "language:sw", "language:en"]
    ),
    st.just(unlock_press(SHARE)),
    st.just(unlock_press(bytes(32))),
    st.just(unlock_press(NEW_SHARE)),
    st.builds("{}:{}".format, st.sampled_from(["open", "claim", "release"]), st.sampled_from(REFS)),
    st.builds("route:{}:{}".format, st.sampled_from(REFS), st.integers(0, 12000)),
    st.builds(
        "{}:{}:{}".format,
        st.sampled_from(["desk", "senddesk"]),
        st.sampled_from(REFS),
        st.sampled_from(["021", "national", "nairobi-west", "999"]),
    ),
    st.builds("move:{}:{}".format, st.sampled_from(REFS), st.sampled_from(Stage)),
    st.builds("why:{}:{}:{}".format, st.sampled_from(REFS), st.sampled_from(Stage), WORDS),
    st.builds("words:{}:{}".format, st.sampled_from(REFS), st.integers(0, 12000)),
    st.builds("{}:{}".format, st.sampled_from(["letin", "grant"]), st.just(OTHER.hex())),
    st.builds("pending:{}".format, st.integers(0, 12000)),
    st.builds(
        "queue:{}:{}:{}:{}".format,
        st.sampled_from([*Topic, "any", "sky"]),
        st.sampled_from(["late", "any"]),
        st.sampled_from(["mine", "any"]),
        st.integers(0, 12000),
    ),
    st.text(max_size=64),
)
acts: st.SearchStrategy[Heard] = st.one_of(
    st.builds(Pressed, presses),
    st.builds(
        Commanded,
        st.sampled_from([*NAMES, *TYPED]),
        st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=5).map(" ".join)),
    ),
    st.builds(Typed, st.one_of(st.just(PASSPHRASE), st.text(max_size=60))),
    st.builds(Unreadable, st.sampled_from(["sticker", "photo", "edited"])),
    st.just(Expired()),
    st.just(Restarted()),
)


def office() -> Office:
    made = Office()
    made.keeps(
        report("7KQ2M9"),
        report("AAAAA1", topic=Topic.LAND, kept_out=frozenset(KeptOut), danger=True),
        report("BBBBB2", state=Stage.IN_REVIEW, claimed_by=OTHER, received=date(2026, 9, 1)),
        report("CCCCC3", state=Stage.CLAIMED_RESOLVED),
        *(report(f"QQQQ{number:02}", topic=Topic.VIOLENCE) for number in range(20)),
    )
    made.has_newcomers(*(member(MemberId(bytes([at]) * 16)) for at in range(3)), member(OTHER))
    made.custody.messages[ReportRef("AAAAA1")] = tuple(f"{SECRET} {n} " * 80 for n in range(4))
    return made


def lines(screen: Screen, language: Language) -> list[str]:
    """What Telegram shows on a small phone: 40 characters a line."""
    catalogue = CATALOGUES.of(language)
    said = "\n\n".join(TAG.sub("", catalogue.say(each)) for each in screen.paragraphs)
    return [row for line in said.split("\n") for row in (textwrap.wrap(line, 40) or [""])]


def shown_well(state: State, screen: Screen, seen: str) -> None:
    assert 0 < len(seen) <= 4096
    assert screen.protect
    assert screen.opened == isinstance(state.card, ShowingReport)
    assert (SECRET in seen) <= screen.opened
    assert PASSPHRASE not in seen
    assert (NEW_PASSPHRASE in seen) == isinstance(state.card, WritingPassphrase)
    for button in buttons_of(screen):
        assert 0 < len(button.press.encode()) <= 64
        assert button.press != unlock_press(SHARE)
        assert button.press != unlock_press(NEW_SHARE) or isinstance(state.card, Halves)
        assert 0 < len(CATALOGUES.of(state.language).plain(button.label)) <= 80


def compared_on(card: object) -> set[MemberId]:
    """Whose six words stand on it, to be compared."""
    return {card.newcomer.member} if isinstance(card, ConfirmingGrant) else set()


@given(
    st.lists(acts, max_size=25),
    st.sampled_from(LANGUAGES),
    st.sampled_from([PASSPHRASE, "no", ""]),
)
@settings(max_examples=150)
async def test_any_sequence_is_answered_and_gives_nothing_away(
    heard: list[Heard], language: Language, passphrase: str
) -> None:
    talk = Talk.in_language(language)
    talk.office = office()
    await talk.unlocks(passphrase)
    for each in heard:
        card, reading = talk.state.card, set(talk.office.stores.kept.copies)
        seen = await talk.hears(each)
        shown_well(talk.state, talk.screen(), seen)
        let_in = set(talk.office.stores.kept.copies) - reading
        assert not let_in or let_in == compared_on(card)
        assert PASSPHRASE not in repr(talk.state)
        assert NEW_PASSPHRASE not in repr(talk.state)
        if not talk.screen().opened:
            assert SECRET not in repr(talk.state)
            assert not hasattr(talk.state.card, "opened")


@given(st.lists(st.integers(0, 30), max_size=30), st.sampled_from(LANGUAGES))
@settings(max_examples=150)
async def test_whatever_button_is_pressed_leads_on(choices: list[int], language: Language) -> None:
    talk = Talk.in_language(language)
    talk.office = office()
    await talk.unlocks()
    for choice in choices:
        buttons = buttons_of(talk.screen())
        if not buttons:
            break
        seen = await talk.hears(Pressed(buttons[choice % len(buttons)].press))
        assert talk.screen().toast is None
        shown_well(talk.state, talk.screen(), seen)


@given(st.lists(acts, max_size=12), st.sampled_from(LANGUAGES))
@settings(max_examples=100)
async def test_a_card_without_words_fits_on_a_small_screen(
    heard: list[Heard], language: Language
) -> None:
    talk = Talk.in_language(language)
    talk.office = office()
    await talk.unlocks()
    for each in heard:
        await talk.hears(each)
        if not talk.screen().opened:
            answered = len(talk.state.lines)
            assert len(lines(talk.screen(), talk.state.language)) <= 12 + 6 * answered


@given(st.lists(st.text(max_size=4000), max_size=12))
def test_no_character_of_a_report_is_lost_between_pages(messages: list[str]) -> None:
    pages = in_pages(tuple(messages))
    for number, message in enumerate(messages, start=1):
        pieces = [piece for page in pages for piece in page if piece.message == number]
        assert "".join(piece.words for piece in pieces) == message
    for page in pages:
        units = sum(len(piece.words.encode("utf-16-le")) // 2 + LABEL for piece in page)
        assert units <= PAGE


@given(st.text(max_size=60), st.sampled_from([None, ReportRef("7KQ2M9")]))
def test_anything_can_be_typed_after_a_command(text: str, opened: ReportRef | None) -> None:
    read_queue(text, SPOKEN)
    move = read_move(text, opened, SPOKEN)
    assert move is None or move.to in Stage


@given(st.text(), st.binary(min_size=32, max_size=32))
def test_neither_half_of_a_key_is_in_a_printed_question(passphrase: str, share: bytes) -> None:
    asked = repr(Unlock(passphrase=f"secret{passphrase}", share=share))
    assert asked == "Unlock()"
