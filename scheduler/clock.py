"""When things happen: APScheduler rings, a job is one use case."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from domain.followup.bells import Bell


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`name` is what the log, the docs and `jobs` call it."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BellJob:
    """One use case at moments of the clock. `run` is given the moment it is for, and says
    how many things it did; again for the same moment it does nothing new.
    """

    name: str
    bell: Bell
    run: Callable[[datetime], Awaitable[int]]


class Bells:
    """Rings each job at its time; never two of one job at once. A job that fails is
    logged by its name and the class of its error, and rings again.
    """

    def __init__(self, jobs: Sequence[Job], log: Callable[..., None]) -> None:
        self._log = log
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # "still running"
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        for job in jobs:
            self._scheduler.add_job(
                self._ring,
                IntervalTrigger(seconds=job.every.total_seconds()),
                args=[job],
                id=job.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )

    def start(self) -> None:
        """Needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    async def _ring(self, job: Job) -> None:
        try:
            await job.run()
        except Exception as failure:  # noqa: BLE001 - whatever failed, the clock goes on and says so
            self._log("job.failed", job=job.name, error=type(failure).__name__)
