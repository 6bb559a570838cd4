"""Whether *cases* and *shreds* fit: a report without its key is read by nobody, and a key without
its report reads an older copy of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Table, delete, func, select

from storage.engines import open_plain_engine
from storage.errors import told_apart
from storage.reports import OF_REPORTS, REPORT
from storage.tables.metadata import table_of
from storage.tables.reports import TombstoneRow
from storage.tables.shreds import ShredRow

SHRED = table_of(ShredRow)
TOMBSTONE = table_of(TombstoneRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfits:
    """`reports` that have no key; `keys` that have no report."""

    reports: frozenset[bytes]
    keys: frozenset[bytes]


def misfits(database_url: str | None, data_dir: Path) -> Misfits:
    """Beside a bot: a report that comes or ends meanwhile is none. Raises StoreUnavailable."""
    before = living_reports(database_url, data_dir)
    keys = _column(SHRED, "shreds", database_url, data_dir)
    there = _column(REPORT, "cases", database_url, data_dir)
    after = living_reports(database_url, data_dir)
    return Misfits(reports=frozenset(before & after - keys), keys=frozenset(keys - there - before))


def living_reports(database_url: str | None, data_dir: Path) -> set[bytes]:
    """Of *cases*: those that have not ended. Raises StoreUnavailable."""
    with _transaction("cases", database_url, data_dir) as connection:
        return _living(connection)


def _living(connection: Connection) -> set[bytes]:
    ended = REPORT.c.intake_leaf.in_(select(TOMBSTONE.c.leaf))
    return set(connection.execute(select(REPORT.c.id).where(~ended)).scalars())


def _column(table: Table, store: str, database_url: str | None, data_dir: Path) -> set[bytes]:
    column = table.c.id if table is REPORT else table.c.report
    with _transaction(store, database_url, data_dir) as connection:
        return set(connection.execute(select(column)).scalars())


def last_ending(database_url: str | None, data_dir: Path) -> date | None:
    """The first day of the month in which a report last ended: no day is kept of it.

    Raises StoreUnavailable.
    """
    with _transaction("cases", database_url, data_dir) as connection:
        month: date | None = connection.scalar(select(func.max(TOMBSTONE.c.month)))
        return month


def drop_reports(connection: Connection, reports: list[bytes]) -> None:
    for report in reports:
        for table in OF_REPORTS:
            column = table.c.id if table is REPORT else table.c.report
            connection.execute(delete(table).where(column == report))


def without_key(database_url: str | None, data_dir: Path, *, drop: bool) -> int:
    """Reports of *cases* whose key is not in *shreds*: nobody opens them. How many; `drop`
    takes their rows away, unless there is no key at all. Raises StoreUnavailable.
    """
    keys = _column(SHRED, "shreds", database_url, data_dir)
    with _transaction("cases", database_url, data_dir) as connection:
        kept = connection.execute(select(REPORT.c.id)).scalars()
        lost = [report for report in kept if report not in keys]
        if drop and keys:
            drop_reports(connection, lost)
    return len(lost)


@contextmanager
def _transaction(store: str, database_url: str | None, data_dir: Path) -> Iterator[Connection]:
    engine = open_plain_engine(store, database_url, data_dir)
    try:
        with told_apart(), engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
