import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import time_machine

from scheduler.clock import Bells, Job

START = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Journal:
    def __init__(self) -> None:
        self.lines: list[tuple[str, object]] = []

    def __call__(self, event: str, **fields: object) -> None:
        self.lines.append((event, fields))


def job(name: str, run: Callable[[], Awaitable[object]], every: timedelta = MINUTE) -> Job:
    return Job(name=name, every=every, run=run)


async def settled() -> None:
    """Until everything that can go on has gone on."""
    for _ in range(20):
        await asyncio.sleep(0)


class Time:
    """Moves on from one ring to the next, as the scheduler would wake."""

    def __init__(self, bells: Bells, traveller: time_machine.Traveller) -> None:
        self._scheduler = bells._scheduler
        self._traveller = traveller

    async def passes(self, span: timedelta) -> None:
        end = datetime.now(UTC) + span
        while (due := min(one.next_run_time for one in self._scheduler.get_jobs())) <= end:
            self._traveller.move_to(due)
            self._scheduler.wakeup()
            await settled()
        self._traveller.move_to(end)


@asynccontextmanager
async def ringing(*jobs: Job, log: Journal) -> AsyncIterator[Time]:
    with time_machine.travel(START, tick=False) as traveller:
        bells = Bells(jobs, log)
        bells.start()
        try:
            yield Time(bells, traveller)
        finally:
            bells.stop()
            await settled()


async def test_each_job_rings_at_its_own_time() -> None:
    rung: list[str] = []

    async def often() -> None:
        rung.append("often")

    async def seldom() -> None:
        rung.append("seldom")

    log = Journal()
    jobs = (job("often", often), job("seldom", seldom, timedelta(minutes=5)))
    async with ringing(*jobs, log=log) as time:
        await time.passes(timedelta(minutes=10))
    assert (rung.count("often"), rung.count("seldom")) == (10, 2)
    assert log.lines == []


async def test_nothing_rings_before_its_time() -> None:
    rung: list[str] = []

    async def ring() -> None:
        rung.append("rung")

    async with ringing(job("ring", ring), log=Journal()) as time:
        await time.passes(timedelta(seconds=59))
        assert rung == []
        await time.passes(timedelta(seconds=1))
        assert rung == ["rung"]


async def test_a_job_that_fails_is_logged_by_name_and_kind_and_rings_again() -> None:
    async def fails() -> None:
        message = "what a person wrote"
        raise LookupError(message)

    log = Journal()
    async with ringing(job("expire-drafts", fails), log=log) as time:
        await time.passes(2 * MINUTE)
    assert log.lines == [("job.failed", {"job": "expire-drafts", "error": "LookupError"})] * 2


async def test_a_job_that_fails_does_not_keep_the_others_from_ringing() -> None:
    rung: list[str] = []

    async def fails() -> None:
        raise LookupError

    async def rings() -> None:
        rung.append("rung")

    async with ringing(job("fails", fails), job("rings", rings), log=Journal()) as time:
        await time.passes(3 * MINUTE)
    assert len(rung) == 3


async def test_a_slow_job_is_never_run_twice_at_once() -> None:
    begun, go_on = 0, asyncio.Event()

    async def slow() -> None:
        nonlocal begun
        begun += 1
        await go_on.wait()

    async with ringing(job("slow", slow), log=Journal()) as time:
        await time.passes(3 * MINUTE)
        assert begun == 1
        go_on.set()
        await settled()
        await time.passes(MINUTE)
        assert begun == 2


async def test_rings_missed_while_the_machine_slept_are_one_ring() -> None:
    rung: list[str] = []

    async def ring() -> None:
        rung.append("rung")

    with time_machine.travel(START, tick=False) as traveller:
        bells = Bells([job("ring", ring)], Journal())
        bells.start()
        traveller.move_to(START + timedelta(hours=8))
        bells._scheduler.wakeup()
        await settled()
        bells.stop()
        await settled()
    assert rung == ["rung"]
