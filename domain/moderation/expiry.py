"""What a moderator took and did not touch goes back to the queue by itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from domain.calendar import WorkingCalendar
from domain.errors import DomainError
from domain.ports.sealing import Custody
from domain.ports.stores import Changed, Stores
from domain.ports.world import Entropy
from domain.reports.clocks import Clocks, over_since
from domain.reports.event import EventKind
from domain.reports.history import RecordChanged, true_history
from domain.reports.record import record_act
from domain.reports.report import ReportId
from domain.reports.state import Author


async def release_claims(
    moment: datetime,
    *,
    stores: Stores,
    custody: Custody,
    calendar: WorkingCalendar,
    clocks: Clocks,
    entropy: Entropy,
    heed: Callable[[DomainError], None],
) -> int:
    """How many were released. The state stays, so the citizen is told nothing.

    A record that somebody changed by hand is heeded and left as it is: an event of the
    clock on top would vouch for it.
    """
    today = moment.date()
    untouched_since = over_since(today, clocks.claim, calendar)
    async with stores.cases() as cases:
        idle = await cases.reports.untouched_since(untouched_since)
    released = 0
    for report in idle:
        try:
            released += await _release(
                report,
                untouched_since=untouched_since,
                today=today,
                stores=stores,
                custody=custody,
                entropy=entropy,
            )
        except Changed:
            continue  # it is being touched at this moment
        except RecordChanged as alarm:
            heed(alarm)
    return released


async def _release(
    report: ReportId,
    *,
    untouched_since: date,
    today: date,
    stores: Stores,
    custody: Custody,
    entropy: Entropy,
) -> bool:
    """Whether it was. Raises Changed, RecordChanged."""
    async with stores.cases() as cases:
        before = await cases.reports.get(report)
        if before is None or before.claimed_by is None:
            return False
        events = await true_history(cases, before, custody)
        if max(event.day for event in events) > untouched_since:
            return False
        await record_act(
            cases,
            before=before,
            after=replace(before, claimed_by=None),
            kind=EventKind.RELEASED,
            author=Author.CLOCK,
            day=today,
            secret=None,
            entropy=entropy,
        )
        await cases.commit()
    return True
