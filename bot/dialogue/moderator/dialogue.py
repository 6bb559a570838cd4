"""Words in pages: the report's own, then what desk and citizen have said since; and the
question that is being written.
"""

from bot.dialogue.moderator.pages import Piece, in_pages
from bot.dialogue.named import named
from bot.dialogue.screen import Text, Verbatim
from domain.moderation.desk import OpenedReport

Page = tuple[Text | Verbatim, ...]


def pages_of(opened: OpenedReport) -> tuple[Page, ...]:
    """At least one."""
    messages = opened.words.messages
    every = (*messages, *(said.words for said in opened.dialogue))
    return tuple(
        tuple(part for piece in page for part in _piece(opened, piece, len(messages)))
        for page in in_pages(every)
    )


def written(words: str) -> Page:
    """As much of an unsent question as fits beside the card's own lines."""
    (first, *_) = in_pages((words,))
    return tuple(Verbatim(piece.words) for piece in first)


def _piece(opened: OpenedReport, piece: Piece, own: int) -> Page:
    """A report of one message needs no number above it; what has no words is said by its
    label alone.
    """
    words = (Verbatim(piece.words),) if piece.words else ()
    if piece.message > own:
        said = opened.dialogue[piece.message - own - 1]
        return (Text("moderator.said", {"what": named(said.kind), "day": said.day}), *words)
    if own == 1:
        return words
    return (Text("moderator.message", {"number": piece.message}), *words)
