"""Every row of a store written anew, in an order that tells nothing. Databases keep the order
in which rows came: SQLite in its pages, PostgreSQL in `ctid` and `xmin`; equal `xmin` tells
even which rows came together.

*addresses* alone would not do: of the minutes since it was mixed it does tell in which order chats
were here, and so *cases* and *shreds* must not tell theirs.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.errors import StoreUnavailable

PATIENCE = "SET LOCAL lock_timeout = '1s'"
"""Others who want the table wait behind us: rather try again later."""


async def vacuum(connection: AsyncConnection) -> None:
    """SQLite writes each table anew by its key, which is random, and fills its pages with
    nothing that was there before. Not within a transaction: hence past SQLAlchemy.

    Raises StoreUnavailable.
    """
    raw: Any = (await connection.get_raw_connection()).driver_connection
    try:
        await raw.execute("VACUUM")
    except sqlite3.Error:
        raise StoreUnavailable from None


AT_ONCE = 400
"""Rows of a part, in the mean."""

BYTES = 2
KINDS = 256**BYTES
"""Parts are told apart by the first bytes of a random key."""


async def stir(
    opened: Callable[[], AbstractAsyncContextManager[AsyncConnection]], table: Table
) -> None:
    """On SQLite, where a store also holds files, which are too big to be written anew every
    hour. Part by part, each in a transaction of its own, so that nobody waits for long: the
    rows of a part, a few megabytes, are taken out and put back into the pages they left, in
    another order.

    Raises StoreUnavailable.
    """
    async with opened() as connection:
        rows = await connection.scalar(select(func.count()).select_from(table))
    for low, high in _parts(rows or 0):
        async with opened() as connection:
            await _stir(connection, table, low, high)
            await connection.commit()


def _parts(rows: int) -> Iterator[tuple[bytes, bytes]]:
    parts = min(KINDS, max(1, rows // AT_ONCE))
    bounds = [part * KINDS // parts for part in range(parts)]
    lows = [bound.to_bytes(BYTES, "big") for bound in bounds]
    lows[0] = b""
    yield from zip(lows, [*lows[1:], b"\xff" * 64], strict=True)


async def _stir(connection: AsyncConnection, table: Table, low: bytes, high: bytes) -> None:
    name, key = table.name, next(iter(table.primary_key)).name
    here = f"WHERE {key} >= :low AND {key} < :high"
    for statement in (
        f"CREATE TEMP TABLE remixed AS SELECT * FROM {name} {here}",  # noqa: S608 - our own names
        f"DELETE FROM {name} {here}",  # noqa: S608 - our own names
        f"INSERT INTO {name} SELECT * FROM remixed ORDER BY random()",  # noqa: S608 - our own name
        "DROP TABLE remixed",
    ):
        bound = {"low": low, "high": high} if here in statement else {}
        await connection.execute(text(statement), bound)


async def rewrite(connection: AsyncConnection, tables: Iterable[Table]) -> None:
    """A transaction a table: nobody holds one table while waiting for another, and whoever
    waited finds every row. Keys, indexes and their names stay.
    """
    for table in tables:
        await _rewrite(connection, table)
        await connection.commit()


async def _rewrite(connection: AsyncConnection, table: Table) -> None:
    name = table.fullname
    for statement in (
        PATIENCE,
        f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE",
        f"CREATE TEMPORARY TABLE remixed ON COMMIT DROP AS SELECT * FROM {name}",  # noqa: S608 - our own name
        f"TRUNCATE {name}",
        f"INSERT INTO {name} SELECT * FROM remixed ORDER BY gen_random_uuid()",  # noqa: S608 - our own name
    ):
        await connection.execute(text(statement))


async def drop_log(connection: AsyncConnection) -> None:
    """PostgreSQL's write-ahead log tells everything in the order in which it came, until its
    segment is done with. Where the operator lets us (docs/operations.md), a checkpoint on a
    new segment takes the old ones away.
    """
    if await may_drop_log(connection):
        await connection.execute(text("SELECT pg_switch_wal()"))
        await connection.execute(text("CHECKPOINT"))


async def may_drop_log(connection: AsyncConnection) -> bool:
    """Whether nothing is left after `drop_log`: `wal_recycle` would keep what was written
    in a segment that is used again.
    """
    return bool(await connection.scalar(text(MAY_DROP)))


MAY_DROP = (
    "SELECT pg_has_role('pg_checkpoint', 'USAGE')"
    " AND has_function_privilege('pg_switch_wal()', 'EXECUTE')"
    " AND current_setting('wal_recycle') = 'off'"
)
