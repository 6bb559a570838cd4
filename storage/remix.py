"""Every row of a store written anew, in an order that tells nothing. Databases keep the order
in which rows came: SQLite in its pages, PostgreSQL in `ctid` and `xmin`; equal `xmin` tells
even which rows came together.
"""

import sqlite3
from typing import Any

from sqlalchemy import MetaData, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.errors import StoreUnavailable

PATIENCE = "SET LOCAL lock_timeout = '5s'"
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


async def rewrite(connection: AsyncConnection, tables: MetaData) -> None:
    """A transaction a table: nobody holds one table while waiting for another, and whoever
    waited finds every row. Keys, indexes and their names stay.
    """
    for table in tables.sorted_tables:
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
