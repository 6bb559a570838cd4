"""Rows that the service keyring closes, sealed anew a few at a time beside the running bot.

Each batch is a transaction of its own; a row is read, changed and written under its lock, so
that neither the bot's word nor ours is lost, and whoever is killed goes on where it was.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, and_, delete, func, or_, select, update

from storage.addresses import CHAT, STAFF_CHAT, SUBSCRIPTION, TRACE
from storage.engines import open_plain_engine
from storage.errors import told_apart
from storage.mailboxes import FORGOTTEN
from storage.outgoing import OUTGOING

AT_ONCE = 100
VERSION_PREFIX = 3
"""An envelope's own version, and its key's two bytes."""

TABLES: Mapping[str, Table] = {
    table.name: table for table in (CHAT, TRACE, STAFF_CHAT, SUBSCRIPTION, OUTGOING, FORGOTTEN)
}
"""Everything the service keyring closes. Mailboxes lie under case secrets."""

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A row to seal anew. `key`: its primary key, by column. `taken`: a message that somebody
    may be sending just now; its key must stay.
    """

    key: Mapping[str, Any]
    sealed: bytes
    taken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """`key`: what its columns are now."""

    key: Mapping[str, Any]
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealing:
    engine: Engine

    def keys_of(self, table: Table) -> list[Key]:
        with told_apart(), self.engine.connect() as connection:
            query = select(*table.primary_key).where(func.length(table.c.sealed) > 0)
            return [tuple(row) for row in connection.execute(query)]

    def batch(
        self,
        table: Table,
        keys: list[Key],
        change: Callable[[Found], Changed | None],
        now: datetime,
    ) -> int:
        """How many were changed. Raises StoreUnavailable."""
        changed = 0
        with told_apart(), self.engine.begin() as connection:
            query = select(table).where(or_(*(_is(table, key) for key in keys)))
            for row in connection.execute(query.with_for_update()).mappings().all():
                found = Found(
                    key={column.name: row[column.name] for column in table.primary_key},
                    sealed=row["sealed"],
                    taken=_taken(row, now),
                )
                after = change(found)
                if after is not None:
                    self._write(connection, table, found, after)
                    changed += 1
        return changed

    def by_prefix(self, table: Table) -> dict[bytes, int]:
        """Rows by the first bytes of their envelopes; the empty ones left out."""
        prefix = func.substr(table.c.sealed, 1, VERSION_PREFIX)
        query = select(prefix, func.count()).where(func.length(table.c.sealed) > 0)
        with told_apart(), self.engine.connect() as connection:
            rows = connection.execute(query.group_by(prefix)).all()
        return {bytes(start): int(count) for start, count in rows}

    def last_expiry(self, table: Table, prefix: bytes) -> datetime | None:
        start = func.substr(table.c.sealed, 1, VERSION_PREFIX)
        with told_apart(), self.engine.connect() as connection:
            found: datetime | None = connection.scalar(
                select(table.c.expires)
                .where(start == prefix)
                .order_by(table.c.expires.desc())
                .limit(1)
            )
        return found

    def _write(self, connection: Connection, table: Table, before: Found, after: Changed) -> None:
        """Where the bot has written the row under its new key meanwhile, its word is newer."""
        old = _is(table, tuple(before.key.values()))
        moved = dict(after.key) != dict(before.key)
        taken = (
            moved
            and connection.execute(
                select(*table.primary_key).where(_is(table, tuple(after.key.values())))
            ).first()
        )
        if taken:
            connection.execute(delete(table).where(old))
        else:
            connection.execute(update(table).where(old).values(**after.key, sealed=after.sealed))


@contextmanager
def resealing(database_url: str | None, data_dir: Path) -> Iterator[Resealing]:
    engine = open_plain_engine("addresses", database_url, data_dir)
    try:
        yield Resealing(engine=engine)
    finally:
        engine.dispose()


def _is(table: Table, key: Key) -> Any:
    pairs = zip(table.primary_key, key, strict=True)
    return and_(*(column == value for column, value in pairs))


def _taken(row: Mapping[Any, Any], now: datetime) -> bool:
    until = row.get("claimed_until")
    return until is not None and until > now
