"""Where news of one report goes, found by its slot alone; and who asked to be forgotten."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.ports.addresses import ChatRow
from storage.tables.addresses import ForgottenRow, MailboxRow
from storage.tables.metadata import table_of
from storage.writing import put

MAILBOX = table_of(MailboxRow)
FORGOTTEN = table_of(ForgottenRow)


@dataclass(frozen=True, slots=True)
class SqlMailboxes:
    connection: AsyncConnection

    async def put(self, slot: bytes, sealed: bytes, until: date) -> None:
        await put(self.connection, MAILBOX, {"slot": slot, "sealed": sealed, "until": until})

    async def keep(self, slots: Collection[bytes], until: date) -> int:
        kept = await self.connection.execute(
            update(MAILBOX)
            .where(MAILBOX.c.slot.in_(sorted(slots)), MAILBOX.c.until < until)
            .values(until=until)
        )
        return kept.rowcount

    async def remove_expired(self, today: date) -> int:
        gone = await self.connection.execute(delete(MAILBOX).where(MAILBOX.c.until <= today))
        return gone.rowcount

    async def get(self, slot: bytes) -> bytes | None:
        found = await self.connection.execute(
            select(MAILBOX.c.sealed).where(MAILBOX.c.slot == slot)
        )
        sealed: bytes | None = found.scalar_one_or_none()
        return sealed

    async def remove(self, slots: Collection[bytes]) -> int:
        if not slots:
            return 0
        gone = await self.connection.execute(
            delete(MAILBOX).where(MAILBOX.c.slot.in_(sorted(slots)))
        )
        return gone.rowcount

    async def remove_as_read(self, slot: bytes, sealed: bytes) -> bool:
        gone = await self.connection.execute(
            delete(MAILBOX).where(MAILBOX.c.slot == slot, MAILBOX.c.sealed == sealed)
        )
        return gone.rowcount == 1


@dataclass(frozen=True, slots=True)
class SqlForgotten:
    connection: AsyncConnection

    async def put(self, row: ChatRow) -> None:
        values = {"tag": row.tag, "sealed": row.sealed, "expires": row.expires}
        await put(self.connection, FORGOTTEN, values)

    async def get(self, tags: Sequence[bytes]) -> ChatRow | None:
        found = await self.connection.execute(select(FORGOTTEN).where(FORGOTTEN.c.tag.in_(tags)))
        rows = {row["tag"]: row for row in found.mappings()}
        row = next((rows[tag] for tag in tags if tag in rows), None)
        if row is None:
            return None
        return ChatRow(tag=row["tag"], sealed=row["sealed"], expires=row["expires"])

    async def remove(self, tags: Sequence[bytes]) -> None:
        if tags:
            await self.connection.execute(delete(FORGOTTEN).where(FORGOTTEN.c.tag.in_(tags)))

    async def remove_expired(self, now: datetime) -> int:
        gone = await self.connection.execute(delete(FORGOTTEN).where(FORGOTTEN.c.expires <= now))
        return gone.rowcount
