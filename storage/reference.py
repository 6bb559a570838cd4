"""Counties, forums, promises, offices and help lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Column, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.forums.commitment import Commitment
from domain.forums.forum import Forum
from domain.forums.forum_date import ForumDate
from domain.lines.help_line import HelpLine
from domain.offices.office import Office
from domain.places.county import County, CountyCode
from domain.reports.report import ForumKey
from storage.tables.metadata import table_of
from storage.tables.reference import (
    CommitmentRow,
    CountyRow,
    ForumCountyRow,
    ForumRow,
    HelpLineRow,
    OfficeRow,
)
from storage.writing import put

COUNTY = table_of(CountyRow)
FORUM = table_of(ForumRow)
FORUM_COUNTY = table_of(ForumCountyRow)
OFFICE = table_of(OfficeRow)
HELP_LINE = table_of(HelpLineRow)
COMMITMENT = table_of(CommitmentRow)

COUNTIES = TypeAdapter(County)
OFFICES = TypeAdapter(Office)
HELP_LINES = TypeAdapter(HelpLine)
COMMITMENTS = TypeAdapter(Commitment)


@dataclass(frozen=True, slots=True)
class SqlReference:
    connection: AsyncConnection

    async def load(
        self,
        *,
        counties: Sequence[County],
        forums: Sequence[Forum],
        offices: Sequence[Office],
        help_lines: Sequence[HelpLine],
        commitments: Sequence[Commitment],
    ) -> None:
        await self._keep_only(COUNTY.c.code, [county.code for county in counties])
        await self._keep_only(HELP_LINE.c.key, [line.key for line in help_lines])
        for county in counties:
            body = COUNTIES.dump_python(county, mode="json")
            await self._put(COUNTY, code=county.code, name=county.name, body=body)
        for office in offices:
            await self._put(OFFICE, key=office.key, body=OFFICES.dump_python(office, mode="json"))
        for place, line in enumerate(help_lines):
            body = HELP_LINES.dump_python(line, mode="json")
            await self._put(HELP_LINE, key=line.key, place=place, body=body)
        for place, commitment in enumerate(commitments):
            body = COMMITMENTS.dump_python(commitment, mode="json")
            await self._put(COMMITMENT, key=commitment.key, place=place, body=body)
        for forum in forums:
            await self._put_forum(forum)

    async def _keep_only(self, key: Column[str], given: Sequence[str]) -> None:
        """None given: all stay."""
        if given:
            await self.connection.execute(delete(key.table).where(key.not_in(given)))

    async def counties(self) -> Sequence[County]:
        """By code."""
        rows = await self.connection.execute(select(COUNTY.c.body))
        found = [COUNTIES.validate_python(body) for body in rows.scalars()]
        return sorted(found, key=lambda county: county.code)

    async def offices(self) -> Sequence[Office]:
        """By key."""
        rows = await self.connection.execute(select(OFFICE.c.body))
        found = [OFFICES.validate_python(body) for body in rows.scalars()]
        return sorted(found, key=lambda office: office.key)

    async def help_lines(self) -> Sequence[HelpLine]:
        """As they were loaded."""
        rows = await self.connection.execute(select(HELP_LINE.c.body).order_by(HELP_LINE.c.place))
        return [HELP_LINES.validate_python(body) for body in rows.scalars()]

    async def commitments(self) -> Sequence[Commitment]:
        """As they were loaded."""
        ordered = select(COMMITMENT.c.body).order_by(COMMITMENT.c.place, COMMITMENT.c.key)
        rows = await self.connection.execute(ordered)
        return [COMMITMENTS.validate_python(body) for body in rows.scalars()]

    async def forums(self) -> Sequence[Forum]:
        """By date, then key; sorted here, as databases differ in how they order a hyphen."""
        rows = await self.connection.execute(
            select(FORUM, FORUM_COUNTY.c.county)
            .join(FORUM_COUNTY, FORUM_COUNTY.c.forum == FORUM.c.key)
            .order_by(FORUM_COUNTY.c.place)
        )
        found: dict[ForumKey, Forum] = {}
        for row in rows.mappings():
            key, county = ForumKey(row["key"]), CountyCode(row["county"])
            known = found.get(key)
            found[key] = Forum(
                key=key,
                counties=(*known.counties, county) if known else (county,),
                date=ForumDate.parse(row["date"]),
                national_number=row["national_number"],
                concerns=row["concerns"],
            )
        return sorted(found.values(), key=lambda forum: (forum.date, forum.key))

    async def _put_forum(self, forum: Forum) -> None:
        await self._put(
            FORUM,
            key=forum.key,
            date=forum.date.text,
            national_number=forum.national_number,
            concerns=forum.concerns,
        )
        await self.connection.execute(delete(FORUM_COUNTY).where(FORUM_COUNTY.c.forum == forum.key))
        for place, county in enumerate(forum.counties):
            await self._put(FORUM_COUNTY, forum=forum.key, county=county, place=place)

    async def _put(self, table: Table, **values: Any) -> None:
        await put(self.connection, table, values)
