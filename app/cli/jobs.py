"""`sauti jobs`: what the clock rings, and ringing it by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from app.cli.by_hand import house_by_hand
from app.cli.saying import finish, say, settings_or_exit
from app.log import configure
from app.opening import open_house
from app.settings import SettingRefused, Settings
from app.wiring import House
from app.world import StandingClock
from domain.followup.bells import Bell, Daily, Often, Weekly
from scheduler.clock import BellJob

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

jobs = typer.Typer(help="What the clock rings.", no_args_is_help=True)


@jobs.command("list")
def list_jobs() -> None:
    """Each job: when it rings, and the last moment it was done for."""
    for line in finish(_list(settings_or_exit())):
        say(line)


@jobs.command("run")
def run_job(
    *,
    name: Annotated[str, typer.Argument(help="As `jobs list` shows it.")],
    at: Annotated[
        str | None,
        typer.Option(help="2026-11-25T18:00, in SAUTI_TIMEZONE unless it names its own; now."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many things it would do; keep nothing.")
    ] = False,
) -> None:
    """Do one job now, for its last moment at that time. Again for one moment is harmless."""
    say(finish(_run(settings_or_exit(), name, at, dry=dry_run)))


async def _list(settings: Settings) -> list[str]:
    async with open_house(settings, configure()) as house:
        async with house.stores.cases() as cases:
            rung = await cases.bells.all()
        bells = house.bells()
    width = max((len(job.name) for job in bells), default=0)
    return [_line(job, width, rung, settings) for job in bells]


def _line(job: BellJob, width: int, rung: Mapping[str, datetime], settings: Settings) -> str:
    last = rung.get(job.name)
    done = _spelt(last.astimezone(settings.zone)) if last else "never"
    return f"{job.name:<{width}}  {said(job.bell):<24}  last done for: {done}"


def said(bell: Bell) -> str:
    match bell:
        case Often(minutes=minutes, past=past):
            return f"every {minutes} minutes from :{past:02}"
        case Daily(at=time):
            return f"every day at {time:%H:%M}"
        case Weekly(weekday=weekday, at=time):
            return f"every {WEEKDAYS[weekday]} at {time:%H:%M}"
        case _:
            return "at moments of its own"


async def _run(settings: Settings, name: str, at: str | None, *, dry: bool) -> str:
    given = _moment(settings, at) if at is not None else None
    async with house_by_hand(settings) as opened:
        house = replace(opened, clock=StandingClock(given)) if given else opened
        job = _named(house.dry() if dry else house, name)
        moment = job.bell.latest(house.clock.now())
        count = await job.run(moment)
    did = "would do" if dry else "did"
    return f"{name} for {_spelt(moment)} {did} {count} thing{'s' * (count != 1)}."


def _named(house: House, name: str) -> BellJob:
    """Raises SettingRefused."""
    bells = {job.name: job for job in house.bells()}
    if name not in bells:
        message = f"{name!r} is no job; there are {', '.join(sorted(bells))}"
        raise SettingRefused(message)
    return bells[name]


def _moment(settings: Settings, at: str) -> datetime:
    """Raises SettingRefused."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        message = f"{at!r} is no time; write it like 2026-11-25T18:00"
        raise SettingRefused(message) from None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=settings.zone)
    return moment.astimezone(settings.zone)


def _spelt(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
