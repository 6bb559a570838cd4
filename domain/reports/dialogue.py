"""What desk and citizen said to each other about one report, opened in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.ports.sealing import CaseSecret
from domain.reports.entry import Entry, EntryKind
from domain.reports.state import Author

MOST_ASKED = 1_000
"""Characters of a question: it is shown whole on a small card."""

MOST_SAID = 4_000
"""Characters of an answer or addition: one message of Telegram's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One entry with its words. `subject` as in `Entry`."""

    number: int
    kind: EntryKind
    author: Author
    day: date
    words: str = field(repr=False)
    subject: str | None = None


def opened(entries: Iterable[Entry], secret: CaseSecret) -> tuple[Said, ...]:
    """Raises EnvelopeLost."""
    return tuple(
        Said(
            number=entry.number,
            kind=entry.kind,
            author=entry.author,
            day=entry.day,
            words=secret.open_entry(entry.report, entry.number, entry.sealed).decode(),
            subject=entry.subject,
        )
        for entry in entries
    )


def open_questions(dialogue: Sequence[Said]) -> tuple[Said, ...]:
    """Questions nobody has answered yet, oldest first."""
    answered = {said.subject for said in dialogue if said.kind is EntryKind.ANSWER}
    return tuple(
        said
        for said in dialogue
        if said.kind is EntryKind.QUESTION and str(said.number) not in answered
    )


def summaries(dialogue: Sequence[Said]) -> tuple[Said, ...]:
    """What offices were told, newest first."""
    return tuple(said for said in reversed(dialogue) if said.kind is EntryKind.SUMMARY)


def verdict_on(summary: Said, dialogue: Sequence[Said]) -> Said | None:
    """The citizen's last word on what an office was told."""
    return next(
        (
            said
            for said in reversed(dialogue)
            if said.kind in {EntryKind.SAID_RIGHT, EntryKind.SAID_WRONG}
            and said.number > summary.number
            and said.subject == summary.subject
        ),
        None,
    )
