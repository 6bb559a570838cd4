"""Leading: an advisory lock of PostgreSQL, or a locked file beside the SQLite files. Either is
free again as soon as whoever holds it dies.
"""

import fcntl
import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from domain.ports.lead import Lead
from storage.engines import PATIENCE
from storage.errors import StoreUnavailable

WATCHED = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""Seconds: a machine that vanishes without a word must not lead for hours."""

THERE = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"


def open_lead(database_url: str | None, data_dir: Path, name: str) -> Lead:
    """`name`: in what. Touches nothing before it is asked."""
    if database_url is None:
        return FileLead(data_dir / f"{name}.lock")
    return PostgresqlLead(_engine(database_url), _number(name))


async def is_led(database_url: str | None, data_dir: Path, name: str) -> bool:
    """Whether anybody leads in it. Any number may ask at once. Raises StoreUnavailable."""
    if database_url is None:
        return _is_locked(data_dir / f"{name}.lock")
    engine, lock = _engine(database_url), {"number": _number(name)}
    asked = text("SELECT pg_try_advisory_lock_shared(:number)")
    given_back = text("SELECT pg_advisory_unlock_shared(:number)")
    try:
        async with engine.connect() as connection:
            free = await connection.scalar(asked, lock)
            if free:
                await connection.execute(given_back, lock)
            return not free
    except DBAPIError:
        raise StoreUnavailable from None
    finally:
        await engine.dispose()


def _is_locked(path: Path) -> bool:
    if not path.exists():
        return False
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


@dataclass(slots=True)
class FileLead:
    path: Path
    file: int | None = None

    async def held(self) -> bool:
        if self.file is None:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
            else:
                self.file = file
        return self.file is not None

    async def leave(self) -> None:
        if self.file is not None:
            os.close(self.file)
            self.file = None


@dataclass(slots=True)
class PostgresqlLead:
    """The lock lives as long as its connection, which therefore is no pool's. It is given back
    before that ends, as the server may be a moment late to see the end.
    """

    engine: AsyncEngine
    number: int
    connection: AsyncConnection | None = field(default=None)

    async def held(self) -> bool:
        try:
            if self.connection is not None:
                await self.connection.execute(text("SELECT 1"))
                return True
            return await self._taken()
        except DBAPIError:
            await self.leave()
            raise StoreUnavailable from None

    async def leave(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            given_back = text("SELECT pg_advisory_unlock(:number)")
            try:
                if not connection.invalidated:
                    await connection.execute(given_back, {"number": self.number})
                await connection.close()
            except DBAPIError:
                await connection.invalidate()

    async def _taken(self) -> bool:
        connection = await self.engine.connect()
        try:
            asked = text("SELECT pg_try_advisory_lock(:number)")
            if await connection.scalar(asked, {"number": self.number}):
                self.connection = connection
        finally:
            if self.connection is None:
                await connection.close()
        return self.connection is not None


def _engine(database_url: str) -> AsyncEngine:
    return create_async_engine(
        make_url(database_url).set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"connect_timeout": PATIENCE, "options": THERE, **WATCHED},
    )


def _number(name: str) -> int:
    """PostgreSQL counts its locks in signed 64 bits."""
    return int.from_bytes(sha256(b"sauti/lead\x00" + name.encode()).digest()[:8], signed=True)
