"""What happened to reports, and the staff commands carried out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.ports.stores import Changed
from domain.reports.event import Event, EventKind
from domain.reports.report import ReportId
from domain.reports.state import Author, State
from domain.staff.member import MemberId
from storage.tables.metadata import table_of
from storage.tables.reports import EventRow, HandledUpdateRow
from storage.writing import insert_once

EVENT = table_of(EventRow)
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
class SqlHandled:
    connection: AsyncConnection

    async def add(self, update_id: int) -> bool:
        return await insert_once(self.connection, HANDLED, {"update_id": update_id})

    async def sweep(self, today: date, *, drop_before: date) -> int:
        await self.connection.execute(
            update(HANDLED).where(HANDLED.c.met.is_(None)).values(met=today)
        )
        gone = await self.connection.execute(delete(HANDLED).where(HANDLED.c.met < drop_before))
        return gone.rowcount
