"""Reports: kept once, changed by compare and swap, found by what the desk sorts by."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.desks.desk import DeskKey
from domain.ports.stores import Changed, LocatorTaken, Wanted
from domain.reports.report import Locator, Report, ReportId, ReportRef
from domain.reports.state import State
from storage.attachments import FILES
from storage.report_columns import IN_DANGER, WAITING, columns_of, report_from
from storage.tables.followup import ReferralRow
from storage.tables.metadata import table_of
from storage.tables.reports import EntryRow, EventRow, ReportRow
from storage.writing import insert_once

REPORT = table_of(ReportRow)
EVENT = table_of(EventRow)
ENTRY = table_of(EntryRow)
REFERRAL = table_of(ReferralRow)

OF_REPORTS = (REPORT, EVENT, ENTRY, *FILES, REFERRAL)
"""Everything that goes with a report. Its row is written first, here as everywhere: so two who
change the same report wait for one another there, and neither holds what the other wants next.
"""

ENDED = frozenset(state for state in State if state.is_closed or state is State.CONFIRMED)

IN_TURN = (REPORT.c.queue_rank, REPORT.c.received, REPORT.c.ref)


@dataclass(frozen=True, slots=True)
class SqlReports:
    connection: AsyncConnection

    async def add(self, report: Report) -> None:
        """Raises LocatorTaken, also for a REF; Changed for an id that is there already."""
        if not await insert_once(self.connection, REPORT, columns_of(report)):
            raise LocatorTaken if await self.get(report.id) is None else Changed

    async def get(self, report: ReportId) -> Report | None:
        return await self._one(REPORT.c.id == report)

    async def by_ref(self, ref: ReportRef) -> Report | None:
        return await self._one(REPORT.c.ref == ref)

    async def by_locator(self, locator: Locator) -> Report | None:
        return await self._one(REPORT.c.locator == locator)

    async def replace(self, before: Report, after: Report) -> None:
        """Compare and swap on everything but the visits, which stay. Raises Changed."""
        unchanged = [
            REPORT.c[name].is_not_distinct_from(value)
            for name, value in columns_of(before).items()
            if name not in {"id", "visits"}
        ]
        values = {k: v for k, v in columns_of(after).items() if k not in {"id", "visits"}}
        changed = await self.connection.execute(
            update(REPORT).where(REPORT.c.id == before.id, *unchanged).values(values)
        )
        if changed.rowcount != 1:
            raise Changed

    async def keep_visits(self, report: ReportId, sealed: bytes) -> None:
        await self.connection.execute(
            update(REPORT).where(REPORT.c.id == report).values(visits=sealed)
        )

    async def waiting(self, wanted: Wanted, *, limit: int, offset: int = 0) -> Sequence[Report]:
        """The inner query is answered by the queue's index alone."""
        chosen = (
            select(REPORT.c.id).where(_is(wanted)).order_by(*IN_TURN).limit(limit).offset(offset)
        )
        rows = await self.connection.execute(
            select(REPORT).where(REPORT.c.id.in_(chosen)).order_by(*IN_TURN)
        )
        return [report_from(row) for row in rows.mappings()]

    async def count_waiting(self, wanted: Wanted) -> int:
        query = select(func.count()).select_from(REPORT).where(_is(wanted))
        return int((await self.connection.execute(query)).scalar_one())

    async def notice_due(self, desks: Collection[DeskKey]) -> Sequence[Report]:
        return await self._all(REPORT.c.notice_due.is_(True), REPORT.c.desk.in_(sorted(desks)))

    async def unmoved(
        self,
        until: date,
        *,
        desks: Collection[DeskKey] | None = None,
        state: State | None = None,
    ) -> Sequence[Report]:
        wanted: list[ColumnElement[bool]] = [REPORT.c.since <= until]
        if desks is not None:
            wanted.append(REPORT.c.desk.in_(sorted(desks)))
        if state is not None:
            wanted.append(REPORT.c.state == state.value)
        return await self._all(*wanted)

    async def count(self, desks: Collection[DeskKey]) -> dict[State, int]:
        rows = await self.connection.execute(
            select(REPORT.c.state, func.count())
            .where(REPORT.c.desk.in_(sorted(desks)))
            .group_by(REPORT.c.state)
        )
        return {State(state): number for state, number in rows}

    async def untouched_since(self, day: date) -> Sequence[ReportId]:
        """The index finds what is old enough; only of those are events looked for."""
        newer = exists().where(EVENT.c.report == REPORT.c.id, EVENT.c.day > day)
        rows = await self.connection.execute(
            select(REPORT.c.id).where(
                REPORT.c.state.in_(sorted(WAITING)),
                REPORT.c.since <= day,
                REPORT.c.claimed_by.is_not(None),
                ~newer,
            )
        )
        return [ReportId(each) for each in rows.scalars()]

    async def ended_since(self, day: date) -> Sequence[ReportId]:
        rows = await self.connection.execute(
            select(REPORT.c.id).where(REPORT.c.state.in_(sorted(ENDED)), REPORT.c.since <= day)
        )
        return [ReportId(each) for each in rows.scalars()]

    async def withdrawal_asked_by(self, day: date) -> Sequence[ReportId]:
        rows = await self.connection.execute(
            select(REPORT.c.id).where(REPORT.c.withdrawal_asked <= day)
        )
        return [ReportId(each) for each in rows.scalars()]

    async def generations(self) -> frozenset[tuple[DeskKey, int]]:
        rows = await self.connection.execute(select(REPORT.c.desk, REPORT.c.generation).distinct())
        return frozenset((DeskKey(desk), generation) for desk, generation in rows)

    async def remove(self, report: ReportId) -> None:
        for table in OF_REPORTS:
            key = table.c.id if table is REPORT else table.c.report
            await self.connection.execute(delete(table).where(key == report))

    async def _all(self, *conditions: ColumnElement[bool]) -> Sequence[Report]:
        rows = await self.connection.execute(
            select(REPORT).where(*conditions).order_by(REPORT.c.id)
        )
        return [report_from(row) for row in rows.mappings()]

    async def _one(self, condition: ColumnElement[bool]) -> Report | None:
        row = (await self.connection.execute(select(REPORT).where(condition))).mappings().first()
        return report_from(row) if row else None


def _is(wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [
        REPORT.c.desk.in_(sorted(wanted.desks)),
        REPORT.c.queue_rank >= 0,
    ]
    if wanted.topic is not None:
        conditions.append(REPORT.c.topic == wanted.topic.value)
    if wanted.held_by is not None:
        conditions.append(REPORT.c.claimed_by == wanted.held_by)
    if wanted.free:
        conditions.append(REPORT.c.claimed_by.is_(None))
    if wanted.late_since is not None:
        late = [
            and_(REPORT.c.state == state.value, REPORT.c.since <= since)
            for state, since in wanted.late_since.items()
        ]
        if wanted.danger_late_since is not None:
            unread = REPORT.c.state == State.RECEIVED.value
            in_danger = REPORT.c.queue_rank == IN_DANGER
            late.append(and_(unread, in_danger, REPORT.c.since <= wanted.danger_late_since))
        conditions.append(or_(false(), *late))
    return and_(*conditions)
