"""A database a test may do with as it likes."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from storage.open import open_stores
from storage.stores import SqlStores
from storage.tables.metadata import STORES


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """SQLite files in `folder`, or PostgreSQL at `url`."""

    url: str | None
    folder: Path

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[SqlStores]:
        stores = await open_stores(self.url, self.folder)
        try:
            yield stores
        finally:
            await stores.aclose()


def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """SQLite files or PostgreSQL, as the request's own parameter says."""
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("sqlite_made"), tmp_path / "data")
        return Database(url=None, folder=tmp_path / "data")
    url = request.getfixturevalue("postgresql_made")
    tables = [
        Identifier(store, table.name) for store in STORES for table in STORES[store].sorted_tables
    ]
    with psycopg.connect(url) as connection:
        connection.execute(SQL("TRUNCATE {}").format(SQL(", ").join(tables)))
    return Database(url=url, folder=tmp_path)
