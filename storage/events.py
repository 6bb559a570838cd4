"""What happened to reports, the pending leaves, and the staff commands carried out."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.ledger.leaf import LeafHash
from domain.ports.stores import Changed
from domain.reports.event import Event, EventKind
from domain.reports.report import ReportId
from domain.reports.state import Author, State
from domain.staff.member import MemberId
from storage.tables.metadata import table_of
from storage.tables.reports import EventRow, HandledUpdateRow, PendingLeafRow
from storage.writing import insert_once

EVENT = table_of(EventRow)
LEAF = table_of(PendingLeafRow)
HANDLED = table_of(HandledUpdateRow)


@dataclass(frozen=True, slots=True)
class SqlEvents:
    connection: AsyncConnection

    async def add(self, event: Event) -> None:
        """Raises Changed."""
        values = {
            "report": event.report,
            "number": event.number,
            "kind": event.kind.value,
            "author": event.author.value,
            "member": event.member,
            "state": event.state.value,
            "detail": event.detail,
            "day": event.day,
            "signature": event.signature,
            "nonce": event.nonce,
        }
        if not await insert_once(self.connection, EVENT, values):
            raise Changed

    async def of(self, report: ReportId) -> Sequence[Event]:
        rows = await self.connection.execute(
            select(EVENT).where(EVENT.c.report == report).order_by(EVENT.c.number)
        )
        return [
            Event(
                report=ReportId(row["report"]),
                number=row["number"],
                kind=EventKind(row["kind"]),
                author=Author(row["author"]),
                member=MemberId(row["member"]) if row["member"] else None,
                state=State(row["state"]),
                detail=row["detail"],
                day=row["day"],
                signature=row["signature"],
                nonce=row["nonce"],
            )
            for row in rows.mappings()
        ]


@dataclass(frozen=True, slots=True)
class SqlLeaves:
    connection: AsyncConnection

    async def add(self, leaf: LeafHash) -> None:
        await insert_once(self.connection, LEAF, {"hash": leaf})

    async def has(self, leaf: LeafHash) -> bool:
        found = await self.connection.execute(select(LEAF.c.hash).where(LEAF.c.hash == leaf))
        return found.first() is not None


@dataclass(frozen=True, slots=True)
class SqlHandled:
    connection: AsyncConnection

    async def add(self, update_id: int) -> bool:
        return await insert_once(self.connection, HANDLED, {"update_id": update_id})
