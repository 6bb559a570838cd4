"""The safe summary: the only words of a report that ever leave the desk. They are the
moderator's own, and lead to nobody.
"""

import re

from domain.errors import DomainError
from domain.reports.exposure import refuse_traces

MOST = 400
"""Characters."""

COPIED = 8
"""So many words in a row are the citizen's own, and somebody may know their voice by them."""

_NAMING = re.compile(
    r"\b(?:my|his|her|their) name\b|\bname is\b|\b(?:is|was|man|woman|boy|girl) (?:called|named)\b"
    r"|\bjina (?:la|lake|langu|lao|ni)\b|\b(?:a|wa)naitwa\b|\baitwaye\b|\bkwa jina\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


class SummaryEmpty(DomainError):
    key = "error.summary_empty"


class SummaryTooLong(DomainError):
    key = "error.summary_too_long"


class SummaryNames(DomainError):
    """It says what somebody is called."""

    key = "error.summary_names"


class SummaryCopies(DomainError):
    """It repeats the citizen's own words."""

    key = "error.summary_copies"


def check_summary(text: str, messages: tuple[str, ...]) -> str:
    """The summary as it is kept. `messages`: the words of the report.

    Raises SummaryEmpty, SummaryTooLong, SummaryNames, SummaryCopies, GivesAway.
    """
    summary = " ".join(text.split())
    if not _WORD.search(summary):
        raise SummaryEmpty
    if len(summary) > MOST:
        raise SummaryTooLong(limit=MOST)
    refuse_traces(summary)
    if _NAMING.search(summary):
        raise SummaryNames
    runs = _runs(summary)
    if any(runs & _runs(message) for message in messages) or _is_short_copy(summary, messages):
        raise SummaryCopies
    return summary


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return {tuple(words[at : at + COPIED]) for at in range(len(words) - COPIED + 1)}


def _is_short_copy(summary: str, messages: tuple[str, ...]) -> bool:
    """A whole message, copied, is a copy however short."""
    words = _WORD.findall(summary.casefold())
    return any(words == _WORD.findall(message.casefold()) for message in messages)
