"""All rows of one store as lines of JSON, and back: the same on SQLite and PostgreSQL, so that
what was kept on one is restored to the other. A dump is one moment, taken beside the running bot.

Mailboxes, the outbox and what is remembered of chats for two days are in no dump: they would
tell, for as long as a backup lies somewhere, who was here and who waits for news.
"""

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    LargeBinary,
    StaticPool,
    Table,
    create_engine,
    delete,
    exists,
    insert,
    select,
    text,
)
from sqlalchemy.engine import Engine

from storage.engines import open_plain_engine
from storage.errors import told_apart
from storage.reports import OF_REPORTS, REPORT
from storage.tables.metadata import STORES, table_of
from storage.tables.reports import TombstoneRow
from storage.tables.types import UtcDateTime

LEFT_OUT = frozenset({"mailbox", "outgoing", "chat"})

REFERENCE = frozenset(
    {"county", "forum", "forum_county", "office", "help_line", "commitment", "bell"}
)
"""What `sauti init` and the clock write by themselves: a store with nothing else is empty."""

AT_ONCE = 200
TOMBSTONE = table_of(TombstoneRow)

Row = dict[str, Any]


class StoreAlive(Exception):
    """The store holds rows, and nobody said that they may go."""


class DumpMalformed(Exception):
    """Lines that are no dump of this release's tables."""


def dumped_tables(store: str) -> list[Table]:
    return [table for table in STORES[store].sorted_tables if table.name not in LEFT_OUT]


def dump(store: str, database_url: str | None, data_dir: Path) -> Iterator[bytes]:
    """A line a row, by table and key: nothing tells in which order rows came.

    Raises StoreUnavailable.
    """
    with told_apart(), _one_moment(store, database_url, data_dir) as connection:
        for table in dumped_tables(store):
            for row in connection.execute(select(table).order_by(*table.primary_key)).mappings():
                yield json.dumps([table.name, _written(dict(row))]).encode() + b"\n"


def load(
    store: str,
    database_url: str | None,
    data_dir: Path,
    lines: Iterable[bytes],
    *,
    overwrite: bool,
) -> dict[str, int]:
    """How many rows of each table; all of them, or nothing. What ended since the dump was made
    ends again: tombstones that are there stay, and their reports go.

    Raises StoreAlive, DumpMalformed, StoreUnavailable, StoreRefused.
    """
    engine = open_plain_engine(store, database_url, data_dir)
    try:
        with told_apart(), engine.begin() as connection:
            if not overwrite and _is_alive(connection, store):
                raise StoreAlive
            ended = _tombstones(connection) if store == "cases" else []
            _empty(connection, store)
            counts = _inserted(connection, store, lines)
            if store == "cases":
                _end_again(connection, ended)
        return counts
    finally:
        engine.dispose()


@contextmanager
def _one_moment(store: str, database_url: str | None, data_dir: Path) -> Iterator[Connection]:
    """SQLite's online backup into memory; a deferrable snapshot of PostgreSQL. Neither makes
    the bot wait for longer than that copy takes, nor leaves a file.
    """
    if database_url is None:
        with closing(_copy_in_memory(data_dir / f"{store}.db")) as copy:
            engine = create_engine(
                "sqlite://",
                creator=lambda: copy,
                poolclass=StaticPool,
                execution_options={"schema_translate_map": {store: None}},
            )
            with engine.connect() as connection:
                yield connection
        return
    engine = open_plain_engine(store, database_url, data_dir)
    try:
        with engine.connect().execution_options(
            isolation_level="SERIALIZABLE",
            postgresql_readonly=True,
            postgresql_deferrable=True,
            yield_per=AT_ONCE,
        ) as connection:
            yield connection
    finally:
        engine.dispose()


def _copy_in_memory(path: Path) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(path, timeout=10)) as original:
        original.backup(copy)
    return copy


def _is_alive(connection: Connection, store: str) -> bool:
    return any(
        connection.scalar(select(exists(select(table))))
        for table in dumped_tables(store)
        if table.name not in REFERENCE
    )


def _empty(connection: Connection, store: str) -> None:
    """SQLite overwrites what it deletes; PostgreSQL takes the files away."""
    for table in reversed(dumped_tables(store)):
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {table.fullname}"))
        else:
            connection.execute(delete(table))


def _inserted(connection: Connection, store: str, lines: Iterable[bytes]) -> dict[str, int]:
    tables = {table.name: table for table in dumped_tables(store)}
    counts = dict.fromkeys(tables, 0)
    waiting: list[Row] = []
    current: Table | None = None
    for line in lines:
        try:
            name, row = json.loads(line)
            table = tables[name]
            read = read_row(table, row)
        except (ValueError, KeyError, TypeError):
            raise DumpMalformed from None
        if waiting and (table is not current or len(waiting) >= AT_ONCE):
            connection.execute(insert(_certain(current)), waiting)
            waiting = []
        current = table
        waiting.append(read)
        counts[name] += 1
    if waiting:
        connection.execute(insert(_certain(current)), waiting)
    return counts


def _certain(table: Table | None) -> Table:
    assert table is not None, "rows wait for a table"
    return table


def _tombstones(connection: Connection) -> list[Row]:
    return [dict(row) for row in connection.execute(select(TOMBSTONE)).mappings()]


def _end_again(connection: Connection, ended: list[Row]) -> None:
    for row in ended:
        connection.execute(delete(TOMBSTONE).where(TOMBSTONE.c.leaf == row["leaf"]))
        connection.execute(insert(TOMBSTONE).values(row))
    gone = select(REPORT.c.id).where(REPORT.c.intake_leaf.in_(select(TOMBSTONE.c.leaf)))
    drop_reports(connection, list(connection.execute(gone).scalars()))


def drop_reports(connection: Connection, reports: list[bytes]) -> None:
    for report in reports:
        for table in OF_REPORTS:
            column = table.c.id if table is REPORT else table.c.report
            connection.execute(delete(table).where(column == report))


def without_key(database_url: str | None, data_dir: Path, *, drop: bool) -> int:
    """Reports of *cases* whose key is not in *shreds*: nobody opens them. How many; `drop`
    takes their rows away, unless there is no key at all. Raises StoreUnavailable.
    """
    with told_apart():
        with _plain("shreds", database_url, data_dir) as shreds, shreds.connect() as connection:
            table = STORES["shreds"].tables["shreds.shred"]
            keys = set(connection.execute(select(table.c.report)).scalars())
        with _plain("cases", database_url, data_dir) as cases, cases.begin() as connection:
            kept = connection.execute(select(REPORT.c.id)).scalars()
            lost = [report for report in kept if report not in keys]
            if drop and keys:
                drop_reports(connection, lost)
    return len(lost)


@contextmanager
def _plain(store: str, database_url: str | None, data_dir: Path) -> Iterator[Engine]:
    engine = open_plain_engine(store, database_url, data_dir)
    try:
        yield engine
    finally:
        engine.dispose()


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
