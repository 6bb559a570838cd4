"""`/check CODE`: where a report stands, for whoever holds its code."""

from dataclasses import dataclass
from datetime import date, tzinfo

from domain.calendar import WorkingCalendar
from domain.desks.desk import DeskKey
from domain.errors import DomainError
from domain.ledger.leaf import intake_leaf
from domain.ports.sealing import (
    CaseSecret,
    CodeRefused,
    Custody,
    Opened,
    Sealer,
    Tried,
    Visits,
)
from domain.ports.stores import Cases, Stores
from domain.ports.world import Clock
from domain.reports.clocks import Clocks, Due, due
from domain.reports.dialogue import Said
from domain.reports.dialogue import opened as said_in
from domain.reports.event import Event
from domain.reports.history import brought_about, last_routed, true_history
from domain.reports.own import Held, ReportGone
from domain.reports.report import Report, ReportId
from domain.reports.state import STANDING, Author, Standing, State
from domain.reports.tombstone import Ending, Tombstone
from domain.reports.waiting import not_before
from domain.reports.withdrawal import takes_effect

NO_REPORT = ReportId(bytes(16))
"""Asked of the shreds when the locator is unknown, so that the statements are the same."""


class ReportExpired(DomainError):
    """The code is right; its report was destroyed half a year after it was closed."""

    key = "error.report_expired"


class ReportWithdrawn(DomainError):
    """The code is right; its holder withdrew the report, and it was destroyed."""

    key = "error.report_withdrawn"


class ReportMissing(DomainError):
    """The code is right and its report is gone without a trace: an alarm."""

    key = "error.report_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Never the original words. `detail` is a word of a list, or an office's key.
    `dialogue`: what was said since, by number. `followed`: news of it goes to a chat.
    `destroyed_on`: its withdrawal was asked for, and takes effect on this day. `rerouted`: it
    was sent to this desk on that day.
    """

    standing: Standing
    state: State
    since: date
    author: Author
    detail: str | None
    due: Due | None
    visits: Visits
    held: Held
    dialogue: tuple[Said, ...] = ()
    followed: bool = False
    destroyed_on: date | None = None
    rerouted: tuple[DeskKey, date] | None = None


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

    Raises CodeSlip, CodeMalformed (before any look-up), CodeRefused, ReportExpired,
    ReportWithdrawn, ReportMissing, RecordChanged; Changed, when somebody acted at the same moment.
    """
    code = sealer.read_code(typed)
    tried = await sealer.try_code(code)
    now = clock.now()
    today = now.date()
    async with stores.cases() as cases:
        report = await cases.reports.by_locator(code.locator)
        async with stores.shreds() as shreds:
            shred_key = await shreds.get(report.id if report else NO_REPORT)
        leaf = intake_leaf(tried.commitment)
        known, tombstone = await cases.leaves.has(leaf), await cases.tombstones.of(leaf)
        gone = _gone(tombstone, tried.commitment, known=known)
        opened = _open(tried, report, shred_key, today, gone)
        if report is None:
            raise CodeRefused
        if gone is ReportWithdrawn:
            raise gone
        seen = await _seen(cases, report, opened.case, custody, now.tzinfo)
        await cases.reports.keep_visits(report.id, opened.visits_sealed)
        await cases.commit()
    followed = await _is_followed(stores, opened.case)
    awaited = due(report, today, calendar, clocks)
    proof = tried.commitment
    return seen.checked(opened.case, opened.visits, awaited, proof=proof, followed=followed)


async def look_again(
    last: Checked,
    *,
    stores: Stores,
    custody: Custody,
    clock: Clock,
    calendar: WorkingCalendar,
    clocks: Clocks,
) -> Checked:
    """After an act, without the code; no visit is counted.

    Raises ReportGone, RecordChanged, EnvelopeLost, Changed.
    """
    secret, now = last.held.secret, clock.now()
    async with stores.cases() as cases:
        report = await cases.reports.get(last.held.report)
        if report is None or report.state is State.WITHDRAWN:
            raise ReportGone
        seen = await _seen(cases, report, secret, custody, now.tzinfo)
    followed = await _is_followed(stores, secret)
    awaited = due(report, now.date(), calendar, clocks)
    proof = last.held.proof
    return seen.checked(secret, last.visits, awaited, proof=proof, followed=followed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    report: Report
    author: Author
    dialogue: tuple[Said, ...]
    routed: Event | None
    destroyed_on: date | None

    def checked(
        self,
        secret: CaseSecret,
        visits: Visits,
        awaited: Due | None,
        *,
        proof: bytes,
        followed: bool,
    ) -> Checked:
        report, said = self.report, len(self.dialogue)
        return Checked(
            standing=STANDING[report.state],
            state=report.state,
            since=report.since,
            author=self.author,
            detail=report.detail,
            due=awaited,
            visits=visits,
            held=Held(report=report.id, secret=secret, said=said, proof=proof),
            dialogue=self.dialogue,
            followed=followed,
            destroyed_on=self.destroyed_on,
            rerouted=(report.desk, self.routed.day) if self.routed else None,
        )


async def _seen(
    cases: Cases, report: Report, secret: CaseSecret, custody: Custody, zone: tzinfo | None
) -> _Seen:
    events = await true_history(cases, report, custody)
    destroyed_on = None
    if report.withdrawal:
        earliest = not_before(await cases.bells.all(), zone)
        destroyed_on = max(takes_effect(report.withdrawal), earliest)
    return _Seen(
        report=report,
        author=brought_about(events, report.state).author,
        dialogue=said_in(await cases.entries.of(report.id), secret),
        routed=last_routed(events),
        destroyed_on=destroyed_on,
    )


async def _is_followed(stores: Stores, secret: CaseSecret) -> bool:
    async with stores.addresses() as addresses:
        return await addresses.mailboxes.get(secret.mailbox_slot()) is not None


def _gone(tombstone: Tombstone | None, commitment: bytes, *, known: bool) -> type[DomainError]:
    """What it means when nothing opens. A tombstone that says *withdrawn* and does not hold
    what only the code gives was made up.
    """
    match tombstone:
        case Tombstone(ending=Ending.WITHDRAWN, proof=proof) if proof == commitment:
            return ReportWithdrawn
        case Tombstone(ending=Ending.EXPIRED):
            return ReportExpired
        case _:
            return ReportMissing if known else CodeRefused


def _open(
    tried: Tried,
    report: Report | None,
    shred_key: bytes | None,
    today: date,
    gone: type[DomainError],
) -> Opened:
    """Raises `gone` where nothing opens."""
    try:
        return tried.open(report, shred_key, today)
    except CodeRefused:
        raise gone from None
