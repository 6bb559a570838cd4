"""Words in pages: the report's own, what offices say they did, then what desk and citizen
have said since, of which the newest stands last; and the question that is being written.
"""

from collections.abc import Iterator, Sequence

from bot.dialogue.moderator.pages import Piece, in_pages
from bot.dialogue.named import named
from bot.dialogue.screen import Text, Verbatim
from domain.moderation.answers import OpenedReport

Page = tuple[Text | Verbatim, ...]


def pages_of(opened: OpenedReport) -> tuple[Page, ...]:
    """At least one."""
    labelled = tuple(_labelled(opened))
    return tuple(
        tuple(part for piece in page for part in _piece(labelled, piece))
        for page in in_pages(tuple(words for _, words in labelled))
    )


def written(words: str) -> Page:
    """As much of an unsent question as fits beside the card's own lines."""
    (first, *_) = in_pages((words,))
    return tuple(Verbatim(piece.words) for piece in first)


def _labelled(opened: OpenedReport) -> Iterator[tuple[Text | None, str]]:
    """A report of one message needs no number above it."""
    messages = opened.words.messages
    for number, words in enumerate(messages, start=1):
        yield Text("moderator.message", {"number": number}) if len(messages) > 1 else None, words
    for proof in opened.proofs:
        yield Text("moderator.proof", {"number": proof.number, "day": proof.day}), proof.words
    for said in opened.dialogue:
        yield Text("moderator.said", {"what": named(said.kind), "day": said.day}), said.words


def _piece(labelled: Sequence[tuple[Text | None, str]], piece: Piece) -> Page:
    """What has no words is said by its label alone."""
    label, _ = labelled[piece.message - 1]
    words = (Verbatim(piece.words),) if piece.words else ()
    return (label, *words) if label is not None else words
