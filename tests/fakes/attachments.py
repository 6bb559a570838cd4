"""Files of reports in memory."""

from dataclasses import dataclass

from domain.ports.stores import Changed
from domain.reports.report import ReportId
from tests.fakes.store_work import CasesTables, FakeWork, add


@dataclass(frozen=True, slots=True)
class FakeAttachments:
    work: FakeWork[CasesTables]

    async def add(self, report: ReportId, sealed: bytes) -> None:
        add((await self.work.changed()).attachments, report, sealed)

    async def replace(self, report: ReportId, before: bytes, after: bytes) -> None:
        kept = (await self.work.changed()).attachments
        if kept.get(report) != before:
            raise Changed
        kept[report] = after

    async def of(self, report: ReportId) -> bytes | None:
        return self.work.seen.attachments.get(report)
