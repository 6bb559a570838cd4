"""Bells: one leader does the jobs that belong to moments of the clock. What was missed while
nobody led is caught up once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.followup.bells import DAY
from domain.ports.lead import Lead
from domain.ports.stores import Stores
from domain.ports.world import Clock
from domain.reports.waiting import SERVED_AGAIN
from scheduler.clock import BellJob

DOUBTS = timedelta(hours=1)
"""A machine that has just started may not know the time yet, and nothing is done for moments of
last year. If it is as late after an hour, it was the record that was wrong.
"""


@dataclass(slots=True, kw_only=True)
class Ringing:
    """`doubts_since`: something is recorded for later than now, so the clock is wrong or was.
    `leaps`: the clock is moved by hand, in the demo, and a day that nothing served is none.
    """

    jobs: Sequence[BellJob]
    stores: Stores
    clock: Clock
    lead: Lead
    log: Callable[..., None]
    leaps: bool = False
    doubts_since: datetime | None = None

    async def ring_due(self) -> int:
        """How many jobs were done; none where another process leads. A job that fails is
        logged, keeps nobody back, and is tried again at the next call. A job nobody has
        seen yet does not catch up what was before it: its first moment is the next one.
        """
        if not await self.lead.held():
            return 0
        rung, now = await self._rung(), self.clock.now()
        wrong = {name for name, last in rung.items() if last > now}
        if self._doubts(now, wrong=bool(wrong)):
            return 0
        if not self.leaps and (wrong or self._was_away(rung, now)):
            await self._record(SERVED_AGAIN, now)
        if wrong:
            await self._set_back(wrong, now)
            rung = await self._rung()
        done = 0
        for job in self.jobs:
            moment = job.bell.latest(self.clock.now())
            last = rung.get(job.name)
            if last is None:
                await self._record(job.name, moment)
            elif last < moment:
                done += await self._done(job, moment)
        return done

    def _doubts(self, now: datetime, *, wrong: bool) -> bool:
        if not wrong:
            self.doubts_since = None
            return False
        if self.doubts_since is None or now < self.doubts_since:
            self.doubts_since = now
            self.log("clock.doubted")
        return not self.leaps and now - self.doubts_since < DOUBTS

    def _was_away(self, rung: Mapping[str, datetime], now: datetime) -> bool:
        """Whether nothing was done that was due more than a day ago."""
        due = [job.bell.latest(now - DAY) for job in self.jobs if job.name in rung]
        return bool(due) and max(rung.values()) < max(due)

    async def _set_back(self, wrong: Iterable[str], now: datetime) -> None:
        """As if each job had been done for the moment before its last."""
        bells = {job.name: job.bell for job in self.jobs}
        for name in wrong:
            bell = bells.get(name)
            before = bell.latest(bell.latest(now) - timedelta(seconds=1)) if bell else now
            await self._record(name, before)

    async def _done(self, job: BellJob, moment: datetime) -> bool:
        try:
            await job.run(moment)
            await self._record(job.name, moment)
        except Exception as failure:  # noqa: BLE001 - whatever failed, the others ring, and it says so
            self.log("job.failed", job=job.name, error=type(failure).__name__)
            return False
        return True

    async def _rung(self) -> Mapping[str, datetime]:
        async with self.stores.cases() as cases:
            return await cases.bells.all()

    async def _record(self, name: str, moment: datetime) -> None:
        async with self.stores.cases() as cases:
            await cases.bells.record(name, moment, self.clock.now())
            await cases.commit()
