"""Whatever a citizen does, in whatever order: nothing raises, nothing is lost, nothing
on a button gives the code away, and every card fits a small screen in both languages.
"""

import asyncio
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.citizen import COMMANDS, begin, has_draft, view
from bot.dialogue.citizen.cards import (
    ChoosingLanguage,
    ChoosingToFollow,
    Forums,
    SeekingForums,
    SeekingToFollow,
)
from bot.dialogue.citizen.state import Delivered, State, Unsent
from bot.dialogue.heard import (
    Attached,
    Commanded,
    Expired,
    Heard,
    Pressed,
    Restarted,
    Typed,
    Unreadable,
)
from domain.desks.desk import NATIONAL, DeskKey, NobodyReads
from domain.errors import DomainError
from domain.ports.chat import Language
from domain.ports.sealing import CodeRefused, CodeSlip, KeyRefused, Suspect, Visits
from domain.ports.stores import LocatorTaken
from domain.reports.check import Checked, ReportExpired, ReportMissing
from domain.reports.clocks import Due, NextStep
from domain.reports.dialogue import Said
from domain.reports.draft import MAX_WORDS, TooLong
from domain.reports.entry import EntryKind
from domain.reports.state import STANDING, Author, NoActionReason, Want
from domain.reports.state import State as ReportState
from tests.fakes.citizen_talk import (
    HELD,
    OPERATOR,
    TODAY,
    UNCLEAN,
    FakeDesk,
    Talk,
    attached,
    buttons_of,
    written,
)
from tests.spoken import LANGUAGES, SPOKEN

CODE = "7K3F9Q-4821-3390-5527-1064"
MOST_LINES = 12
LINE = 40
POSTERS = ("f-nairobi-2025-10-03", "f-embu-meru-tharaka-nithi-2025-05", "f-wajir-2025-09-25")
LINES_OF_NEWS = 4
"""What a restart adds, once, above whatever card comes next."""

texts = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            *(
                "nairobi",
                "muranga",
                "Atlantis",
                "They came at night to our house",
                "kaloleni",
                "west",
                "<b>&amp;",
                "{operator}",
            ),
            *(CODE, CODE[:-1], "0722 123 456 0733 123 456", "x" * 10_000, "x" * (MAX_WORDS + 1)),
        ]
    ),
)
commands = st.builds(
    Commanded,
    st.sampled_from([name for name, _ in COMMANDS] + ["dance", ""]),
    st.sampled_from(["", CODE, "please", "muranga", "f-021", *POSTERS]),
)
others: st.SearchStrategy[Heard] = st.one_of(
    texts.map(Typed),
    commands,
    st.sampled_from(["sticker", "voice", "video", "edited", "?"]).map(Unreadable),
    st.builds(attached, st.sampled_from(["a.jpg", "b.pdf", UNCLEAN]), texts),
    st.sampled_from(["review:send", "words:cancel", "place:047", "place:x", "a:b:c", ""]).map(
        Pressed
    ),
    st.sampled_from([Expired(), Restarted(), Restarted(code_above=True)]),
)
A_BUTTON = "a button of the card"
steps = st.lists(
    st.one_of(st.tuples(st.just(A_BUTTON), st.integers(0, 20)), others, texts.map(Typed)),
    max_size=25,
)
A_DIALOGUE = tuple(
    Said(
        number=number,
        kind=kind,
        author=Author.MODERATOR,
        day=TODAY,
        words="Is it dark?",
        subject=subject,
    )
    for number, (kind, subject) in enumerate(
        [
            (EntryKind.QUESTION, None),
            (EntryKind.SUMMARY, "K7M2QX"),
            (EntryKind.QUESTION, None),
            (EntryKind.ANSWER, "0"),
        ]
    )
)
reports_stand = st.builds(
    lambda state, detail, step, late, count: Checked(
        standing=STANDING[state],
        state=state,
        since=TODAY,
        author=Author.OFFICE,
        detail=detail,
        due=Due(step=step, by=TODAY, late=late),
        visits=Visits(count=count, last=TODAY if count != 2 else None),
        held=HELD,
        dialogue=A_DIALOGUE[: count % 5],
        followed=late,
    ),
    st.sampled_from(list(ReportState)),
    st.sampled_from([None, "county_police", *Want, *NoActionReason]),
    st.sampled_from(list(NextStep)),
    st.booleans(),
    st.integers(1, 1200),
)
refusals = st.lists(
    st.sampled_from(
        [
            LocatorTaken,
            NobodyReads,
            KeyRefused,
            CodeSlip,
            CodeRefused,
            ReportExpired,
            ReportMissing,
            DomainError,
        ]
    ).map(lambda error: KeyRefused(Suspect.DESK) if error is KeyRefused else error()),
    max_size=4,
)
desks = st.builds(
    lambda staffed, refusals, found, left: FakeDesk(
        staffed=set(staffed), refusals=refusals, standing={CODE: found}, undeletable=left
    ),
    st.sampled_from([(NATIONAL,), (NATIONAL, DeskKey("021"), DeskKey("nairobi-west")), ()]),
    refusals,
    reports_stand,
    st.integers(0, 3),
)
states = st.builds(
    lambda language, shared: begin(language, shared=shared, operator=OPERATOR, spoken=SPOKEN),
    st.sampled_from([None, Language.ENGLISH, Language.KISWAHILI]),
    st.booleans(),
)


def act(talk: Talk, step: object) -> Heard:
    match step:
        case (_, int(number)):
            presses = [button.press for button in buttons_of(talk.screen())] or ["menu"]
            return Pressed(presses[number % len(presses)])
        case _:
            return step


def drops_words(heard: Heard) -> bool:
    match heard:
        case Expired() | Restarted() | Commanded("cancel" | "clear" | "forget"):
            return True
        case Pressed(button):
            return button.endswith((":cancel", ":send"))
        case _:
            return False


def lines(card: str) -> int:
    """Written lines on a small screen; empty lines between paragraphs do not count."""
    return sum(
        len(textwrap.wrap(line, LINE, break_long_words=True)) for line in card.split("\n") if line
    )


def check_screen(state: State, code: str | None) -> None:
    screen = view(state)
    news = LINES_OF_NEWS if any(text.key.startswith("report.gone") for text in state.lines) else 0
    for language in LANGUAGES:
        card = written(screen, language)
        assert 0 < len(card) <= 4096
        assert lines(card) <= MOST_LINES + news, card
    for button in buttons_of(screen):
        assert 1 <= len(button.press.encode()) <= 64
        assert code is None or not (set(code.split("-")[1:]) & set(button.press.split(":")))


def code_of(state: State) -> str | None:
    match state.report:
        case Unsent(code=code) if code is not None:
            return code.text
        case Delivered(code=code):
            return code
        case _:
            return None


def is_accounted_for(talk: Talk, before: State, tried: int, heard: Typed) -> bool:
    """What is typed joins the report, names a place, is a code tried, goes to the desk, waits
    for a language, or stays in the chat: nothing is deleted that was not taken.
    """
    state = talk.state
    taken = {"place.understood", "place.which", "check.added", "check.answered"}
    understood = taken & {line.key for line in state.lines}
    listed = isinstance(before.card, SeekingForums) and isinstance(state.card, Forums)
    sought = isinstance(before.card, SeekingToFollow | ChoosingToFollow)
    placed = sought and isinstance(state.card, ChoosingToFollow) and not state.lines
    waits = isinstance(state.card, ChoosingLanguage) and state.card.then == heard
    joined = isinstance(state.report, Unsent) and heard.text in state.report.draft.words
    told = joined or understood or listed or placed or waits
    return bool(told or state.untaken or talk.desk.tried > tried)


async def whole(talk: Talk, steps: list[object]) -> None:
    check_screen(talk.state, None)
    for step in steps:
        heard = act(talk, step)
        before, held, sent = talk.words(), talk.files(), len(talk.desk.sent)
        stood, tried = talk.state, talk.desk.tried
        await talk.hears(heard)
        check_screen(talk.state, code_of(talk.state))
        after = talk.words()
        if after[: len(before)] != before:
            assert drops_words(heard), (heard, before, after)
            assert (
                len(talk.desk.sent) == sent + 1
                or not isinstance(heard, Pressed)
                or (heard.button.endswith(":cancel"))
            )
        elif isinstance(heard, Typed) and len(after) > len(before):
            assert after == (*before, heard.text)
        if isinstance(heard, Typed) and heard.text.strip():
            assert is_accounted_for(talk, stood, tried, heard), (heard, talk.state)
        assert has_draft(talk.state) == bool(after or talk.files())
        if isinstance(heard, Attached):
            assert talk.state.untaken or talk.files() == (*held, heard.handle)
        elif talk.files() != held:
            assert drops_words(heard), heard
            assert not talk.files()


@given(desk=desks, state=states, steps=steps)
def test_any_conversation_goes_well(desk: FakeDesk, state: State, steps: list[object]) -> None:
    asyncio.run(whole(Talk(desk=desk, state=state), steps))


@given(desk=desks, presses=st.lists(st.integers(0, 20), max_size=40))
def test_pressing_about_loses_no_word(desk: FakeDesk, presses: list[int]) -> None:
    """Buttons alone reach every card of a report."""
    desk.staffed.add(NATIONAL)
    state = begin(Language.KISWAHILI, shared=True, operator=OPERATOR, spoken=SPOKEN)
    talk = Talk(desk=desk, state=state)
    steps = [Typed("Walikuja usiku"), *((A_BUTTON, number) for number in presses)]
    asyncio.run(whole(talk, steps))


@given(texts=st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=8))
def test_every_word_arrives_as_it_was_written(texts: list[str]) -> None:
    async def told() -> None:
        talk = Talk()
        await talk.says("/report")
        for text in texts:
            await talk.hears(Typed(text))
        await talk.presses("words:done", "topic:other", "county:browse", "place:036")
        await talk.presses("review:send")
        [(draft, _)] = talk.desk.sent
        assert draft.words == tuple(texts)

    asyncio.run(told())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_fullest_review_card_still_fits(language: Language) -> None:
    talk = Talk.in_language(language, shared=True)
    await talk.says("They came at night")
    for handle in ("a.jpg", "b.jpg", "c.pdf", UNCLEAN):
        await talk.hears(attached(handle))
        check_screen(talk.state, None)
    await talk.presses("words:danger", "danger:yes", "words:done", "topic:violence")
    await talk.presses("county:browse", "place:028")
    await talk.presses("review:more", "more:out", "out:chief", "out:police_station", "wish:back")
    await talk.presses("more:far", "far:summary", "wish:back")
    await talk.presses("more:forum", "forum:before", "wish:back", "more:copy")
    check_screen(talk.state, code_of(talk.state))
    for error in (KeyRefused(Suspect.DESK), NobodyReads(), LocatorTaken(), DomainError()):
        talk.desk.refusals = [error]
        await talk.presses("review:send")
        check_screen(talk.state, code_of(talk.state))
    await talk.says("x" * (MAX_WORDS + 1))
    assert any(text.key == TooLong.key for text in talk.state.lines)
    check_screen(talk.state, code_of(talk.state))
