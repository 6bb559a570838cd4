"""A report's words in pages that fit into one message of Telegram's."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

PAGE = 3_000
"""UTF-16 units of words a page: 4,096 is the limit, and the card has lines of its own."""

LABEL = 48
"""What the line above a message takes, at most."""

ROOM = PAGE - LABEL
LAST_OF_ONE_UNIT = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What of one message stands on a page; messages are counted from 1."""

    message: int
    words: str


def in_pages(messages: tuple[str, ...]) -> tuple[tuple[Piece, ...], ...]:
    """At least one page; every character stands on exactly one."""
    pages: list[tuple[Piece, ...]] = []
    page: tuple[Piece, ...] = ()
    used = 0
    for number, message in enumerate(messages, start=1):
        for words in _cut(message):
            size = _units(words) + LABEL
            if page and used + size > PAGE:
                pages.append(page)
                page, used = (), 0
            page, used = (*page, Piece(message=number, words=words)), used + size
    return (*pages, page)


def _cut(words: str) -> Iterator[str]:
    """Between words where that wastes no more than half a page."""
    while _units(words) > ROOM:
        most = _fitting(words)
        space = max(words.rfind(" ", 0, most), words.rfind("\n", 0, most)) + 1
        end = space if space > most // 2 else most
        yield words[:end]
        words = words[end:]
    yield words


def _fitting(words: str) -> int:
    """How many characters fit into `ROOM`."""
    return sum(used <= ROOM for used in accumulate(map(_units_of, words)))


def _units(words: str) -> int:
    return sum(map(_units_of, words))


def _units_of(character: str) -> int:
    return 2 if ord(character) > LAST_OF_ONE_UNIT else 1
