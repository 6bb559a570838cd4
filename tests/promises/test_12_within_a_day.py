"""Promise 12, when: within a day of taking effect a withdrawn report has no key any more, by the
bells as the product rings them, a clock that ran ahead or not; and it takes effect only after
hours in which its holder could have stopped it. Builds that ring for it once a week, believe what
is not here yet, or count the days that nothing served are found out.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from app import timetable
from app.alone import CLOCK
from domain.calendar import NAIROBI
from domain.followup.bells import Weekly
from domain.reports.check import check
from domain.reports.own import OwnReport
from domain.reports.withdrawal import WAITS
from scheduler import ringing as of_bells
from scheduler.ringing import Ringing
from tests.chat_world import World, a_world
from tests.disk import Disk

LONGEST = timedelta(hours=24)
TO_STOP_IT = timedelta(hours=72)
"""In which something serves."""

LOOKS = timedelta(hours=1)
"""Between two of them; the product looks every few seconds."""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path) as world:
        yield world


async def withdrawn(world: World) -> datetime:
    """A report of a chat, withdrawn by its code: when that takes effect."""
    code = await world.sent(await world.citizen(), "They come at night to the bridge")
    house = world.house
    checked = await check(
        code,
        stores=house.stores,
        sealer=house.sealer,
        custody=house.custody,
        clock=world.clock,
        calendar=house.calendar,
        clocks=house.clocks,
    )
    own = OwnReport(
        stores=house.stores,
        custody=house.custody,
        clock=world.clock,
        entropy=house.entropy,
        held=checked.held,
    )
    await own.withdraw(wanted=True)
    return takes_effect(world)


def takes_effect(world: World) -> datetime:
    """If it were asked for now."""
    return datetime.combine(world.clock.now().date() + WAITS, time(), tzinfo=NAIROBI)


def ringing(world: World) -> Ringing:
    """Of this one job."""
    rings = world.house.ringing(world.house.lead(CLOCK))
    return replace(rings, jobs=[job for job in rings.jobs if job.name == "retention"])


def keys(world: World) -> int:
    disk = Disk(folder=world.house.settings.data_dir)
    return len(disk.rows("shreds", "SELECT key FROM shred"))


async def taken(world: World) -> timedelta:
    """From the moment it takes effect until the key is gone; it never goes before."""
    effect = await withdrawn(world)
    rings = ringing(world)
    await rings.ring_due()
    await until_gone(world, rings)
    assert world.clock.now() >= effect, "its holder could still have stopped it"
    return world.clock.now() - effect


async def until_gone(world: World, rings: Ringing, most: timedelta = timedelta(days=30)) -> None:
    """Or until nobody waits any longer."""
    end = world.clock.now() + most
    while keys(world) and world.clock.now() < end:
        world.clock.moment += LOOKS
        await rings.ring_due()


async def test_a_withdrawn_report_is_gone_within_a_day_of_taking_effect(world: World) -> None:
    assert await taken(world) <= LONGEST


async def test_a_build_that_rings_for_it_once_a_week_is_found_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timetable, "_at", lambda *at: Weekly(weekday=2, at=time(*at)))
    assert await taken(world) > LONGEST


async def served_after_an_outage(world: World, away: timedelta) -> timedelta:
    """For how long, until the key was gone: nobody could stop it while nothing ran, and nobody
    was told. It goes within a day of taking effect anew.
    """
    _, rings = await withdrawn(world), ringing(world)
    await rings.ring_due()
    world.clock.moment += away
    back, effect = world.clock.now(), takes_effect(world)
    await rings.ring_due()
    await until_gone(world, rings)
    assert world.clock.now() - effect <= LONGEST
    return world.clock.now() - back


@pytest.mark.parametrize("away", [timedelta(days=days, hours=3) for days in (2, 3, 4, 9)], ids=str)
async def test_days_in_which_nothing_served_do_not_count(world: World, away: timedelta) -> None:
    """It used to go at the first bell, twenty seconds after a start. Killed then, it waits on."""
    assert await served_after_an_outage(world, away) >= TO_STOP_IT


async def test_a_bot_that_was_down_for_a_night_ends_it_as_soon_as_it_runs(world: World) -> None:
    effect, rings = await withdrawn(world), ringing(world)
    while world.clock.now() < effect:
        await rings.ring_due()
        world.clock.moment += LOOKS
    world.clock.moment = effect + timedelta(hours=19)
    assert keys(world) == 1
    await rings.ring_due()
    assert keys(world) == 0


async def test_a_build_that_counts_days_nothing_served_is_found_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ringing, "_was_away", lambda *_: False)
    assert await served_after_an_outage(world, timedelta(days=4, hours=3)) < TO_STOP_IT


async def taken_after_a_clock_that_ran_ahead(world: World) -> timedelta:
    """For one start of the machine, a year; then somebody set it."""
    rings = ringing(world)
    await rings.ring_due()
    world.clock.moment += timedelta(days=365)
    await rings.ring_due()
    world.clock.moment -= timedelta(days=365)
    effect = await withdrawn(world)
    await until_gone(world, rings)
    assert world.clock.now() >= effect, "its holder could still have stopped it"
    return world.clock.now() - effect


async def test_a_clock_that_ran_ahead_once_keeps_nothing_from_going(world: World) -> None:
    assert await taken_after_a_clock_that_ran_ahead(world) <= LONGEST


async def test_a_build_that_believes_what_is_not_here_yet_is_found_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_bells, "DOUBTS", timedelta.max)
    assert await taken_after_a_clock_that_ran_ahead(world) > LONGEST
