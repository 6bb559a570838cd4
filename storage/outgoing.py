"""The outbox in *addresses*: claimed by one sender at a time, kept until delivered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.ports.addresses import OutgoingKey, OutgoingRow
from storage.tables.addresses import OutgoingMessageRow
from storage.tables.metadata import table_of
from storage.writing import insert_once

OUTGOING = table_of(OutgoingMessageRow)

WAITING, DONE, ASIDE = "waiting", "done", "aside"


@dataclass(frozen=True, slots=True)
class SqlOutgoing:
    connection: AsyncConnection

    async def add(self, row: OutgoingRow) -> bool:
        values = {
            "subject": row.key.subject,
            "kind": row.key.kind,
            "anchor": row.key.anchor,
            "due": row.due,
            "urgent": row.urgent,
            "stage": WAITING,
            "tries": row.tries,
            "claimed_until": None,
            "sealed": row.sealed,
        }
        return await insert_once(self.connection, OUTGOING, values)

    async def claim(
        self, now: datetime, *, until: datetime, limit: int, urgent_only: bool
    ) -> Sequence[OutgoingRow]:
        """Two senders on PostgreSQL never wait for each other: SKIP LOCKED."""
        free = or_(OUTGOING.c.claimed_until.is_(None), OUTGOING.c.claimed_until <= now)
        wanted = [OUTGOING.c.stage == WAITING, OUTGOING.c.due <= now, free]
        if urgent_only:
            wanted.append(OUTGOING.c.urgent.is_(True))
        found = await self.connection.execute(
            select(OUTGOING)
            .where(*wanted)
            .order_by(OUTGOING.c.due, OUTGOING.c.subject)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = [_row(row) for row in found.mappings()]
        for row in rows:
            await self._change(row.key, claimed_until=until, tries=row.tries)
        return rows

    async def done(self, key: OutgoingKey) -> None:
        await self._change(key, stage=DONE, sealed=b"", claimed_until=None)

    async def put_off(self, key: OutgoingKey, until: datetime, *, blameless: bool = False) -> None:
        tries = OUTGOING.c.tries - 1 if blameless else OUTGOING.c.tries
        await self._change(key, due=until, claimed_until=None, tries=tries)

    async def set_aside(self, key: OutgoingKey) -> None:
        await self._change(key, stage=ASIDE, claimed_until=None)

    async def count(self) -> Mapping[str, int]:
        rows = await self.connection.execute(
            select(OUTGOING.c.stage, func.count()).group_by(OUTGOING.c.stage)
        )
        found = {str(stage): int(number) for stage, number in rows}
        return dict.fromkeys((WAITING, DONE, ASIDE), 0) | found

    async def overdue(self, before: datetime) -> tuple[int, datetime | None]:
        late = (OUTGOING.c.stage == WAITING, OUTGOING.c.due < before)
        found = await self.connection.execute(
            select(func.count(), func.min(OUTGOING.c.due)).where(*late)
        )
        number, oldest = found.one()
        return int(number), oldest

    async def remove_done(self, before: datetime) -> int:
        gone = await self.connection.execute(
            delete(OUTGOING).where(OUTGOING.c.stage == DONE, OUTGOING.c.due < before)
        )
        return gone.rowcount

    async def unsent(self, kind: str) -> Sequence[OutgoingRow]:
        found = await self.connection.execute(
            select(OUTGOING).where(OUTGOING.c.kind == kind, OUTGOING.c.stage != DONE)
        )
        return [_row(row, tried=0) for row in found.mappings()]

    async def remove(self, keys: Collection[OutgoingKey]) -> int:
        gone = 0
        for key in keys:
            gone += (await self.connection.execute(delete(OUTGOING).where(_is(key)))).rowcount
        return gone

    async def remove_of(self, subjects: Collection[bytes]) -> int:
        gone = await self.connection.execute(
            delete(OUTGOING).where(OUTGOING.c.subject.in_(list(subjects)))
        )
        return gone.rowcount

    async def _change(self, key: OutgoingKey, **values: Any) -> None:
        await self.connection.execute(update(OUTGOING).where(_is(key)).values(values))


def _is(key: OutgoingKey) -> ColumnElement[bool]:
    return and_(
        OUTGOING.c.subject == key.subject,
        OUTGOING.c.kind == key.kind,
        OUTGOING.c.anchor == key.anchor,
    )


def _row(row: Mapping[Any, Any], *, tried: int = 1) -> OutgoingRow:
    return OutgoingRow(
        key=OutgoingKey(subject=row["subject"], kind=row["kind"], anchor=row["anchor"]),
        due=row["due"],
        urgent=row["urgent"],
        sealed=row["sealed"],
        tries=row["tries"] + tried,
    )
