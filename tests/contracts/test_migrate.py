"""Upgrades: what they make is what the tables say, and again is harmless."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, Table

from storage.engines import open_engine
from storage.migrate import is_current, upgrade
from storage.tables.metadata import STORES, table_of
from storage.tables.reference import CommitmentRow
from tests.contracts.databases import Database
from tests.contracts.samples import a_report

ROOT = Path(__file__).parents[2]

UPGRADE = """
import asyncio, pathlib, sys
from storage.migrate import upgrade
folder, *url = sys.argv[1:]
asyncio.run(upgrade(url[0] if url else None, pathlib.Path(folder)))
"""


async def test_nothing_is_current_before_the_first_upgrade(nothing_made: Database) -> None:
    assert not await is_current(nothing_made.url, nothing_made.folder)
    await upgrade(nothing_made.url, nothing_made.folder)
    assert await is_current(nothing_made.url, nothing_made.folder)


def test_asking_makes_no_file(tmp_path: Path) -> None:
    assert not asyncio.run(is_current(None, tmp_path / "data"))
    assert list(tmp_path.iterdir()) == []


async def test_one_store_that_lags_behind_is_noticed(tmp_path: Path) -> None:
    await upgrade(None, tmp_path)
    (tmp_path / "shreds.db").write_bytes(b"")
    assert not await is_current(None, tmp_path)
    await upgrade(None, tmp_path)
    assert await is_current(None, tmp_path)


async def test_an_upgrade_again_keeps_what_is_there(database: Database) -> None:
    report = a_report()
    async with database.opened() as stores, stores.cases() as cases:
        await cases.reports.add(report)
        await cases.commit()
    await upgrade(database.url, database.folder)
    assert await is_current(database.url, database.folder)
    async with database.opened() as stores, stores.cases() as cases:
        assert await cases.reports.get(report.id) == report


async def test_several_bots_may_upgrade_at_once(nothing_made: Database) -> None:
    url, folder = nothing_made.url, nothing_made.folder
    command = (sys.executable, "-c", UPGRADE, str(folder), *([url] if url else []))
    bots = [await asyncio.create_subprocess_exec(*command, cwd=ROOT) for _ in range(3)]
    assert [await bot.wait() for bot in bots] == [0, 0, 0]
    assert await is_current(url, folder)


async def test_the_upgrade_makes_the_tables_as_they_are_declared(database: Database) -> None:
    for store in STORES:
        engine = open_engine(store, database.url, database.folder).engine
        async with engine.connect() as connection:
            assert await connection.run_sync(differences, store) == []
        await engine.dispose()


def differences(connection: Connection, store: str) -> list[Any]:
    on_postgresql = connection.dialect.name == "postgresql"
    context = MigrationContext.configure(
        connection,
        opts={
            "include_schemas": on_postgresql,
            "include_name": lambda name, kind, _: kind != "schema" or name in {None, store},
            "version_table_schema": store if on_postgresql else None,
            "compare_type": True,
        },
    )
    return list(compare_metadata(context, declared(store, named=on_postgresql)))


def declared(store: str, *, named: bool) -> MetaData:
    """On SQLite each store is a file, and its tables have no schema."""
    tables = MetaData(naming_convention=STORES[store].naming_convention)
    for table in STORES[store].sorted_tables:
        schema = store if named else None
        table.to_metadata(tables, schema=schema)  # type: ignore[arg-type] # None is documented
    return tables


async def test_a_database_of_the_release_before_promises_gets_their_table(
    database: Database,
) -> None:
    """As the first release left it: one table less, and its own mark in each store."""
    report = a_report()
    async with database.opened() as stores, stores.cases() as cases:
        await cases.reports.add(report)
        await cases.commit()
    for store in STORES:
        engine = open_engine(store, database.url, database.folder).engine
        async with engine.begin() as connection:
            schema = store if database.url else None
            if store == "cases":
                await connection.run_sync(table_of(CommitmentRow).drop)
            mark = Table("alembic_version", MetaData(), Column("version_num"), schema=schema)
            await connection.execute(mark.update().values(version_num="0001"))
        await engine.dispose()
    assert not await is_current(database.url, database.folder)
    await upgrade(database.url, database.folder)
    assert await is_current(database.url, database.folder)
    async with database.opened() as stores, stores.cases() as cases:
        assert list(await cases.reference.commitments()) == []
        assert await cases.reports.get(report.id) == report
