"""Upgrades: what they make is what the tables say, and again is harmless."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.schema import CreateSchema

from domain.ledger.leaf import LeafHash
from domain.reports.report import Report
from storage.engines import open_engine
from storage.migrate import _config, is_current, upgrade
from storage.report_columns import columns_of
from storage.tables.metadata import STORES
from tests.contracts.samples import a_report
from tests.databases import Database

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


async def test_a_database_of_the_first_shape_is_brought_up_and_keeps_its_reports(
    nothing_made: Database,
) -> None:
    report = a_report()
    for store in STORES:
        engine = open_engine(store, nothing_made.url, nothing_made.folder).engine
        async with engine.begin() as connection:
            await connection.run_sync(first_shape, store)
            if store == "cases":
                await connection.run_sync(kept_at_first, report)
        await engine.dispose()
    assert not await is_current(nothing_made.url, nothing_made.folder)
    await upgrade(nothing_made.url, nothing_made.folder)
    assert await is_current(nothing_made.url, nothing_made.folder)
    async with nothing_made.opened() as stores, stores.cases() as cases:
        assert list(await cases.reference.commitments()) == []
        assert await cases.reports.get(report.id) == replace(report, intake_leaf=LeafHash(b""))


def first_shape(connection: Connection, store: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(CreateSchema(store))
    command.upgrade(_config(connection, store), "0001")


def kept_at_first(connection: Connection, report: Report) -> None:
    schema = "cases" if connection.dialect.name == "postgresql" else None
    table = Table("report", MetaData(), schema=schema, autoload_with=connection)
    values = {k: v for k, v in columns_of(report).items() if k in table.columns}
    connection.execute(table.insert().values(values))
