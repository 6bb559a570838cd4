"""The clock of the leader: each job once for its last moment, whatever was missed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import pytest

from domain.followup.bells import Daily, Often
from domain.ports.stores import Stores
from domain.reports.waiting import SERVED_AGAIN
from scheduler.clock import BellJob
from scheduler.ringing import Ringing
from tests.fakes.stores import MemoryStores
from tests.fakes.world import FakeClock


@dataclass(slots=True)
class FakeLead:
    leads: bool = True

    async def held(self) -> bool:
        return self.leads

    async def leave(self) -> None:
        self.leads = False


@dataclass(slots=True, kw_only=True)
class Tower:
    """An hourly and a daily job; `fails` of them fail."""

    stores: Stores = field(default_factory=MemoryStores)
    clock: FakeClock = field(default_factory=FakeClock)
    lead: FakeLead = field(default_factory=FakeLead)
    done: list[tuple[str, datetime]] = field(default_factory=list)
    fails: set[str] = field(default_factory=set)
    events: list[tuple[str, object]] = field(default_factory=list)
    process: Ringing = field(init=False)

    def __post_init__(self) -> None:
        self.process = self.ringing()

    def ringing(self) -> Ringing:
        jobs = (
            BellJob(name="hourly", bell=Often(minutes=60, past=5), run=self._run("hourly")),
            BellJob(name="daily", bell=Daily(at=time(18)), run=self._run("daily")),
        )
        return Ringing(
            jobs=jobs, stores=self.stores, clock=self.clock, lead=self.lead, log=self._log
        )

    async def rings(self) -> list[str]:
        """The jobs done by this look at the clock."""
        before = len(self.done)
        assert await self.process.ring_due() == len(self.done) - before
        return [name for name, _ in self.done[before:]]

    async def recorded(self) -> Mapping[str, datetime]:
        async with self.stores.cases() as cases:
            return dict(await cases.bells.all())

    def _run(self, name: str) -> Callable[[datetime], Awaitable[int]]:
        async def run(moment: datetime) -> int:
            if name in self.fails:
                message = "what a person wrote"
                raise LookupError(message)
            self.done.append((name, moment))
            return 1

        return run

    def _log(self, event: str, **fields: object) -> None:
        self.events.append((event, fields))


async def test_a_new_deployment_does_not_catch_up_what_was_before_it() -> None:
    tower = Tower()
    assert await tower.rings() == []
    tower.clock.passes(minutes=30)
    assert await tower.rings() == []


async def test_each_job_is_done_once_for_its_moment_with_that_moment() -> None:
    tower = Tower()
    await tower.rings()
    tower.clock.passes(minutes=40)
    assert await tower.rings() == ["hourly"]
    assert await tower.rings() == []
    assert tower.done == [("hourly", tower.clock.now().replace(minute=5))]


async def test_what_was_missed_for_days_is_done_once_for_the_last_moment() -> None:
    tower = Tower()
    await tower.rings()
    tower.clock.passes(days=3)
    assert await tower.rings() == ["hourly", "daily"]
    assert await tower.rings() == []


async def test_a_job_that_fails_keeps_nobody_back_and_is_tried_again() -> None:
    tower = Tower(fails={"hourly"})
    await tower.rings()
    tower.clock.passes(days=1)
    assert await tower.rings() == ["daily"]
    assert tower.events == [("job.failed", {"job": "hourly", "error": "LookupError"})]
    tower.fails.clear()
    assert await tower.rings() == ["hourly"]


async def test_who_does_not_lead_does_nothing_until_it_does() -> None:
    tower = Tower()
    await tower.rings()
    tower.clock.passes(days=1)
    tower.lead.leads = False
    assert await tower.rings() == []
    tower.lead.leads = True
    assert await tower.rings() == ["hourly", "daily"]


async def test_after_a_clock_that_ran_ahead_it_rings_as_before() -> None:
    tower = Tower()
    await tower.rings()
    tower.clock.passes(days=30)
    await tower.rings()
    tower.clock.passes(days=-30)
    assert await tower.rings() == []
    tower.clock.passes(hours=1)
    assert await tower.rings() == ["hourly", "daily"]
    assert max((await tower.recorded()).values()) <= tower.clock.now()
    assert await tower.rings() == []
    tower.clock.passes(hours=24)
    assert await tower.rings() == ["hourly", "daily"]
    assert tower.events == [("clock.doubted", {})]


async def test_a_job_that_fails_then_is_tried_again_and_makes_nobody_doubt() -> None:
    tower = Tower()
    await tower.rings()
    tower.clock.passes(days=30)
    await tower.rings()
    tower.clock.passes(days=-30)
    await tower.rings()
    tower.clock.passes(hours=1)
    tower.fails = {"daily"}
    assert await tower.rings() == ["hourly"]
    recorded = await tower.recorded()
    tower.process = tower.ringing()
    tower.clock.passes(minutes=1)
    assert await tower.rings() == []
    assert await tower.recorded() == recorded
    tower.fails = set()
    assert await tower.rings() == ["daily"]
    assert [event for event, _ in tower.events] == ["clock.doubted", *["job.failed"] * 2]


async def test_a_clock_that_is_behind_for_a_while_does_nothing_for_moments_that_are_over() -> None:
    """A machine without a battery starts in another year, until it hears what time it is."""
    tower = Tower()
    await tower.rings()
    tower.clock.passes(days=-9000)
    for _ in range(3):
        assert await tower.rings() == []
        tower.clock.passes(minutes=10)
    tower.clock.passes(days=9000, minutes=40)
    assert await tower.rings() == ["hourly"]
    assert SERVED_AGAIN not in await tower.recorded()
    tower.clock.passes(days=-9000)
    assert await tower.rings() == [], "it doubts anew"


async def test_of_two_whose_clocks_differ_by_seconds_the_second_does_nothing_again() -> None:
    tower = Tower()
    await tower.rings()
    tower.clock.passes(minutes=40)
    assert await tower.rings() == ["hourly"]
    done = (await tower.recorded())["hourly"]
    tower.process = tower.ringing()
    tower.clock.moment = done - timedelta(seconds=15)
    assert await tower.rings() == []
    tower.clock.passes(seconds=20)
    assert await tower.rings() == []
    assert SERVED_AGAIN not in await tower.recorded()


@pytest.mark.parametrize(("hours", "noted"), [(23, False), (26, True), (24 * 9, True)])
async def test_when_it_serves_again_is_noted_where_nothing_did_for_more_than_a_day(
    hours: int, *, noted: bool
) -> None:
    tower = Tower()
    await tower.rings()
    tower.clock.passes(hours=hours)
    await tower.rings()
    at = (await tower.recorded()).get(SERVED_AGAIN)
    assert at == (tower.clock.now() if noted else None)
    tower.clock.passes(hours=20)
    await tower.rings()
    assert (await tower.recorded()).get(SERVED_AGAIN) == at, "once"


async def test_how_long_nothing_served_is_not_known_where_the_clock_ran_ahead() -> None:
    tower = Tower()
    await tower.rings()
    tower.clock.passes(days=30)
    await tower.rings()
    tower.clock.passes(days=-28)
    await tower.rings()
    tower.clock.passes(hours=2)
    await tower.rings()
    assert (await tower.recorded())[SERVED_AGAIN] == tower.clock.now()


async def test_a_clock_that_is_moved_by_hand_is_believed_at_once_and_leaps_are_no_outages() -> None:
    """The demo's page moves it; begun anew, it is what it was."""
    tower = Tower()
    tower.process.leaps = True
    await tower.rings()
    for days in (4, -4):
        tower.clock.passes(days=days)
        assert await tower.rings() == ["hourly", "daily"]
    assert SERVED_AGAIN not in await tower.recorded()
