"""Referrals in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.ports.stores import Changed
from domain.referrals.referral import Referral, ReferralNumber
from domain.reports.report import ReportId
from tests.fakes.store_work import CasesTables, FakeWork, add


@dataclass(frozen=True, slots=True)
class FakeReferrals:
    work: FakeWork[CasesTables]

    async def add(self, referral: Referral) -> None:
        add((await self.work.changed()).referrals, referral.number, referral)

    async def get(self, number: ReferralNumber) -> Referral | None:
        return self.work.seen.referrals.get(number)

    async def of(self, report: ReportId) -> Sequence[Referral]:
        return self._those(lambda referral: referral.report == report)

    async def live(self) -> Sequence[Referral]:
        return self._those(lambda referral: not referral.state.is_over)

    async def replace(self, before: Referral, after: Referral) -> None:
        referrals = (await self.work.changed()).referrals
        if referrals.get(before.number) != before:
            raise Changed
        referrals[before.number] = after

    def _those(self, wanted: Callable[[Referral], bool]) -> list[Referral]:
        found = [each for each in self.work.seen.referrals.values() if wanted(each)]
        return sorted(found, key=lambda referral: (referral.sent, referral.number))
