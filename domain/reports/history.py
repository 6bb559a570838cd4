"""What a report's row says must be what its events say, and each act its member's own:
whoever writes to the database cannot close a report with one UPDATE, unnoticed.
"""

from collections.abc import Sequence
from itertools import takewhile

from domain.errors import DomainError
from domain.ports.sealing import Custody, KeyRefused
from domain.ports.stores import Cases, Changed
from domain.reports.event import Event
from domain.reports.report import Report
from domain.reports.state import Author, State
from domain.reports.withdrawal import is_recorded


class RecordChanged(DomainError):
    """The row and its events do not agree: an alarm."""

    key = "error.record_changed"


async def true_history(cases: Cases, report: Report, custody: Custody) -> Sequence[Event]:
    """The report's events, by number. Raises RecordChanged; Changed, when somebody acted
    between the reading of the report and of its events.
    """
    events = await cases.events.of(report.id)
    if not _agree(report, events):
        now = await cases.reports.get(report.id)
        if now is None or _acted_on(now) != _acted_on(report):
            raise Changed
        raise RecordChanged
    for event in events:
        if event.author is not Author.MODERATOR:
            continue
        member = await cases.staff.member(event.member) if event.member else None
        if member is None:
            raise RecordChanged
        try:
            custody.check_act(member, event.signed_bytes(), event.signature)
        except KeyRefused:
            raise RecordChanged from None
    return events


def _acted_on(report: Report) -> tuple[object, ...]:
    return report.state, report.detail, report.withdrawal


def _agree(report: Report, events: Sequence[Event]) -> bool:
    if not events or (report.state, report.detail) != (events[-1].state, events[-1].detail):
        return False
    return is_recorded(report, events)


def brought_about(events: Sequence[Event], state: State) -> Event:
    """The event that brought the report into this state; what came after left it there."""
    since = takewhile(lambda event: event.state is state, reversed(events))
    return list(since)[-1]
