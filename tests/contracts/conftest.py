"""The stores of every contract: in memory, in SQLite files, on a real PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from domain.ports.stores import Stores
from tests.databases import Database, empty_database
from tests.fakes.stores import MemoryStores


@pytest.fixture
async def stores(place: Database | None) -> AsyncIterator[Stores]:
    if place is None:
        yield MemoryStores()
    else:
        async with place.opened() as opened:
            yield opened


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Database | None:
    """Where `stores` are kept: None is in memory."""
    return None if request.param == "memory" else empty_database(request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def nothing_made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Without a table yet."""
    if request.param == "sqlite":
        yield Database(url=None, folder=tmp_path / "data")
        return
    server = request.getfixturevalue("postgresql")
    yield Database(url=server.created("bare"), folder=tmp_path)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP DATABASE bare")
