"""Inserting on SQLite and on PostgreSQL, where the key may be taken."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_once(connection: AsyncConnection, table: Table, values: dict[str, Any]) -> bool:
    """False, and nothing is written, when a row has this key or another unique value."""
    statement = _inserting_once(table, connection.dialect.name)
    written = await connection.execute(statement, values)
    return written.first() is not None


@cache
def _inserting_once(table: Table, dialect: str) -> Executable:
    """Of every row the same: what it is compiled to is found again at once."""
    insert = insert_sqlite if dialect == "sqlite" else insert_postgresql
    return insert(table).on_conflict_do_nothing().returning(*table.primary_key)


async def put(connection: AsyncConnection, table: Table, values: dict[str, Any]) -> None:
    """Inserts, or replaces the row that has this key."""
    insert = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    statement = insert(table).values(values)
    await connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


async def put_all(
    connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]
) -> None:
    """As `put`, of rows with the same columns, through one statement."""
    if not rows:
        return
    insert = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    rest = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=rest), list(rows)
    )
