"""Published tables, and what they are counted from: groups and numbers, never a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, delete, exists, false, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.digest.groups import MoveGroup, StandingGroup, WithdrawnGroup
from domain.digest.measure import ENDED, UNCOUNTED, measure
from domain.digest.publication import PublishedTable, from_body, to_body
from domain.digest.small_counts import CellKey, Tally
from domain.places.county import CountyCode
from domain.reports.event import EventKind
from domain.reports.state import State
from domain.reports.topic import Topic
from storage.tables.followup import PublicationRow, TallyRow, WithdrawnRow
from storage.tables.metadata import table_of
from storage.tables.reports import EventRow, ReportRow
from storage.writing import insert_once, put, put_all

PUBLICATION = table_of(PublicationRow)
TALLY = table_of(TallyRow)
WITHDRAWN = table_of(WithdrawnRow)
REPORT = table_of(ReportRow)
EVENT = table_of(EventRow)

STANDING = sorted(
    state.value
    for state in State
    if state not in UNCOUNTED and not state.is_closed and state is not State.CONFIRMED
)
"""States in which a report is still somebody's to move."""


@dataclass(frozen=True, slots=True)
class SqlPublications:
    connection: AsyncConnection

    async def add(self, table: PublishedTable) -> bool:
        values = {"county": table.county, "day": table.day, "body": to_body(table)}
        return await insert_once(self.connection, PUBLICATION, values)

    async def newest(self, county: CountyCode) -> PublishedTable | None:
        found = await self.connection.execute(
            select(PUBLICATION)
            .where(PUBLICATION.c.county == county)
            .order_by(PUBLICATION.c.day.desc())
            .limit(1)
        )
        row = found.mappings().first()
        return from_body(CountyCode(row["county"]), row["day"], row["body"]) if row else None

    async def of_day(self, day: date) -> Sequence[PublishedTable]:
        found = await self.connection.execute(
            select(PUBLICATION).where(PUBLICATION.c.day == day).order_by(PUBLICATION.c.county)
        )
        return [
            from_body(CountyCode(row["county"]), row["day"], row["body"])
            for row in found.mappings()
        ]

    async def tallies(self) -> Mapping[CellKey, Tally]:
        found = await self.connection.execute(select(TALLY))
        return {
            CellKey(
                county=CountyCode(row["county"]),
                topic=Topic(row["topic"]),
                measure=measure(row["measure"]),
            ): Tally(count=row["count"], since=row["since"], through=row["through"])
            for row in found.mappings()
        }

    async def keep_tallies(self, tallies: Mapping[CellKey, Tally]) -> None:
        rows = [
            {
                "county": key.county,
                "topic": key.topic.value,
                "measure": key.measure.value,
                "count": tally.count,
                "since": tally.since,
                "through": tally.through,
            }
            for key, tally in tallies.items()
        ]
        await put_all(self.connection, TALLY, rows)

    async def count_withdrawn(self, county: CountyCode, topic: Topic, day: date) -> None:
        key = {"county": county, "topic": topic.value, "day": day}
        before = await self.connection.execute(
            select(WITHDRAWN.c.count).where(*(WITHDRAWN.c[name] == key[name] for name in key))
        )
        await put(self.connection, WITHDRAWN, {**key, "count": (before.scalar() or 0) + 1})

    async def take_withdrawn(self, before: date) -> Sequence[WithdrawnGroup]:
        taken = await self.connection.execute(
            delete(WITHDRAWN).where(WITHDRAWN.c.day < before).returning(*WITHDRAWN.c)
        )
        return [
            WithdrawnGroup(
                county=CountyCode(row["county"]),
                topic=Topic(row["topic"]),
                day=row["day"],
                count=row["count"],
            )
            for row in taken.mappings()
        ]

    async def standing(
        self, before: date, late_since: Mapping[State, date]
    ) -> Sequence[StandingGroup]:
        """Most reports rest, and the index of what is counted answers for them. Those that
        have moved since `before` are looked up by their events.
        """
        moved = select(EVENT.c.report).where(EVENT.c.day >= before)
        late = _late(REPORT.c.state, REPORT.c.since, late_since)
        rest = (
            select(REPORT.c.county, REPORT.c.topic, REPORT.c.state, REPORT.c.detail, late)
            .where(REPORT.c.state.in_(STANDING), REPORT.c.id.not_in(moved))
            .subquery()
        )
        resting = select(*rest.c, func.count().label("number")).group_by(*rest.c)
        last = (
            select(EVENT.c.report, func.max(EVENT.c.number).label("number"))
            .where(EVENT.c.report.in_(moved), EVENT.c.day < before)
            .where(EVENT.c.kind != EventKind.ROUTED.value)  # its detail is a desk
            .group_by(EVENT.c.report)
            .subquery()
        )
        then, other, alike = EVENT.alias(), EVENT.alias(), EVENT.alias()
        changed = (
            select(func.coalesce(func.max(other.c.number), -1))
            .where(
                other.c.report == then.c.report,
                other.c.number < then.c.number,
                other.c.state != then.c.state,
            )
            .correlate(then)
            .scalar_subquery()
        )
        since = (
            select(func.min(alike.c.day))
            .where(
                alike.c.report == then.c.report,
                alike.c.number > changed,
                alike.c.number <= then.c.number,
            )
            .correlate(then)
            .scalar_subquery()
        )
        stood = (
            select(
                REPORT.c.county, REPORT.c.topic, then.c.state, then.c.detail, since.label("since")
            )
            .select_from(last)
            .join(then, and_(then.c.report == last.c.report, then.c.number == last.c.number))
            .join(REPORT, REPORT.c.id == last.c.report)
            .where(then.c.state.in_(STANDING))
            .subquery()
        )
        late_then = _late(stood.c.state, stood.c.since, late_since)
        moving = select(
            stood.c.county,
            stood.c.topic,
            stood.c.state,
            stood.c.detail,
            late_then,
            literal(1).label("number"),
        )
        rows = [
            *(await self.connection.execute(resting)).mappings(),
            *(await self.connection.execute(moving)).mappings(),
        ]
        return [
            StandingGroup(
                county=CountyCode(row["county"]),
                topic=Topic(row["topic"]),
                state=State(row["state"]),
                detail=row["detail"],
                late=bool(row["late"]),
                count=row["number"],
            )
            for row in rows
        ]

    async def moves(self, since: date, before: date) -> Sequence[MoveGroup]:
        """An event's state beside the one before it, of the days asked for alone."""
        earlier, over = EVENT.alias(), EVENT.alias()
        ended = exists().where(
            over.c.report == EVENT.c.report,
            over.c.day < before,
            over.c.state.in_(sorted(state.value for state in ENDED)),
        )
        group = (REPORT.c.county, REPORT.c.topic, earlier.c.state, EVENT.c.state)
        found = await self.connection.execute(
            select(*group, func.count(), func.min(EVENT.c.day))
            .select_from(EVENT)
            .join(
                earlier,
                and_(
                    earlier.c.report == EVENT.c.report,
                    earlier.c.number == EVENT.c.number - 1,
                    earlier.c.state != EVENT.c.state,
                ),
            )
            .join(REPORT, REPORT.c.id == EVENT.c.report)
            .where(EVENT.c.day >= since, EVENT.c.day < before, ~ended)
            .group_by(*group)
        )
        return [
            MoveGroup(
                county=CountyCode(county),
                topic=Topic(topic),
                before=State(state_before),
                after=State(state_after),
                count=count,
                first=first,
            )
            for county, topic, state_before, state_after, count, first in found
        ]


def _late(
    state: ColumnElement[str], since: ColumnElement[date], late_since: Mapping[State, date]
) -> ColumnElement[int]:
    late = or_(
        false(),
        *(and_(state == each.value, since <= newest) for each, newest in late_since.items()),
    )
    return case((late, 1), else_=0).label("late")
