"""Referrals: what was passed on to which office, and what the office says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.offices.office import OfficeKey
from domain.ports.stores import Changed
from domain.referrals.referral import Referral, ReferralNumber, ReferralState
from domain.reports.report import ReportId
from storage.tables.followup import ReferralRow
from storage.tables.metadata import table_of
from storage.writing import insert_once

REFERRAL = table_of(ReferralRow)

OVER = [state.value for state in ReferralState if state.is_over]


@dataclass(frozen=True, slots=True)
class SqlReferrals:
    connection: AsyncConnection

    async def add(self, referral: Referral) -> None:
        """Raises Changed."""
        if not await insert_once(self.connection, REFERRAL, _columns(referral)):
            raise Changed

    async def get(self, number: ReferralNumber) -> Referral | None:
        found = await self._where(REFERRAL.c.number == number)
        return found[0] if found else None

    async def of(self, report: ReportId) -> Sequence[Referral]:
        return await self._where(REFERRAL.c.report == report)

    async def live(self) -> Sequence[Referral]:
        return await self._where(REFERRAL.c.state.not_in(OVER))

    async def replace(self, before: Referral, after: Referral) -> None:
        """Compare and swap. Raises Changed."""
        same = [REFERRAL.c[k].is_not_distinct_from(v) for k, v in _columns(before).items()]
        changed = await self.connection.execute(
            update(REFERRAL).where(*same).values(_columns(after))
        )
        if changed.rowcount != 1:
            raise Changed

    async def _where(self, condition: ColumnElement[bool]) -> list[Referral]:
        """By day, then number; sorted here, as databases differ in how they order text."""
        rows = await self.connection.execute(select(REFERRAL).where(condition))
        found = [_referral(row) for row in rows.mappings()]
        return sorted(found, key=lambda referral: (referral.sent, referral.number))


def _columns(referral: Referral) -> dict[str, Any]:
    return {
        "number": referral.number,
        "report": referral.report,
        "office": referral.office,
        "place": referral.place,
        "sent": referral.sent,
        "state": referral.state.value,
        "since": referral.since,
        "detail": referral.detail,
        "nudges": referral.nudges,
        "proof": referral.proof,
    }


def _referral(row: Mapping[Any, Any]) -> Referral:
    return Referral(
        number=ReferralNumber(row["number"]),
        report=ReportId(row["report"]),
        office=OfficeKey(row["office"]),
        place=row["place"],
        sent=row["sent"],
        state=ReferralState(row["state"]),
        since=row["since"],
        detail=row["detail"],
        nudges=row["nudges"],
        proof=row["proof"],
    )
