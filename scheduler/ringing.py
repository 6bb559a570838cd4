"""Bells: one leader does the jobs that belong to moments of the clock. What was missed while
nobody led is caught up once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ports.lead import Lead
from domain.ports.stores import Stores
from domain.ports.world import Clock
from scheduler.clock import BellJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    jobs: Sequence[BellJob]
    stores: Stores
    clock: Clock
    lead: Lead
    log: Callable[..., None]

    async def ring_due(self) -> int:
        """How many jobs were done; none where another process leads. A job that fails is
        logged, keeps nobody back, and is tried again at the next call. A job nobody has
        seen yet does not catch up what was before it: its first moment is the next one.
        """
        if not await self.lead.held():
            return 0
        async with self.stores.cases() as cases:
            rung = await cases.bells.all()
        done = 0
        for job in self.jobs:
            moment = job.bell.latest(self.clock.now())
            last = rung.get(job.name)
            if last is None:
                await self._record(job, moment)
            elif last < moment:
                done += await self._done(job, moment)
        return done

    async def _done(self, job: BellJob, moment: datetime) -> bool:
        try:
            await job.run(moment)
            await self._record(job, moment)
        except Exception as failure:  # noqa: BLE001 - whatever failed, the others ring, and it says so
            self.log("job.failed", job=job.name, error=type(failure).__name__)
            return False
        return True

    async def _record(self, job: BellJob, moment: datetime) -> None:
        async with self.stores.cases() as cases:
            await cases.bells.record(job.name, moment)
            await cases.commit()
