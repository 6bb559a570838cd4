"""What waits at a desk, as a moderator sees it: a page of lines without a word of a report."""

from dataclasses import dataclass

from domain.reports.clocks import Due
from domain.reports.report import Report
from domain.reports.topic import Topic
from domain.staff.member import MemberId

PAGE = 8
"""Lines a page: what a small screen shows without scrolling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What `/queue` was asked for; `page` counts from 0."""

    topic: Topic | None = None
    late: bool = False
    mine: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    report: Report
    due: Due | None

    @property
    def late(self) -> bool:
        return self.due is not None and self.due.late


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """`total` is of all pages; `shown_by.page` is the page that is shown."""

    lines: tuple[Line, ...]
    total: int
    shown_by: Filter
    member: MemberId

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))
