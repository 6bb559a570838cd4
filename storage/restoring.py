"""Lines that `storage/dumping.py` wrote, put back: of each store all or nothing, and nothing that
ended or was taken away since the dump was made.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, delete, exists, func, insert, select, text, update

from domain.chats.memory import kept_until
from domain.chats.traces import RESTORED
from domain.reports.waiting import NO_JOBS, PUT_BACK
from storage.dumping import AT_ONCE, Row, dumped_tables, named_tables, read_rows
from storage.engines import open_plain_engine
from storage.errors import told_apart
from storage.fitting import SHRED, TOMBSTONE, drop_reports, living_reports
from storage.register import KEYED_BY, Kept, Register
from storage.reports import REPORT
from storage.staff import MEMBER
from storage.tables.addresses import ForgottenRow, SubscriptionRow, TraceRow
from storage.tables.followup import BellRow
from storage.tables.metadata import table_of

REFERENCE = frozenset(
    {"county", "forum", "forum_county", "office", "help_line", "commitment", "bell"}
)
"""What `sauti init` and the clock write by themselves: a store with nothing else is empty."""

BELL, TRACE = table_of(BellRow), table_of(TraceRow)
FOLLOWED, FORGOTTEN = table_of(SubscriptionRow), table_of(ForgottenRow)

Counts = dict[str, int]


class StoreAlive(Exception):
    """The store holds rows, and nobody said that they may go."""


class NothingFits(Exception):
    """Of all these keys none belongs to a living report of *cases*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Keys of a backup that came back, those of it that did not, and those that were here and
    are gone.
    """

    restored: int
    left_out: int
    dropped: int


def load_cases(
    database_url: str | None,
    data_dir: Path,
    lines: Iterable[bytes],
    *,
    overwrite: bool,
    revoked: frozenset[bytes] | None,
    vouched: Callable[[Row], bool],
    now: datetime,
) -> tuple[Counts, Kept]:
    """How many rows of each table. What ended since the dump was made ends again: tombstones
    that are there stay, and their reports go. What was stopped since can be stopped once more: see
    `domain/reports/waiting.py`. Of the staff see `storage/register.py`.

    Raises StoreAlive, DumpMalformed, RegisterLost, StoreUnavailable, StoreRefused.
    """
    with _loading("cases", database_url, data_dir, overwrite=overwrite) as connection:
        ended, here, rung = _tombstones(connection), _register(connection), _rung(connection)
        _empty(connection, "cases")
        staff: dict[str, list[Row]] = {name: [] for name in KEYED_BY}
        counts = _inserted(connection, "cases", lines, kept_back=staff)
        register = Register(
            backup=staff,
            here=here,
            revoked=revoked,
            vouched=vouched,
            newer=_is_newer(rung, _rung(connection)),
        )
        joined, kept = register.joined()
        for name, rows in joined.items():
            counts[name] = len(rows)
            _insert(connection, _table(name), rows)
        _end_again(connection, ended)
        _let_be_stopped(connection, now)
    return counts, kept


def load_addresses(
    database_url: str | None,
    data_dir: Path,
    lines: Iterable[bytes],
    *,
    overwrite: bool,
    now: datetime,
    forgotten: Callable[[Collection[Row]], Callable[[Row], bool]],
) -> Counts:
    """Whoever asked to be forgotten since stays so: tombstones that are there stay, and what their
    chats followed does not come back. `forgotten`: by those tombstones, whether a subscription is
    such a chat's.

    No dump says which messages stand in chats. Where the store does not know it either, it is
    marked so for as long as they can be deleted.

    Raises StoreAlive, DumpMalformed, StoreUnavailable, StoreRefused.
    """
    with _loading("addresses", database_url, data_dir, overwrite=overwrite) as connection:
        here = _all(connection, FORGOTTEN)
        _empty(connection, "addresses")
        if not connection.scalar(select(exists(select(TRACE)))):
            row = {"tag": RESTORED, "sealed": b"", "expires": kept_until(now)}
            _insert(connection, TRACE, [row])
        over = {FOLLOWED.name: forgotten(here)}
        counts = _inserted(connection, "addresses", lines, left_out=over)
        _forget_again(connection, here)
    return counts


def load_shreds(
    database_url: str | None, data_dir: Path, lines: Iterable[bytes], *, overwrite: bool, drop: bool
) -> Fitted:
    """Only keys of reports that are in *cases* and have not ended, so that none comes back that
    was destroyed since. Keys that are here stay as they are; `drop`: but those without a report.

    Raises StoreAlive, DumpMalformed, NothingFits, StoreUnavailable, StoreRefused.
    """
    with _loading("shreds", database_url, data_dir, overwrite=overwrite) as connection:
        living = living_reports(database_url, data_dir)  # whatever ends from here on waits for us
        here = {row["report"]: row["key"] for row in _all(connection, SHRED)}
        read = {row["report"]: row["key"] for _, row in _rows("shreds", lines)}
        fitting = {report: key for report, key in read.items() if report in living}
        if read and not fitting:
            raise NothingFits
        stay = {report: key for report, key in here.items() if report in living or not drop}
        _empty(connection, "shreds")
        _insert(connection, SHRED, [_shred(*each) for each in (fitting | stay).items()])
    return Fitted(
        restored=len(fitting), left_out=len(read) - len(fitting), dropped=len(here) - len(stay)
    )


def holds_rows(database_url: str | None, data_dir: Path, store: str) -> bool:
    """Raises StoreUnavailable."""
    try:
        with _loading(store, database_url, data_dir, overwrite=False):
            return False
    except StoreAlive:
        return True


def knows_members(database_url: str | None, data_dir: Path, members: Collection[bytes]) -> bool:
    """Whether *cases* can say which of them were revoked. Raises StoreUnavailable."""
    with _loading("cases", database_url, data_dir, overwrite=True) as connection:
        return {row["id"] for row in _all(connection, MEMBER)}.issuperset(members)


@contextmanager
def _loading(
    store: str, database_url: str | None, data_dir: Path, *, overwrite: bool
) -> Iterator[Connection]:
    """One transaction. Nobody else changes these rows meanwhile: on SQLite by its lock of the
    whole file. Nor reads them on PostgreSQL, which takes their files away.
    """
    engine = open_plain_engine(store, database_url, data_dir)
    try:
        with told_apart(), engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                named = named_tables(store)
                connection.execute(text(f"LOCK TABLE {named} IN ACCESS EXCLUSIVE MODE"))
            if not overwrite and _is_alive(connection, store):
                raise StoreAlive
            yield connection
    finally:
        engine.dispose()


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


def _inserted(
    connection: Connection,
    store: str,
    lines: Iterable[bytes],
    *,
    kept_back: dict[str, list[Row]] | None = None,
    left_out: Mapping[str, Callable[[Row], bool]] | None = None,
) -> Counts:
    """But the rows of tables that are kept back, to be looked at first, and what is left out."""
    counts = dict.fromkeys((table.name for table in dumped_tables(store)), 0)
    waiting: list[Row] = []
    current: Table | None = None
    for table, row in _rows(store, lines):
        if left_out and table.name in left_out and left_out[table.name](row):
            continue
        counts[table.name] += 1
        if kept_back is not None and table.name in kept_back:
            kept_back[table.name].append(row)
            continue
        if current is not None and (table is not current or len(waiting) >= AT_ONCE):
            _insert(connection, current, waiting)
            waiting = []
        current = table
        waiting.append(row)
    if current is not None:
        _insert(connection, current, waiting)
    return counts


def _rows(store: str, lines: Iterable[bytes]) -> Iterator[tuple[Table, Row]]:
    """Raises DumpMalformed."""
    return read_rows({table.name: table for table in dumped_tables(store)}, lines)


def _insert(connection: Connection, table: Table, rows: list[Row]) -> None:
    for at in range(0, len(rows), AT_ONCE):
        connection.execute(insert(table), rows[at : at + AT_ONCE])


def _register(connection: Connection) -> dict[str, list[Row]]:
    return {name: _all(connection, _table(name)) for name in KEYED_BY}


def _rung(connection: Connection) -> datetime | None:
    """The last moment of any job: how late it is in a store."""
    by_job = select(func.max(BELL.c.rung)).where(BELL.c.job.not_in(NO_JOBS))
    rung: datetime | None = connection.scalar(by_job)
    return rung


def _is_newer(here: datetime | None, backup: datetime | None) -> bool:
    return backup is None or (here is not None and here >= backup)


def _table(name: str) -> Table:
    return next(table for table in dumped_tables("cases") if table.name == name)


def _shred(report: bytes, key: bytes) -> Row:
    return {"report": report, "key": key}


def _tombstones(connection: Connection) -> list[Row]:
    return _all(connection, TOMBSTONE)


def _all(connection: Connection, table: Table) -> list[Row]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def _end_again(connection: Connection, ended: list[Row]) -> None:
    for row in ended:
        connection.execute(delete(TOMBSTONE).where(TOMBSTONE.c.leaf == row["leaf"]))
        connection.execute(insert(TOMBSTONE).values(row))
    gone = select(REPORT.c.id).where(REPORT.c.intake_leaf.in_(select(TOMBSTONE.c.leaf)))
    drop_reports(connection, list(connection.execute(gone).scalars()))


def _forget_again(connection: Connection, forgotten: list[Row]) -> None:
    """Of two tombstones of one chat the later holds: it goes the later."""
    for row in forgotten:
        same = FORGOTTEN.c.tag == row["tag"]
        connection.execute(delete(FORGOTTEN).where(same, FORGOTTEN.c.expires <= row["expires"]))
        if not connection.scalar(select(exists(select(FORGOTTEN).where(same)))):
            connection.execute(insert(FORGOTTEN).values(row))


def _let_be_stopped(connection: Connection, now: datetime) -> None:
    """Whoever follows a report hears once more that its withdrawal goes on."""
    connection.execute(delete(BELL).where(BELL.c.job == PUT_BACK))
    connection.execute(insert(BELL).values(job=PUT_BACK, rung=now))
    asked = REPORT.c.withdrawal_asked.is_not(None)
    connection.execute(update(REPORT).where(asked).values(notice_due=True))
