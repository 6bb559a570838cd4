"""Rewriting what citizens write to *cases* and *shreds*: no row is lost, and nothing tells any
more in which order reports came. Message ids tell it of their chats.
"""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import psycopg
import pytest

from domain.ledger.leaf import LeafHash
from domain.ports.stores import Stores
from domain.reports.report import Locator, Report, ReportId, ReportRef
from storage.dumping import dump
from storage.errors import StoreUnavailable
from storage.remix import AT_ONCE
from storage.stores import SqlStores
from tests.contracts.samples import MIDNIGHT, a_report, an_entry, an_event
from tests.contracts.test_migrate import differences
from tests.contracts.test_remix import correlation
from tests.databases import Database

DICE = Random(11)
ROWS = 120
ENDS = (bytes(16), b"\xff" * 16)
"""The first key there can be, and the last."""


def a_random_report(own: bytes | None = None, size: int = 64) -> Report:
    report = a_report(
        id=ReportId(own or DICE.randbytes(16)),
        ref=ReportRef(DICE.randbytes(6).hex()),
        locator=Locator(DICE.randbytes(6).hex()),
        intake_leaf=LeafHash(DICE.randbytes(32)),
    )
    return replace(report, sealed=replace(report.sealed, words=DICE.randbytes(size)))


async def keep(stores: Stores, report: Report) -> None:
    """As *Send* does, in a transaction of its own."""
    async with stores.shreds() as shreds:
        await shreds.keep(report.id, report.id * 3)
        await shreds.commit()
    async with stores.cases() as cases:
        await cases.reports.add(report)
        for number in range(2):
            await cases.events.add(an_event(report, number))
            await cases.entries.add(an_entry(report, number))
        await cases.attachments.add(report.id, b"\x01file")
        await cases.leaves.add(report.intake_leaf)
        await cases.commit()


async def is_there(stores: Stores, report: Report) -> bool:
    async with stores.cases() as cases:
        whole = (
            await cases.reports.get(report.id) == report
            and len(await cases.events.of(report.id)) == 2
            and len(await cases.entries.of(report.id)) == 2
            and await cases.leaves.has(report.intake_leaf)
        )
    async with stores.shreds() as shreds:
        return whole and await shreds.get(report.id) == report.id * 3


async def test_every_report_is_there_as_it_was(stores: Stores) -> None:
    reports = [a_random_report(own) for own in (*ENDS, *(None,) * 20)]
    for report in reports:
        await keep(stores, report)
    for _ in range(2):
        await stores.remix(MIDNIGHT)
    for report in reports:
        assert await is_there(stores, report)


async def test_whoever_sends_and_looks_meanwhile_loses_nothing(stores: Stores) -> None:
    kept: list[Report] = []
    over = asyncio.Event()

    async def sends() -> None:
        while not over.is_set():
            report = a_random_report()
            await keep(stores, report)
            kept.append(report)
            assert await is_there(stores, DICE.choice(kept))
            await asyncio.sleep(0)

    senders = [asyncio.create_task(sends()) for _ in range(4)]
    for _ in range(6):
        await stores.remix(MIDNIGHT)
        await asyncio.sleep(0.02)
    over.set()
    await asyncio.gather(*senders)
    assert len(kept) >= 6
    for report in kept:
        assert await is_there(stores, report)


async def test_the_tables_are_in_this_releases_shape_afterwards(database: Database) -> None:
    async with database.opened() as stores:
        await stores.remix(MIDNIGHT)
        for engine in (stores.cases_engine.engine, stores.shreds_engine.engine):
            name = "cases" if engine is stores.cases_engine.engine else "shreds"
            async with engine.connect() as connection:
                assert await connection.run_sync(differences, name) == []


async def arrived(stores: SqlStores) -> list[Report]:
    """Big enough for pages of their own, one after the other."""
    reports = [a_random_report(size=6000) for _ in range(ROWS)]
    for report in reports:
        await keep(stores, report)
    return reports


async def test_sqlite_keeps_the_order_of_reports_until_they_are_remixed(
    sqlite_made: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(sqlite_made, tmp_path / "data")

    def order(reports: list[Report]) -> float:
        content = (folder / "cases.db").read_bytes()
        return correlation([content.index(each.sealed.words[-64:]) for each in reports])

    async with Database(url=None, folder=folder).opened() as stores:
        reports = await arrived(stores)
        assert order(reports) > 0.9
        await stores.remix(MIDNIGHT)
        assert abs(order(reports)) < 0.4
        with closing(sqlite3.connect(folder / "cases.db")) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        journal = folder / "cases.db-journal"
        assert not journal.exists() or not journal.stat().st_size


async def test_a_part_at_a_time_all_of_them_are_remixed(sqlite_made: Path, tmp_path: Path) -> None:
    """More rows than one part holds: others have their turn between two parts."""
    folder = shutil.copytree(sqlite_made, tmp_path / "data")
    async with Database(url=None, folder=folder).opened() as stores:
        keys = [DICE.randbytes(16) for _ in range(AT_ONCE * 4)]
        async with stores.shreds() as shreds:
            for key in keys:
                await shreds.keep(ReportId(key), key * 20)
            await shreds.commit()

        def places() -> list[int]:
            content = (folder / "shreds.db").read_bytes()
            return [content.index(key * 20) for key in keys]

        before = places()
        await stores.remix(MIDNIGHT)
        after = places()
        moved = sum(one != other for one, other in zip(before, after, strict=True))
        assert moved > len(keys) * 0.9
        assert len(set(after)) == len(keys)


async def test_postgresql_tells_which_came_when_until_they_are_remixed(
    postgresql_made: str,
) -> None:
    def transactions() -> tuple[int, ...]:
        """Which wrote what is in each table; earlier tests may have left rows there."""
        tables = ("cases.report", "cases.event", "cases.entry", "cases.pending_leaf")
        with psycopg.connect(postgresql_made) as connection:
            found = [
                connection.execute(f"SELECT count(DISTINCT xmin::text) FROM {table}").fetchone()  # noqa: S608 - names of ours
                for table in (*tables, "shreds.shred")
            ]
        return tuple(one[0] for one in found if one)

    def order(reports: list[Report]) -> float:
        with psycopg.connect(postgresql_made) as connection:
            rows = connection.execute("SELECT id, ctid::text FROM cases.report").fetchall()
        pages = {key: place.strip("()").split(",") for key, place in rows}
        return correlation([int("{:>06}{:>04}".format(*pages[each.id])) for each in reports])

    async with Database(url=postgresql_made, folder=Path()).opened() as stores:
        reports = await arrived(stores)
        assert order(reports) > 0.9
        assert min(transactions()) >= ROWS
        await stores.remix(MIDNIGHT)
        assert abs(order(reports)) < 0.4
        assert set(transactions()) == {1}


async def test_a_backup_taken_meanwhile_is_whole(postgresql_made: str) -> None:
    """What is written anew is empty to whoever looks at the moment before."""
    async with Database(url=postgresql_made, folder=Path()).opened() as stores:
        reports = [a_random_report() for _ in range(3)]
        for report in reports:
            await keep(stores, report)
        lines = dump("cases", postgresql_made, Path())
        begun = [next(lines)]
        with pytest.raises(StoreUnavailable):
            await stores.remix(MIDNIGHT)
        dumped = b"".join([*begun, *lines])
        assert all(report.ref.encode() in dumped for report in reports)
        await stores.remix(MIDNIGHT)
        for report in reports:
            assert await is_there(stores, report)
