"""Files of reports: one envelope a report, apart from its row, which queues read."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.ports.stores import Changed
from domain.reports.report import ReportId
from storage.tables.metadata import table_of
from storage.tables.reports import AttachmentRow
from storage.writing import insert_once

ATTACHMENT = table_of(AttachmentRow)


@dataclass(frozen=True, slots=True)
class SqlAttachments:
    connection: AsyncConnection

    async def add(self, report: ReportId, sealed: bytes) -> None:
        """Raises Changed."""
        values = {"report": report, "sealed": sealed}
        if not await insert_once(self.connection, ATTACHMENT, values):
            raise Changed

    async def replace(self, report: ReportId, before: bytes, after: bytes) -> None:
        """Compare and swap. Raises Changed."""
        same = (ATTACHMENT.c.report == report, ATTACHMENT.c.sealed == before)
        changed = await self.connection.execute(
            update(ATTACHMENT).where(*same).values(sealed=after)
        )
        if changed.rowcount != 1:
            raise Changed

    async def of(self, report: ReportId) -> bytes | None:
        query = select(ATTACHMENT.c.sealed).where(ATTACHMENT.c.report == report)
        return (await self.connection.execute(query)).scalar_one_or_none()
