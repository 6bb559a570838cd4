"""The dialogue of reports: sealed words, in order."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.ports.stores import Changed
from domain.reports.entry import Entry, EntryKind
from domain.reports.report import ReportId
from domain.reports.state import Author
from storage.tables.metadata import table_of
from storage.tables.reports import EntryRow
from storage.writing import insert_once

ENTRY = table_of(EntryRow)


@dataclass(frozen=True, slots=True)
class SqlEntries:
    connection: AsyncConnection

    async def add(self, entry: Entry) -> None:
        """Raises Changed."""
        values = {
            "report": entry.report,
            "number": entry.number,
            "kind": entry.kind.value,
            "author": entry.author.value,
            "day": entry.day,
            "sealed": entry.sealed,
            "subject": entry.subject,
        }
        if not await insert_once(self.connection, ENTRY, values):
            raise Changed

    async def of(self, report: ReportId) -> Sequence[Entry]:
        rows = await self.connection.execute(
            select(ENTRY).where(ENTRY.c.report == report).order_by(ENTRY.c.number)
        )
        return [
            Entry(
                report=ReportId(row["report"]),
                number=row["number"],
                kind=EntryKind(row["kind"]),
                author=Author(row["author"]),
                day=row["day"],
                sealed=row["sealed"],
                subject=row["subject"],
            )
            for row in rows.mappings()
        ]
