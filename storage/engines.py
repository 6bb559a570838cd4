"""One engine a store: three SQLite files, or three schemas of one PostgreSQL."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from domain.ports.stores import OpenedInsideItself
from storage.one_trip import connect

PRAGMAS = (
    "PRAGMA journal_mode=TRUNCATE",  # a WAL keeps order and deleted envelopes
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA temp_store=MEMORY",
)

PATIENCE = 10
"""Seconds to wait for a connection before the store counts as unavailable."""


class Turn:
    """Whose turn it is: anybody's, or one unit of work at a time. SQLite takes one writer,
    and waiting here is fairer than in its busy loop. Raises OpenedInsideItself.
    """

    def __init__(self, *, one_at_a_time: bool) -> None:
        self._lock = asyncio.Lock() if one_at_a_time else None
        self._tasks: set[asyncio.Task[object] | None] = set()

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        task = asyncio.current_task()
        if task in self._tasks:
            raise OpenedInsideItself
        async with self._lock or nullcontext():
            self._tasks.add(task)
            try:
                yield
            finally:
                self._tasks.remove(task)


@dataclass(frozen=True, slots=True)
class StoreEngine:
    engine: AsyncEngine
    turn: Turn


def open_engine(name: str, database_url: str | None, data_dir: Path) -> StoreEngine:
    """Connects when first used. Raises ValueError for a URL of another database."""
    if database_url is None:
        return StoreEngine(_sqlite(name, data_dir), Turn(one_at_a_time=True))
    return StoreEngine(_postgresql(make_url(database_url)), Turn(one_at_a_time=False))


def open_plain_engine(name: str, database_url: str | None, data_dir: Path) -> Engine:
    """Without asyncio, for commands that copy a whole store. Raises ValueError as above."""
    if database_url is None:
        engine = create_engine(
            URL.create("sqlite", database=str(data_dir / f"{name}.db")),
            hide_parameters=True,
            poolclass=NullPool,
            execution_options={"schema_translate_map": {name: None}},
        )
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin_immediately)
        return engine
    url = _known(make_url(database_url))
    return create_engine(
        url, hide_parameters=True, poolclass=NullPool, connect_args={"connect_timeout": PATIENCE}
    )


def _sqlite(name: str, data_dir: Path) -> AsyncEngine:
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = data_dir / f"{name}.db"
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        hide_parameters=True,
        pool_size=2,
        connect_args={"async_creator_fn": connect},
        execution_options={"schema_translate_map": {name: None}},
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin_immediately)
    return engine


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """The driver shall not begin transactions by itself: `_begin_immediately` does."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_immediately(connection: Connection) -> None:
    """A reader that becomes a writer later could meet another one doing the same."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql(url: URL) -> AsyncEngine:
    """READ COMMITTED: a guarded UPDATE that waited for another sees what that one wrote,
    and finds it Changed; any stricter level would fail instead.
    """
    return create_async_engine(
        _known(url),
        hide_parameters=True,
        pool_size=8,
        max_overflow=8,
        pool_timeout=PATIENCE,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": PATIENCE},
    )


def _known(url: URL) -> URL:
    if url.drivername not in {"postgresql", "postgres"}:
        raise ValueError(url.drivername)
    return url.set(drivername="postgresql+psycopg")
