"""A dump of an earlier release, brought to this release's shape by the migrations that a store of
then would go through. It happens in SQLite in memory, whatever it is restored to: no file holds a
row of it, and have as much memory free as the store is large.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby, islice
from sqlite3 import connect
from typing import Any

from sqlalchemy import Connection, DateTime, MetaData, Table, event, insert
from sqlalchemy.exc import StatementError

from storage.dumping import AT_ONCE, LEFT_OUT, DumpMalformed, dumped, on_sqlite, read_rows
from storage.migrate import migrate, newest_shape, shapes
from storage.tables.types import UtcDateTime


class ShapeUnknown(Exception):
    """Of a later release than this one, or of none."""


def brought_up(store: str, shape: str, lines: Iterable[bytes]) -> Iterator[bytes]:
    """As this release would have written them. All of `lines` is read before the first is given.

    Raises ShapeUnknown, DumpMalformed.
    """
    if shape == newest_shape():
        yield from lines
        return
    if shape not in shapes():
        raise ShapeUnknown
    with closing(connect(":memory:")) as memory:
        memory.execute("PRAGMA temp_store=MEMORY")
        with on_sqlite(memory, store).begin() as connection:
            migrate(connection, store, shape)
            _load(connection, lines)
            migrate(connection, store, newest_shape())
            yield from dumped(connection, store)


def _load(connection: Connection, lines: Iterable[bytes]) -> None:
    """Raises DumpMalformed."""
    tables = _tables_of_then(connection)
    try:
        for _, rows in groupby(read_rows(tables, lines), key=_name):
            while chunk := list(islice(rows, AT_ONCE)):
                connection.execute(insert(chunk[0][0]), [row for _, row in chunk])
    except StatementError:
        raise DumpMalformed from None


def _name(read: tuple[Table, object]) -> str:
    return read[0].name


def _tables_of_then(connection: Connection) -> dict[str, Table]:
    """As the database has them: this release's declarations may know other columns."""
    metadata = MetaData()
    event.listen(metadata, "column_reflect", _aware)
    metadata.reflect(connection)
    not_dumped = LEFT_OUT | {"alembic_version"}
    return {name: table for name, table in metadata.tables.items() if name not in not_dumped}


def _aware(_: object, __: Table, column: Any) -> None:
    if isinstance(column["type"], DateTime):
        column["type"] = UtcDateTime()
