"""The files of reports, as the domain asks for them."""

from typing import Protocol

from domain.reports.report import ReportId


class Attachments(Protocol):
    """All of one report in one envelope."""

    async def add(self, report: ReportId, sealed: bytes) -> None:
        """Raises Changed when the report has its files already."""
        ...

    async def replace(self, report: ReportId, before: bytes, after: bytes) -> None:
        """Compare and swap. Raises Changed."""
        ...

    async def of(self, report: ReportId) -> bytes | None: ...
