"""What is closed for half a year ends: nobody can read it any more, and its code is told so.

For each report, so that a crash in between loses nothing and is made good by the next bell:

1. *cases*: its tombstone, so that the code is told the truth from then on.
2. *shreds*: its key is destroyed. Every copy of the report is unreadable from then on.
3. *cases*: the report, its events, its dialogue and its referrals go. Counts stay published.

Its leaves stay: that it was here is never hidden.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from domain.errors import DomainError
from domain.ports.sealing import Custody
from domain.ports.stores import Cases, Changed, Stores
from domain.ports.world import Clock
from domain.reports.clocks import Clocks
from domain.reports.history import RecordChanged, brought_about, true_history
from domain.reports.report import ReportId
from domain.reports.tombstone import Ending, Tombstone

HANDLED = timedelta(days=2)
"""Telegram keeps an update it could not deliver for a day."""


async def retention(
    moment: datetime,
    *,
    stores: Stores,
    custody: Custody,
    clock: Clock,
    clocks: Clocks,
    heed: Callable[[DomainError], None],
) -> int:
    """How many reports ended. A moment that is not here yet ends nothing early. Also drops
    invites nobody used, and what is remembered of staff commands that cannot come again.

    A record that somebody changed by hand is heeded and kept: an UPDATE of one row must not
    make the clock destroy a report.
    """
    today = min(moment, clock.now()).date()
    last_day = today - timedelta(days=clocks.kept_days)
    async with stores.cases() as cases:
        over = await cases.reports.ended_since(last_day)
    ended = 0
    for report in over:
        try:
            ended += await _end(report, last_day, today, stores, custody)
        except Changed:
            continue
        except RecordChanged as alarm:
            heed(alarm)
    async with stores.cases() as cases:
        await cases.staff.drop_invites(today)
        await cases.handled.sweep(today, drop_before=today - HANDLED)
        await cases.commit()
    await stores.scrub_shreds()
    return ended


async def _end(
    report: ReportId, last_day: date, today: date, stores: Stores, custody: Custody
) -> bool:
    """Whether it did. Raises Changed, RecordChanged."""
    async with stores.cases() as cases:
        tombstone = await _tombstone(cases, report, last_day, today, custody)
        if tombstone is None:
            return False
        await cases.tombstones.add(tombstone)
        await cases.commit()

    async with stores.shreds() as shreds:
        await shreds.destroy(report)
        await shreds.commit()

    async with stores.cases() as cases:
        await cases.reports.remove(report)
        await cases.commit()
    return True


async def _tombstone(
    cases: Cases, report: ReportId, last_day: date, today: date, custody: Custody
) -> Tombstone | None:
    """None unless the record itself says that the report ended so long ago."""
    found = await cases.reports.get(report)
    if found is None:
        return None
    events = await true_history(cases, found, custody)
    if brought_about(events, found.state).day > last_day:
        return None
    return Tombstone(leaf=found.intake_leaf, ending=Ending.EXPIRED, month=today.replace(day=1))
