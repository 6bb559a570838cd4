"""What the stores say when their database is not there, and that they come back."""

import shutil
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from domain.reports.report import Report
from storage.errors import StoreRefused, StoreUnavailable
from storage.migrate import is_current, upgrade
from storage.open import open_stores
from storage.stores import SqlStores
from tests.contracts.samples import a_report
from tests.databases import Database

NOBODY_LISTENS = "postgresql://sauti@127.0.0.1:1/sauti"


async def keep(stores: SqlStores, report: Report) -> None:
    async with stores.cases() as cases:
        await cases.reports.add(report)
        await cases.commit()


async def test_a_database_nobody_made_is_unavailable(nothing_made: Database) -> None:
    async with nothing_made.opened() as stores:
        with pytest.raises(StoreUnavailable):
            await keep(stores, a_report())


async def test_a_server_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    stores = await open_stores(NOBODY_LISTENS, tmp_path)
    with pytest.raises(StoreUnavailable):
        await keep(stores, a_report())
    await stores.aclose()
    with pytest.raises(StoreUnavailable):
        await upgrade(NOBODY_LISTENS, tmp_path)
    with pytest.raises(StoreUnavailable):
        await is_current(NOBODY_LISTENS, tmp_path)


async def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "cases.db").write_bytes(b"no database at all" * 100)
    stores = await open_stores(None, tmp_path)
    with pytest.raises(StoreUnavailable):
        await keep(stores, a_report())
    await stores.aclose()


async def test_a_full_disk_is_an_outage_and_what_was_kept_stays(
    sqlite_made: Path, tmp_path: Path
) -> None:
    """A quota of SQLite's own stands for the disk: the same error to those who write."""
    folder = shutil.copytree(sqlite_made, tmp_path / "data")
    stores = await open_stores(None, folder)

    def keep_small(connection: DBAPIConnection, _: object) -> None:
        connection.cursor().execute("PRAGMA max_page_count = 60")

    event.listen(stores.cases_engine.engine.sync_engine, "connect", keep_small)
    kept = a_report()
    await keep(stores, kept)
    whole = kept.sealed
    with pytest.raises(StoreUnavailable):
        await keep(stores, a_report(sealed=replace(whole, words=bytes(400_000))))
    await keep(stores, a_report())
    async with stores.cases() as cases:
        assert await cases.reports.get(kept.id) == kept
    await stores.aclose()


async def test_a_lost_connection_is_an_outage_and_the_next_one_works(
    postgresql_made: str, tmp_path: Path
) -> None:
    lost, before = a_report(), a_report()
    stores = await open_stores(postgresql_made, tmp_path)
    await keep(stores, before)

    async def write_while_the_server_hangs_up() -> None:
        async with stores.cases() as cases:
            await cases.reports.add(lost)
            hang_up(postgresql_made)
            await cases.commit()

    with pytest.raises(StoreUnavailable):
        await write_while_the_server_hangs_up()
    hang_up(postgresql_made)
    async with stores.cases() as cases:
        assert await cases.reports.get(lost.id) is None
        assert await cases.reports.get(before.id) == before
    await stores.aclose()


def hang_up(url: str) -> None:
    """The server ends every connection but this one."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


async def test_a_value_the_database_refuses_is_no_outage_and_is_not_repeated(
    database: Database,
) -> None:
    secret = "sealed words"
    broken = replace(a_report(detail=secret), received=None)  # type: ignore[arg-type] # on purpose
    async with database.opened() as stores:
        with pytest.raises(StoreRefused) as refused:
            await keep(stores, broken)
        await keep(stores, a_report())
    assert refused.value.params == {"why": refused.value.params["why"]}
    assert secret not in str(refused.value.params)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
