"""When the jobs of the clock were last done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables.followup import BellRow
from storage.tables.metadata import table_of
from storage.writing import insert_once

BELL = table_of(BellRow)


@dataclass(frozen=True, slots=True)
class SqlBellTimes:
    connection: AsyncConnection

    async def all(self) -> Mapping[str, datetime]:
        rows = await self.connection.execute(select(BELL.c.job, BELL.c.rung))
        return {row.job: row.rung for row in rows}

    async def record(self, job: str, moment: datetime, now: datetime | None = None) -> None:
        if not await insert_once(self.connection, BELL, {"job": job, "rung": moment}):
            replaced = BELL.c.rung < moment
            if now is not None:
                replaced = or_(replaced, BELL.c.rung > now)
            row = update(BELL).where(BELL.c.job == job, replaced)
            await self.connection.execute(row.values(rung=moment))
