"""Files of reports: one envelope a report, apart from its row, which queues read.

They are too big for all of them to be written anew each time (`storage/remix.py`), and need not
be: a report's day is plain, so only the order within a day must not show. *Send* puts them into
one table, which is written anew at every remix; once a day is over its files move to the other, in
an order that tells nothing, and stay.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import SystemRandom

from sqlalchemy import Table, delete, exists, func, insert, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.ports.stores import Changed
from domain.reports.report import ReportId
from storage.remix import rewrite
from storage.tables.metadata import table_of
from storage.tables.reports import AttachmentRow, ReportRow, SettledAttachmentRow
from storage.writing import insert_once

ATTACHMENT = table_of(AttachmentRow)
SETTLED = table_of(SettledAttachmentRow)
REPORT = table_of(ReportRow)

FILES = (ATTACHMENT, SETTLED)
"""In the order in which a file is in them."""

STILL_COMING = timedelta(hours=1)
"""After midnight a *Send* of the day before may still be on its way."""

AT_ONCE = 4 * 1024 * 1024
"""Bytes that move in one transaction, for which others wait; the last file may be larger."""

DICE = SystemRandom()

Opened = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


@dataclass(frozen=True, slots=True)
class SqlAttachments:
    connection: AsyncConnection

    async def add(self, report: ReportId, sealed: bytes) -> None:
        """Raises Changed."""
        settled = select(exists().where(SETTLED.c.report == report))
        values = {"report": report, "sealed": sealed}
        if await self.connection.scalar(settled) or not await insert_once(
            self.connection, ATTACHMENT, values
        ):
            raise Changed

    async def replace(self, report: ReportId, before: bytes, after: bytes) -> None:
        """Compare and swap. Raises Changed. Whoever waited until it had moved finds it there."""
        for table in FILES:
            same = (table.c.report == report, table.c.sealed == before)
            statement = update(table).where(*same).values(sealed=after)
            if (await self.connection.execute(statement)).rowcount == 1:
                return
        raise Changed

    async def of(self, report: ReportId) -> bytes | None:
        """One statement: it sees both tables at one moment, and so the file in one of them."""
        query = union_all(
            *(select(table.c.sealed).where(table.c.report == report) for table in FILES)
        )
        return (await self.connection.execute(query)).scalar_one_or_none()


async def remix_files(opened: Opened, now: datetime) -> None:
    """1. What is of a day that is over moves away. 2. The rest is written anew.

    PostgreSQL writes the whole small table. SQLite would hold its one writer for as long, so there
    all of them move, a few at a time, and what is not over moves back: each file goes to the pages
    that some others left. Killed in between, the rest of them stay where they are, in no order.

    Raises StoreUnavailable.
    """
    async with opened() as connection:
        on_postgresql = connection.dialect.name == "postgresql"
        here = await _sizes(connection)
        over = await _sizes(connection, before=(now - STILL_COMING).date())
    await _move(opened, over if on_postgresql else here, ATTACHMENT, SETTLED)
    if on_postgresql:
        async with opened() as connection:
            await rewrite(connection, [ATTACHMENT])
    else:
        stay = {report: size for report, size in here.items() if report not in over}
        await _move(opened, stay, SETTLED, ATTACHMENT)


async def _sizes(connection: AsyncConnection, *, before: date | None = None) -> dict[bytes, int]:
    """By report, of the files in the first table; received before that day."""
    query = select(ATTACHMENT.c.report, func.length(ATTACHMENT.c.sealed).label("bytes"))
    if before is not None:
        query = query.where(
            exists().where(REPORT.c.id == ATTACHMENT.c.report, REPORT.c.received < before)
        )
    return {row.report: row.bytes for row in await connection.execute(query)}


async def _move(opened: Opened, sizes: Mapping[bytes, int], source: Table, to: Table) -> None:
    """A few at a time, drawn from all of them, one after the other."""
    for reports in _drawn(sizes):
        async with opened() as connection:
            await _move_these(connection, reports, source, to)
            await connection.commit()


def _drawn(sizes: Mapping[bytes, int]) -> Iterator[list[bytes]]:
    these: list[bytes] = []
    for report in DICE.sample(sorted(sizes), len(sizes)):
        these.append(report)
        if sum(sizes[each] for each in these) >= AT_ONCE:
            yield these
            these = []
    if these:
        yield these


async def _move_these(
    connection: AsyncConnection, reports: Sequence[bytes], source: Table, to: Table
) -> None:
    """Held first, so that nobody changes what was copied; what is gone meanwhile is no more."""
    these = source.c.report.in_(reports)
    await connection.execute(select(source.c.report).where(these).with_for_update())
    for report in reports:
        copied = select(source).where(source.c.report == report)
        await connection.execute(insert(to).from_select(["report", "sealed"], copied))
    await connection.execute(delete(source).where(these))
