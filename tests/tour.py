"""A walk over every card that buttons and a few typed words lead to, and what fits a phone."""

import html
import re
import textwrap
from collections import deque
from collections.abc import Iterable
from copy import copy
from typing import Any, Protocol, TypeVar, get_args

from bot.dialogue.heard import Commanded, Heard, Pressed, Typed
from bot.dialogue.screen import Screen, Text, Verbatim
from bot.texts.catalogue import TAG
from domain.ports.chat import Language
from tests.fakes.citizen_talk import buttons_of
from tests.spoken import CATALOGUES, LANGUAGES

LINES, WIDE = 12, 40
LOCKS = "lock"
OF_WORDS = frozenset({"moderator.said", "moderator.message"})
"""Labels between pages of somebody's words: those may be long, and have pages of their own."""


class Talk(Protocol):
    state: Any

    async def hears(self, heard: Heard) -> object: ...
    def screen(self) -> Screen: ...


T = TypeVar("T", bound=Talk)


def rows_of(screen: Screen, language: Language) -> list[str]:
    """As a small phone shows the card: written lines, without somebody's own words."""
    ours = [
        part
        for part in screen.paragraphs
        if not isinstance(part, Verbatim) and part.key not in OF_WORDS
    ]
    said = "\n".join(CATALOGUES.of(language).say(part) for part in ours)
    plain = html.unescape(re.sub(TAG, "", said))
    return [row for line in plain.split("\n") for row in textwrap.wrap(line, WIDE)]


def too_long(screens: Iterable[Screen]) -> list[str]:
    """The cards that are longer than a small screen, each as it is seen."""
    found = {
        "\n".join(rows)
        for screen in screens
        for language in LANGUAGES
        if len(rows := rows_of(screen, language)) > LINES
    }
    return sorted(found)


def never_seen(union: Any, found: Iterable[tuple[Any, object]]) -> set[type]:
    """Kinds of cards (or of states, where those are the cards) that were not come by."""
    kinds = {getattr(state, "card", state).__class__ for state, _ in found}
    return set(get_args(union)) - kinds


def heard(typed: str) -> Heard:
    name, _, argument = typed[1:].partition(" ")
    return Commanded(name, argument) if typed.startswith("/") else Typed(typed)


async def walked(
    start: T, typed: Iterable[str], more: Iterable[Heard] = ()
) -> list[tuple[Any, Screen]]:
    """Breadth first: every state that looks different, with its screen. What stands behind the
    talk is shared, and remembers every way that was gone: what locks it is left out. Words are
    typed once at each kind of card.
    """
    said = [*map(heard, typed), *more]
    seen, told, found = set[object](), set[type](), list[tuple[Any, Screen]]()
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        presses = [
            Pressed(button.press) for button in buttons_of(here.screen()) if button.press != "lock"
        ]
        typed_here = [] if type(here.state.card) in told else said
        told.add(type(here.state.card))
        for act in [*presses, *typed_here]:
            there = copy(here)
            await there.hears(act)
            screen = there.screen()
            looks = (type(there.state.card), _shape(screen))
            if looks not in seen:
                seen.add(looks)
                found.append((there.state, screen))
                waiting.append(there)
    return found


def _shape(screen: Screen) -> tuple[object, ...]:
    """What a card says, whatever it says it of."""
    rows = tuple(len(row) for row in screen.rows)
    return (*(_keys(part) for part in screen.paragraphs), rows)


def _keys(part: object) -> object:
    if isinstance(part, Text):
        return (part.key, *(_keys(each) for each in part.params.values()))
    return type(part)
