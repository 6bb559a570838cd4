"""The dialogue of one report, under its case secret: what desk and citizen say to each other
after *Send*, and what an office was told.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.reports.report import ReportId
from domain.reports.state import Author


class EntryKind(StrEnum):
    """`said_right` and `said_wrong` are the citizen's word on the summary before them."""

    QUESTION = "question"
    ANSWER = "answer"
    ADDITION = "addition"
    SUMMARY = "summary"
    SAID_RIGHT = "said_right"
    SAID_WRONG = "said_wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`number` counts within the report, from 0. `day` is coarse on purpose. `sealed` holds
    the words, padded; `subject` is the referral a summary and the word on it belong to, or
    the number of the question that an answer is to.
    """

    report: ReportId
    number: int
    kind: EntryKind
    author: Author
    day: date
    sealed: bytes = field(repr=False)
    subject: str | None = None
