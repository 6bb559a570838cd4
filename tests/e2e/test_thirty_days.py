"""Days of a country in simulated time, through the real jobs, outbox and sandbox: every due
message exactly once, none at night, none early, none on a day of blackout. An outage of
Telegram of a day and restarts in between. The long form is `make long`.
"""

import os
from contextlib import AsyncExitStack, nullcontext
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

from domain.followup.windows import Windows
from tests.chat_world import SAY, a_world
from tests.deployment import POSTGRESQL, SQLITE
from tests.e2e.country import Country, Model
from tests.postgresql import running_new
from tests.unit.test_publish import Recount

Due = set[tuple[int, datetime]]

DAYS = int(os.environ.get("DAYS", "6"))
REPORTS = int(os.environ.get("REPORTS", "40"))
FOLLOWERS = int(os.environ.get("FOLLOWERS", "6"))
LONG = "DAYS" in os.environ
OUTAGES = frozenset({date(2026, 11, 4), date(2026, 11, 19)})
BLACKOUT = date(2026, 11, 6)
WINDOW = 18
HOURS = (1, 6, 9, 12, 15, 17, 18, 19, 22)
"""Of a day, at five past each: nights, the office's hours, and around the window."""
OFFICE_HOURS = (9, 12, 15)
RESTARTS = (9, 22)
"""On every third day."""


async def live(country: Country, dice: Random, days: int) -> None:
    start = country.now
    moments = [
        start.replace(hour=hour) + timedelta(days=day) for day in range(days) for hour in HOURS
    ]
    sends = [dice.randrange(len(moments)) for _ in range(REPORTS * days // DAYS)]
    for at, moment in enumerate(moments):
        if moment > start:
            moves = _moves(moment, dice) if country.citizens else 0
            await country.until(moment, sends=sends.count(at), moves=moves)
        if moment.day % 3 == 1 and moment.hour in RESTARTS:
            await country.restart()
    await country.lead.leave()


def _moves(moment: datetime, dice: Random) -> int:
    """At few of the hours few of them: batches are filled over days, or wait for four."""
    at_work = moment.weekday() < 5 and moment.hour in OFFICE_HOURS
    return dice.choice((1, 1, 2, 4)) if at_work else 0


@pytest.mark.timeout(0 if LONG else 300)
@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
async def test_everything_due_is_heard_once_and_in_its_window(tmp_path: Path, on: str) -> None:
    with running_new() if on == POSTGRESQL else nullcontext() as server:
        await lived_and_checked(tmp_path, server.url if server else None, days=DAYS)


async def test_a_build_that_does_not_wait_for_the_window_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Windows, "next_after", lambda _, now: now + timedelta(minutes=1))
    with pytest.raises(AssertionError, match="early"):
        await lived_and_checked(tmp_path, None, days=2)


async def lived_and_checked(folder: Path, database_url: str | None, *, days: int) -> None:
    async with (
        a_world(folder, database_url, blackouts=f"{BLACKOUT}/{BLACKOUT}") as world,
        AsyncExitStack() as stack,
    ):
        world.clock.moment = world.clock.moment.replace(hour=9, minute=5)
        model = Model(windows_at=WINDOW, blackouts=frozenset({BLACKOUT}))
        country = Country(world=world, stack=stack, model=model, outages=OUTAGES)
        await country.follows(FOLLOWERS)
        await live(country, Random(20251003), days)
        citizens = [citizen.phone for citizen in country.citizens]
        heard = await country.heard(citizens, SAY("notice.news"))
        due = {(chat, window) for chat, window in model.expected if window <= country.now}
        assert len(due) > days, "too little happened to prove anything"
        check(due, heard)
        await check_followers(country)
        await check_tables(country)


def check(due: Due, heard: list[tuple[int, datetime]]) -> None:
    """Each once, in its window, and none at a time when nothing may leave."""
    for chat in {chat for chat, _ in (*due, *heard)}:
        windows = sorted(window for one, window in due if one == chat)
        moments = sorted(moment for one, moment in heard if one == chat)
        assert not moments or (windows and moments[0] >= windows[0]), "early"
        assert len(moments) == len(windows), "lost, or twice"
        for window, moment in zip(windows, moments, strict=True):
            assert timedelta() <= moment - window <= _patience(window)
    for _, moment in heard:
        assert time(7) <= moment.time() < time(21), "at night"
        assert moment.date() not in OUTAGES | {BLACKOUT}


async def check_followers(country: Country) -> None:
    """At every open window with something published since the one before, each hears once."""
    published = set(await country.published())
    due: Due = set()
    told = min(published) - timedelta(days=1)
    window = datetime.combine(min(published), time(WINDOW), country.now.tzinfo)
    while window <= country.now:
        if window.date() != BLACKOUT:
            if any(told < day <= window.date() for day in published):
                due |= {(phone.id, window) for phone in country.followers}
            told = window.date()
        window += timedelta(days=1)
    assert due, "nothing was published"
    check(due, await country.heard(country.followers, SAY("news.title")))


async def check_tables(country: Country) -> None:
    """What stands published is what an independent count of the events gives."""
    tables = await country.published()
    last = max(tables)
    recount, histories = Recount(k=5), await country.histories()
    day = min(history[0][0] for history in histories.values())
    while day < last:
        recount.ends(day, histories)
        day += timedelta(days=1)
    assert recount.shown == {
        (tables[last].county, cell.topic, cell.measure): cell.shown.about
        for cell in tables[last].lines()
    }
    assert any(about is not None for about in recount.shown.values())


def _patience(window: datetime) -> timedelta:
    """Until the next look; after an outage, until the morning."""
    return timedelta(hours=16 if window.date() in OUTAGES else 1)
