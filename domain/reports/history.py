"""What a report's row says must be what its events say, and each act its member's own:
whoever writes to the database cannot close a report with one UPDATE, unnoticed.
"""

from collections.abc import Sequence
from itertools import pairwise, takewhile

from domain.errors import DomainError
from domain.ports.sealing import Custody, KeyRefused
from domain.ports.stores import Cases, Changed
from domain.reports.event import Event, EventKind
from domain.reports.report import Report
from domain.reports.signers import Signers
from domain.reports.state import Author, State
from domain.reports.withdrawal import is_recorded

CLOSED_BY_HAND = frozenset(state for state in State if state.is_closed) - {State.WITHDRAWN}
"""No clock, office or citizen closes a report either. Withdrawing follows from the code."""


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
    for before, event in pairwise([None, *events]):
        assert event
        if event.author is not Author.MODERATOR and _closes(report, before, event):
            raise RecordChanged
    try:
        await Signers(cases=cases, custody=custody).check(report, events)
    except KeyRefused:
        raise RecordChanged from None
    return events


def runs_backwards(events: Sequence[Event]) -> bool:
    """Somebody may have set a day back that nobody signed. So may a clock that was set: it is
    told, and refuses nobody their report.
    """
    return any(after.day < before.day for before, after in pairwise(events))


def _closes(report: Report, before: Event | None, event: Event) -> bool:
    """Without a moderator's signature, or without what only the code gives."""
    if before is not None and before.state is event.state:
        return False
    if event.state is State.WITHDRAWN:
        return report.withdrawal is None
    return event.state in CLOSED_BY_HAND


def _acted_on(report: Report) -> tuple[object, ...]:
    return report.state, report.detail, report.desk, report.withdrawal


def _agree(report: Report, events: Sequence[Event]) -> bool:
    """A new desk leaves state and detail as they were; its event has the desk instead."""
    stayed = [event for event in events if event.kind is not EventKind.ROUTED]
    if not stayed or (report.state, report.detail) != (events[-1].state, _detail(stayed[-1])):
        return False
    routed = last_routed(events)
    return (routed is None or routed.detail == report.desk) and is_recorded(report, events)


def _detail(event: Event) -> str | None:
    """The report's own: an office is signed with where it sits."""
    if event.kind is EventKind.REFERRED and event.detail:
        return event.detail.partition(" ")[0]
    return event.detail


def last_routed(events: Sequence[Event]) -> Event | None:
    """When the report went to the desk that reads it now; None if it was sent to it."""
    return next((each for each in reversed(events) if each.kind is EventKind.ROUTED), None)


def brought_about(events: Sequence[Event], state: State) -> Event:
    """The event that brought the report into this state; what came after left it there."""
    since = takewhile(lambda event: event.state is state, reversed(events))
    return list(since)[-1]
