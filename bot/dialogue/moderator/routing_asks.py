"""What sending a report to another desk asks of the domain."""

from dataclasses import dataclass, field

from domain.desks.desk import DeskKey
from domain.moderation.answers import OpenedReport
from domain.moderation.desk import ModeratorDesk
from domain.moderation.queue import Filter, Queue
from domain.reports.report import ReportRef


@dataclass(frozen=True, slots=True, kw_only=True)
class DesksFound:
    opened: OpenedReport = field(repr=False)
    desks: tuple[DeskKey, ...]
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindDesks:
    ref: str
    page: int = 0

    async def of(self, desk: ModeratorDesk) -> DesksFound:
        """Raises what `ModeratorDesk.desks` raises."""
        opened, desks = await desk.desks(self.ref)
        return DesksFound(opened=opened, desks=desks, page=self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFound:
    opened: OpenedReport = field(repr=False)
    desk: DeskKey


@dataclass(frozen=True, slots=True, kw_only=True)
class FindDesk:
    """`typed`: its key or its name."""

    ref: str
    typed: str

    async def of(self, desk: ModeratorDesk) -> DeskFound:
        """Raises what `ModeratorDesk.other_desk` raises."""
        opened, to = await desk.other_desk(self.ref, self.typed)
        return DeskFound(opened=opened, desk=to)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOn:
    """The report is with the other desk; `queue`: what waits at this one."""

    ref: ReportRef
    to: DeskKey
    queue: Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOn:
    ref: str
    to: DeskKey

    async def of(self, desk: ModeratorDesk) -> SentOn:
        """Raises what `ModeratorDesk.route` raises."""
        sent = await desk.route(self.ref, self.to)
        return SentOn(ref=sent.ref, to=sent.to, queue=await desk.queue(Filter()))
