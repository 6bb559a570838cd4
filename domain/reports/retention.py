"""What is closed for half a year ends, and so does what its holder withdrew: nobody can read
it any more, and its code is told so.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from domain.digest.measure import UNCOUNTED
from domain.errors import DomainError
from domain.ledger.leaf import intake_leaf
from domain.ports.sealing import Custody
from domain.ports.stores import Cases, Changed, Stores
from domain.ports.world import Clock, Entropy
from domain.reports.clocks import Clocks
from domain.reports.ending import end
from domain.reports.event import EventKind
from domain.reports.history import RecordChanged, brought_about, runs_backwards, true_history
from domain.reports.record import record_act
from domain.reports.report import Report, ReportId
from domain.reports.state import Author, State
from domain.reports.tombstone import Ending, Tombstone
from domain.reports.waiting import not_before
from domain.reports.withdrawal import asked_by, takes_effect, withdrawn

HANDLED = timedelta(days=2)
"""Telegram keeps an update it could not deliver for a day."""

TRIES = 3
"""How often a withdrawal is tried when the desk acts at the same moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """A record that somebody changed by hand is heeded and kept: an UPDATE of one row must
    not make the clock destroy a report.
    """

    stores: Stores
    custody: Custody
    clock: Clock
    clocks: Clocks
    entropy: Entropy
    heed: Callable[[DomainError], None]

    async def run(self, moment: datetime) -> int:
        """How many reports ended. A moment that is not here yet ends nothing early. Also drops
        invites nobody used, and what is remembered of staff commands that cannot come again.

        The files are scrubbed even where nothing ended: the run before may have been killed.
        """
        today = min(moment, self.clock.now()).date()
        last_day = today - timedelta(days=self.clocks.kept_days)
        async with self.stores.cases() as cases:
            unwanted = await cases.reports.withdrawal_asked_by(asked_by(today))
            over = await cases.reports.ended_since(last_day)
            earliest = not_before(await cases.bells.all(), self.clock.now().tzinfo)
        ended = 0
        for report in unwanted:
            withdraw = partial(self._withdraw, report, today, earliest)
            ended += await self._end(report, withdraw, TRIES)
        for report in over:
            ended += await self._end(report, partial(self._expire, report, last_day, today), 1)
        async with self.stores.cases() as cases:
            await cases.staff.drop_invites(today)
            await cases.handled.sweep(today, drop_before=today - HANDLED)
            await cases.commit()
        await self.stores.scrub()
        return ended

    async def _end(
        self, report: ReportId, entomb: Callable[[Cases], Awaitable[bool]], tries: int
    ) -> bool:
        for _ in range(tries):
            try:
                return await end(report, entomb, self.stores)
            except Changed:
                continue
            except RecordChanged as alarm:
                self.heed(alarm)
                return False
        return False

    async def _expire(self, report: ReportId, last_day: date, today: date, cases: Cases) -> bool:
        """Only if the record itself says that the report ended so long ago."""
        found = await cases.reports.get(report)
        if found is None:
            return False
        events = await true_history(cases, found, self.custody)
        if brought_about(events, found.state).day > last_day:
            return False
        await cases.tombstones.add(_tombstone(found, Ending.EXPIRED, today))
        return True

    async def _withdraw(self, report: ReportId, today: date, earliest: date, cases: Cases) -> bool:
        """Only if the record says so, and the code has; `true_history` looks at both. Not before
        `earliest`, whenever it was asked for.
        """
        found = await cases.reports.get(report)
        if found is None or found.withdrawal is None:
            return False
        if await _was_entombed(cases, found):
            return True
        events = await true_history(cases, found, self.custody)
        if max(takes_effect(found.withdrawal), earliest) > today:
            return False
        if runs_backwards(events):
            self.heed(RecordChanged())
        if found.state not in UNCOUNTED:
            await cases.publications.count_withdrawn(found.county, found.topic, today)
        tombstone = _tombstone(found, Ending.WITHDRAWN, today, found.withdrawal.proof)
        await cases.tombstones.add(tombstone)
        await record_act(
            cases,
            before=found,
            after=withdrawn(found, today),
            kind=EventKind.WITHDRAWN,
            author=Author.CLOCK,
            day=today,
            secret=None,
            entropy=self.entropy,
        )
        return True


def _tombstone(report: Report, ending: Ending, today: date, proof: bytes = b"") -> Tombstone:
    month = today.replace(day=1)
    return Tombstone(leaf=report.intake_leaf, ending=ending, month=month, proof=proof)


async def _was_entombed(cases: Cases, report: Report) -> bool:
    """By a run that did not come to its end."""
    if report.state is not State.WITHDRAWN:
        return False
    tombstone = await cases.tombstones.of(report.intake_leaf)
    return tombstone is not None and intake_leaf(tombstone.proof) == report.intake_leaf
