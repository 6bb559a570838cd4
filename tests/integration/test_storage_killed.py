"""`kill -9` at any instant: what was acknowledged is there and whole (promise 9)."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from domain.desks.desk import NATIONAL
from domain.ports.stores import Wanted
from domain.reports.report import ReportId
from storage.migrate import upgrade
from storage.open import open_stores
from tests.integration.storage_sender import the_event, the_key, the_leaf, the_report

ROOT = Path(__file__).parents[2]


def killed_after(acknowledged: int, folder: Path) -> list[ReportId]:
    """What a sender said was kept until it died in the middle of sending more."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.storage_sender", folder],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as sender:
        assert sender.stdout is not None
        said = [sender.stdout.readline() for _ in range(acknowledged)]
        sender.kill()
        said += sender.stdout.readlines()
    return [ReportId(bytes.fromhex(line)) for line in said if line.endswith("\n")]


async def kept_whole(folder: Path) -> set[ReportId]:
    """Fails for a report that is there in part."""
    stores = await open_stores(None, folder)
    wanted = Wanted(desks=frozenset({NATIONAL}))
    async with stores.cases() as cases, stores.shreds() as shreds:
        found = await cases.reports.waiting(wanted, limit=100_000)
        for report in found:
            assert report == the_report(report.id)
            assert list(await cases.events.of(report.id)) == [the_event(report)]
            assert await cases.leaves.has(the_leaf(report.id))
            assert await shreds.get(report.id) == the_key(report.id)
    await stores.aclose()
    return {report.id for report in found}


def rows(folder: Path, store: str, table: str) -> int:
    with closing(sqlite3.connect(folder / f"{store}.db")) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(file.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - a name of ours


@pytest.mark.parametrize("acknowledged", [1, 60])
def test_what_was_acknowledged_outlives_a_kill_and_the_rest_is_whole_or_absent(
    tmp_path: Path, acknowledged: int
) -> None:
    folder = tmp_path / "data"
    asyncio.run(upgrade(None, folder))
    said: set[ReportId] = set()
    for _ in range(2):
        said |= set(killed_after(acknowledged, folder))
        kept = asyncio.run(kept_whole(folder))
        assert len(said) >= acknowledged
        assert said <= kept
        tables = ("report", "event", "pending_leaf")
        assert {rows(folder, "cases", table) for table in tables} == {len(kept)}
        assert rows(folder, "shreds", "shred") >= len(kept)
