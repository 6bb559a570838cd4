"""The parts of *cases* and *shreds* a moderator's desk uses, in memory."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from domain.desks.desk import NATIONAL, DeskKey
from domain.ports.stores import Cases, Changed, Wanted
from domain.reports.entry import Entry
from domain.reports.event import Event
from domain.reports.report import Report, ReportId, ReportRef
from domain.reports.state import State
from domain.staff.member import DeskCopy, DeskPublic, Member, MemberId

ELSEWHERE = DeskKey("021")


@dataclass(slots=True)
class Kept:
    """What is in the stores."""

    reports: dict[ReportRef, Report] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    handled: set[int] = field(default_factory=set)
    members: dict[MemberId, Member] = field(default_factory=dict)
    copies: dict[MemberId, DeskCopy] = field(default_factory=dict)


@dataclass(slots=True)
class MemoryEntries:
    kept: Kept

    async def add(self, entry: Entry) -> None:
        self.kept.entries.append(entry)

    async def of(self, one: ReportId) -> Sequence[Entry]:
        return [entry for entry in self.kept.entries if entry.report == one]


class NoAttachments:
    async def of(self, _: ReportId) -> bytes | None:
        return None


@dataclass(slots=True)
class MemoryCases:
    """The parts of *cases* a moderator's desk uses, all in one; kept on commit alone."""

    stores: "MemoryStores"
    kept: Kept

    @property
    def reports(self) -> "MemoryCases":
        return self

    @property
    def entries(self) -> MemoryEntries:
        return MemoryEntries(self.kept)

    @property
    def referrals(self) -> MemoryEntries:
        return MemoryEntries(Kept())

    @property
    def attachments(self) -> NoAttachments:
        return NoAttachments()

    events = leaves = staff = handled = reports

    async def by_ref(self, ref: ReportRef) -> Report | None:
        return self.kept.reports.get(ref)

    async def get(self, one: ReportId) -> Report | None:
        return next((each for each in self.kept.reports.values() if each.id == one), None)

    async def replace(self, before: Report, after: Report) -> None:
        if self.stores.quicker:
            raise Changed
        assert self.kept.reports[before.ref] == before
        self.kept.reports[after.ref] = after

    async def waiting(self, wanted: Wanted, *, limit: int, offset: int = 0) -> Sequence[Report]:
        found = [each for each in self.kept.reports.values() if _is_wanted(each, wanted)]
        found.sort(key=lambda each: (not each.danger, each.received, each.ref))
        return found[offset : offset + limit]

    async def count_waiting(self, wanted: Wanted) -> int:
        return sum(_is_wanted(each, wanted) for each in self.kept.reports.values())

    async def of(self, one: ReportId) -> Sequence[Event]:
        return [event for event in self.kept.events if event.report == one]

    async def add(self, what: Event | int | bytes) -> bool:
        """An event, an update's number or a leaf."""
        if isinstance(what, Event):
            self.kept.events.append(what)
        if not isinstance(what, int):
            return True
        new = what not in self.kept.handled
        self.kept.handled.add(what)
        return new

    async def member(self, who: MemberId) -> Member | None:
        return self.kept.members.get(who)

    async def members(self, desk: DeskKey | None = None) -> Sequence[Member]:
        return [each for each in self.kept.members.values() if desk in {None, each.desk}]

    async def copies(self, who: MemberId) -> Sequence[DeskCopy]:
        return [self.kept.copies[who]] if who in self.kept.copies else []

    held = copies

    async def desk_keys(self, desk: DeskKey | None = None) -> Sequence[DeskPublic]:
        return [DeskPublic(desk=desk or NATIONAL, generation=1, public=b"", certificate=b"")]

    async def newest_key(self, desk: DeskKey) -> DeskPublic:
        return (await self.desk_keys(desk))[0]

    async def staffed(self) -> frozenset[DeskKey]:
        return self.stores.staffed

    async def exposed(self) -> frozenset[DeskKey]:
        return frozenset()

    async def hold(self, what: DeskKey | MemberId) -> None:
        assert what

    add_untold = hold

    async def rewrap(self, who: MemberId, before: bytes, after: bytes) -> None:
        assert self.kept.members[who].wrapped_seed == before
        self.kept.members[who] = replace(self.kept.members[who], wrapped_seed=after)

    async def add_copy(self, copy: DeskCopy) -> None:
        assert copy.member is not None
        self.kept.copies[copy.member] = copy

    async def commit(self) -> None:
        self.stores.kept = deepcopy(self.kept)


def _is_late_danger(report: Report, late: date | None) -> bool:
    unread = report.danger and report.state is State.RECEIVED
    return unread and late is not None and report.since <= late


def _is_wanted(one: Report, wanted: Wanted) -> bool:
    late = wanted.late_since
    return (
        (one.state.is_open or one.state is State.DISPUTED or one.unread)
        and one.desk in wanted.desks
        and wanted.topic in {None, one.topic}
        and wanted.held_by in {None, one.claimed_by}
        and not (wanted.free and one.claimed_by)
        and (
            late is None
            or (one.state in late and one.since <= late[one.state])
            or _is_late_danger(one, wanted.danger_late_since)
        )
    )


@dataclass(slots=True)
class MemoryStores:
    """`quicker`: somebody else changes every report first. `shredded`: no key is left.
    `staffed`: where somebody reads.
    """

    kept: Kept = field(default_factory=Kept)
    staffed: frozenset[DeskKey] = frozenset({NATIONAL, ELSEWHERE, DeskKey("nairobi-west")})
    quicker: bool = False
    shredded: bool = False

    @asynccontextmanager
    async def cases(self) -> AsyncIterator[Cases]:
        yield cast("Cases", MemoryCases(self, deepcopy(self.kept)))

    @asynccontextmanager
    async def shreds(self) -> AsyncIterator["MemoryStores"]:
        yield self

    async def get(self, _: ReportId) -> bytes | None:
        return None if self.shredded else b"shred"
