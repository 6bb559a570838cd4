"""All rows of one store as lines of JSON, and back: the same on SQLite and PostgreSQL, so that
what was kept on one is restored to the other. A dump is one moment, taken beside the running bot.

Mailboxes, the outbox and what is remembered of chats and their messages for two days are in no
dump: they would tell, for as long as a backup lies somewhere, who was here and who waits for news.
"""

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    Engine,
    LargeBinary,
    StaticPool,
    Table,
    create_engine,
    select,
    text,
)

from storage.engines import open_plain_engine
from storage.errors import told_apart
from storage.tables.metadata import STORES
from storage.tables.types import UtcDateTime

LEFT_OUT = frozenset({"mailbox", "outgoing", "chat", "trace"})

AT_ONCE = 200

Row = dict[str, Any]


class DumpMalformed(Exception):
    """Lines that are no dump of these tables."""


def dumped_tables(store: str) -> list[Table]:
    return [table for table in STORES[store].sorted_tables if table.name not in LEFT_OUT]


def dump(store: str, database_url: str | None, data_dir: Path) -> Iterator[bytes]:
    """A line a row, by table and key: nothing tells in which order rows came.

    Raises StoreUnavailable.
    """
    with told_apart(), _one_moment(store, database_url, data_dir) as connection:
        yield from dumped(connection, store)


def dumped(connection: Connection, store: str) -> Iterator[bytes]:
    for table in dumped_tables(store):
        with connection.execute(select(table).order_by(*table.primary_key)) as found:
            for row in found.mappings():
                yield json.dumps([table.name, _written(dict(row))]).encode() + b"\n"


@contextmanager
def _one_moment(store: str, database_url: str | None, data_dir: Path) -> Iterator[Connection]:
    """SQLite's online backup into memory; a deferrable snapshot of PostgreSQL. Neither makes
    the bot wait for longer than that copy takes, nor leaves a file. PostgreSQL's tables are not
    written anew meanwhile: to a snapshot from before they would be empty.
    """
    if database_url is None:
        with (
            closing(_copy_in_memory(data_dir / f"{store}.db")) as copy,
            on_sqlite(copy, store).connect() as connection,
        ):
            yield connection
        return
    engine = open_plain_engine(store, database_url, data_dir)
    try:
        with engine.connect().execution_options(
            isolation_level="SERIALIZABLE",
            postgresql_readonly=True,
            postgresql_deferrable=True,
        ) as connection:
            connection.execute(text(f"LOCK TABLE {named_tables(store)} IN ACCESS SHARE MODE"))
            yield connection.execution_options(yield_per=AT_ONCE)
    finally:
        engine.dispose()


def on_sqlite(opened: sqlite3.Connection, store: str) -> Engine:
    """Over a connection that somebody else opened, and closes."""
    return create_engine(
        "sqlite://",
        creator=lambda: opened,
        hide_parameters=True,
        poolclass=StaticPool,
        execution_options={"schema_translate_map": {store: None}},
    )


def named_tables(store: str) -> str:
    return ", ".join(table.fullname for table in dumped_tables(store))


def _copy_in_memory(path: Path) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(path, timeout=10)) as original:
        original.backup(copy)
    return copy


def _written(row: Row) -> Row:
    written = {}
    for name, value in row.items():
        if isinstance(value, bytes):
            written[name] = base64.b64encode(value).decode()
        elif isinstance(value, date | datetime):
            written[name] = value.isoformat()
        else:
            written[name] = value
    return written


def read_rows(tables: Mapping[str, Table], lines: Iterable[bytes]) -> Iterator[tuple[Table, Row]]:
    """Raises DumpMalformed."""
    for line in lines:
        try:
            name, row = json.loads(line)
            found = tables[name], read_row(tables[name], row)
        except (ValueError, KeyError, TypeError):
            raise DumpMalformed from None
        yield found


def read_row(table: Table, row: Row) -> Row:
    """What `dump` wrote of one row. Raises DumpMalformed, ValueError."""
    if set(row) != {column.name for column in table.c}:
        raise DumpMalformed
    return {column.name: _value(column.type, row[column.name]) for column in table.c}


def _value(kind: object, value: Any) -> Any:
    if value is None:
        return None
    match kind:
        case LargeBinary():
            return base64.b64decode(value, validate=True)
        case UtcDateTime():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case _:
            return value
