"""`kill -9` at any instant of a report's end: its code is told the truth at every moment, and the
next bell brings it to its end, counted once.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from domain.reports.check import ReportExpired, ReportWithdrawn
from domain.reports.clocks import Clocks
from domain.reports.state import NoActionReason, State
from domain.reports.withdrawal import WAITS
from storage.addresses import SqlShreds
from storage.stores import SqlCases, SqlStores
from tests.dying import die_at, killed_in
from tests.house import House, a_house, reopened

STEPS = (2, 3, 4, 5, 6, 8)
"""Each before a commit of the run: after the tombstone, the key and the rows of the first report,
after tombstone and key of the second, and before the files are scrubbed.
"""

Codes = dict[type[Exception], str]


async def lived(folder: Path) -> Codes:
    """A report whose withdrawal takes effect today, and one that has been closed long enough."""
    async with a_house(folder) as house:
        neighbour = house.neighbour
        await house.unlock(neighbour)
        (left, report), (closed, over) = await house.sent(), await house.sent()
        for each in (report, over):
            await house.desk(neighbour).claim(each.ref)
        await house.desk(neighbour).status(
            over.ref, State.NO_ACTION, NoActionReason.ALREADY_HANDLED
        )
        house.clock.passes(days=Clocks().kept_days - WAITS.days)
        await house.own((await house.check(left)).held).withdraw(wanted=True)
    return {ReportWithdrawn: left, ReportExpired: closed}


async def bell(house: House) -> int:
    retention = house.retention(lambda alarm: pytest.fail(alarm.key))
    return await retention.run(house.clock.now())


async def half_a_year_on(folder: Path, work: Callable[[House], Awaitable[Any]]) -> Any:
    async with reopened(folder) as house:
        house.clock.passes(days=Clocks().kept_days)
        return await work(house)


def killed_at(folder: Path, step: int) -> None:
    async def half_a_year_on_and_dead() -> None:
        die_at(step, (SqlCases, "commit"), (SqlShreds, "commit"), (SqlStores, "scrub"))
        await half_a_year_on(folder, bell)

    killed_in(half_a_year_on_and_dead)


async def told(house: House, codes: Codes) -> dict[str, str]:
    """What each code hears: where its report stands, or how it has ended."""
    heard = {}
    for ending, code in codes.items():
        try:
            heard[ending.__name__] = (await house.check(code)).state.value
        except ending:
            heard[ending.__name__] = "ended"
    return heard


def test_killed_at_any_step_it_is_told_truly_and_ends_with_the_next_bell(tmp_path: Path) -> None:
    codes = asyncio.run(lived(tmp_path / "made"))
    for step in STEPS:
        folder = tmp_path / str(step)
        shutil.copytree(tmp_path / "made", folder)
        killed_at(folder, step)
        asyncio.run(half_a_year_on(folder, lambda house: _goes_on(house, codes)))


async def _goes_on(house: House, codes: Codes) -> None:
    heard = await told(house, codes)
    assert heard["ReportWithdrawn"] in {"in_review", "ended"}
    assert heard["ReportExpired"] in {"no_action", "ended"}
    await bell(house)
    assert set((await told(house, codes)).values()) == {"ended"}
    for store, table in (("cases", "report"), ("cases", "entry"), ("shreds", "shred")):
        assert house.rows(store, f"SELECT 1 FROM {table}") == []  # noqa: S608 - names from above
    assert house.rows("cases", "SELECT count FROM withdrawn") == [(1,)]
    assert len(house.rows("cases", "SELECT 1 FROM tombstone")) == 2
