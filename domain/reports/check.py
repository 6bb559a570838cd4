"""`/check CODE`: where a report stands, for whoever holds its code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from domain.calendar import WorkingCalendar
from domain.errors import DomainError
from domain.ledger.leaf import intake_leaf
from domain.ports.sealing import CodeRefused, Custody, Opened, Sealer, Tried, Visits
from domain.ports.stores import Stores
from domain.ports.world import Clock
from domain.reports.clocks import Clocks, Due, due
from domain.reports.event import Event
from domain.reports.history import true_history
from domain.reports.report import Report, ReportId
from domain.reports.state import STANDING, Author, Standing, State

NO_REPORT = ReportId(bytes(16))
"""Asked of the shreds when the locator is unknown, so that the statements are the same."""


class ReportMissing(DomainError):
    """The code is right and its report is gone without a trace: an alarm."""

    key = "error.report_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Never the original words. `detail` is a word of a list, or an office's key."""

    standing: Standing
    state: State
    since: date
    author: Author
    detail: str | None
    due: Due | None
    visits: Visits


async def check(
    typed: str,
    *,
    stores: Stores,
    sealer: Sealer,
    custody: Custody,
    clock: Clock,
    calendar: WorkingCalendar,
    clocks: Clocks,
) -> Checked:
    """A wrong and an unknown code take the same path: one Argon2id, one open, the
    same statements.

    Raises CodeSlip, CodeMalformed (before any look-up), CodeRefused, ReportMissing,
    RecordChanged; Changed, when somebody acted at the same moment.
    """
    code = sealer.read_code(typed)
    tried = await sealer.try_code(code)
    today = clock.now().date()
    async with stores.cases() as cases:
        report = await cases.reports.by_locator(code.locator)
        async with stores.shreds() as shreds:
            shred_key = await shreds.get(report.id if report else NO_REPORT)
        known = await cases.leaves.has(intake_leaf(tried.commitment))
        opened = _open(tried, report, shred_key, today, known=known)
        if report is None:
            raise CodeRefused
        author = _who_said_so(await true_history(cases, report, custody), report.state)
        await cases.reports.keep_visits(report.id, opened.visits_sealed)
        await cases.commit()
    return _checked(report, author, opened, due(report, today, calendar, clocks))


def _who_said_so(events: Sequence[Event], state: State) -> Author:
    """Whoever brought the report into this state; what came after left it there."""
    since = takewhile(lambda event: event.state is state, reversed(events))
    return [event.author for event in since][-1]


def _open(
    tried: Tried, report: Report | None, shred_key: bytes | None, today: date, *, known: bool
) -> Opened:
    try:
        return tried.open(report, shred_key, today)
    except CodeRefused:
        if known:
            raise ReportMissing from None
        raise


def _checked(report: Report, author: Author, opened: Opened, awaited: Due | None) -> Checked:
    return Checked(
        standing=STANDING[report.state],
        state=report.state,
        since=report.since,
        author=author,
        detail=report.detail,
        due=awaited,
        visits=opened.visits,
    )
