"""Whatever holds a chat, sealed; and the shreds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.ports.addresses import ChatRow, StaffChatRow
from domain.reports.report import ReportId
from domain.staff.member import MemberId
from storage.tables.addresses import SealedChatRow, SealedStaffChatRow, SubscriptionRow, TraceRow
from storage.tables.metadata import table_of
from storage.tables.shreds import ShredRow
from storage.writing import insert_once, put

CHAT = table_of(SealedChatRow)
SUBSCRIPTION = table_of(SubscriptionRow)
TRACE = table_of(TraceRow)
STAFF_CHAT = table_of(SealedStaffChatRow)
SHRED = table_of(ShredRow)


@dataclass(frozen=True, slots=True)
class SqlChats:
    """Rows of `chat`, or of another table of the same shape."""

    connection: AsyncConnection
    table: Table = CHAT

    async def put(self, row: ChatRow) -> None:
        values = {"tag": row.tag, "sealed": row.sealed, "expires": row.expires}
        await put(self.connection, self.table, values)

    async def get(self, tags: Sequence[bytes]) -> ChatRow | None:
        row = await _first_of(self.connection, self.table, tags)
        return _chat(row) if row else None

    async def several(self, tags: Sequence[bytes], *, to_change: bool = False) -> Sequence[ChatRow]:
        query = select(self.table).where(self.table.c.tag.in_(tags)).order_by(self.table.c.tag)
        rows = await self.connection.execute(query.with_for_update() if to_change else query)
        return [_chat(row) for row in rows.mappings()]

    async def remove(self, tags: Sequence[bytes]) -> None:
        if tags:
            await self.connection.execute(delete(self.table).where(self.table.c.tag.in_(tags)))

    async def all(self) -> Sequence[ChatRow]:
        return [
            _chat(row) for row in (await self.connection.execute(select(self.table))).mappings()
        ]

    async def count(self) -> int:
        return int(await self.connection.scalar(select(func.count()).select_from(self.table)) or 0)

    async def remove_expired(self, now: datetime) -> int:
        gone = await self.connection.execute(delete(self.table).where(self.table.c.expires <= now))
        return gone.rowcount


@dataclass(frozen=True, slots=True)
class SqlStaffChats:
    connection: AsyncConnection

    async def put(self, row: StaffChatRow) -> None:
        """A chat has one member, and a member one chat: earlier ones go."""
        await self.remove(row.member)
        values = {"tag": row.tag, "member": row.member, "sealed": row.sealed}
        await put(self.connection, STAFF_CHAT, values)

    async def get(self, tags: Sequence[bytes]) -> StaffChatRow | None:
        row = await _first_of(self.connection, STAFF_CHAT, tags)
        return _staff_chat(row) if row else None

    async def of_member(self, member: MemberId) -> StaffChatRow | None:
        found = await self.connection.execute(
            select(STAFF_CHAT).where(STAFF_CHAT.c.member == member)
        )
        row = found.mappings().first()
        return _staff_chat(row) if row else None

    async def all(self) -> Sequence[StaffChatRow]:
        rows = await self.connection.execute(select(STAFF_CHAT))
        return [_staff_chat(row) for row in rows.mappings()]

    async def remove(self, member: MemberId) -> None:
        await self.connection.execute(delete(STAFF_CHAT).where(STAFF_CHAT.c.member == member))


@dataclass(frozen=True, slots=True)
class SqlShreds:
    connection: AsyncConnection

    async def keep(self, report: ReportId, key: bytes) -> bytes:
        await insert_once(self.connection, SHRED, {"report": report, "key": key})
        kept = await self.get(report)
        assert kept is not None
        return kept

    async def get(self, report: ReportId) -> bytes | None:
        found = await self.connection.execute(select(SHRED.c.key).where(SHRED.c.report == report))
        row = found.first()
        return bytes(row[0]) if row else None

    async def destroy(self, report: ReportId) -> None:
        await self.connection.execute(delete(SHRED).where(SHRED.c.report == report))

    async def commit(self) -> None:
        await self.connection.commit()


async def _first_of(
    connection: AsyncConnection, table: Table, tags: Sequence[bytes]
) -> Mapping[Any, Any] | None:
    """The row of the first tag that has one: tags come newest key first."""
    if not tags:
        return None
    rows = await connection.execute(select(table).where(table.c.tag.in_(tags)))
    found = {row["tag"]: row for row in rows.mappings()}
    return next((found[tag] for tag in tags if tag in found), None)


def _chat(row: Mapping[Any, Any]) -> ChatRow:
    return ChatRow(tag=row["tag"], sealed=row["sealed"], expires=row["expires"])


def _staff_chat(row: Mapping[Any, Any]) -> StaffChatRow:
    return StaffChatRow(tag=row["tag"], member=MemberId(row["member"]), sealed=row["sealed"])
