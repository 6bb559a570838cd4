"""The three stores in memory: the same ports, the same contract suite, no disk.

A unit of work reads what is committed; its first write takes the writer's turn and a
copy; `commit` puts the copy in place.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from domain.desks.desk import DeskKey
from domain.forums.commitment import Commitment
from domain.forums.forum import Forum
from domain.lines.help_line import HelpLine
from domain.offices.office import Office
from domain.places.county import County
from domain.ports.addresses import ChatRow, StaffChatRow
from domain.ports.stores import Changed, LocatorTaken, Wanted
from domain.reports.entry import Entry
from domain.reports.event import Event
from domain.reports.report import Locator, Report, ReportId, ReportRef
from domain.reports.state import State
from domain.staff.member import DeskCopy, DeskPublic, Invite, InviteId, Member, MemberId
from tests.fakes.leaves import FakeHandled, FakeLeaves, FakeTombstones
from tests.fakes.mailboxes import FakeForgotten, FakeMailboxes
from tests.fakes.outgoing import FakeOutgoingRows
from tests.fakes.publications import FakePublications
from tests.fakes.referrals import FakeReferrals
from tests.fakes.store_work import (
    AddressesTables,
    CasesTables,
    FakeStore,
    FakeWork,
    ShredsTables,
    add,
    work_on,
)


@dataclass(frozen=True, slots=True)
class FakeReports:
    work: FakeWork[CasesTables]

    async def add(self, report: Report) -> None:
        reports = (await self.work.changed()).reports
        if report.id in reports:
            raise Changed
        if any(r.locator == report.locator or r.ref == report.ref for r in reports.values()):
            raise LocatorTaken
        reports[report.id] = report

    async def get(self, report: ReportId) -> Report | None:
        return self.work.seen.reports.get(report)

    async def by_ref(self, ref: ReportRef) -> Report | None:
        return next((r for r in self.work.seen.reports.values() if r.ref == ref), None)

    async def by_locator(self, locator: Locator) -> Report | None:
        return next((r for r in self.work.seen.reports.values() if r.locator == locator), None)

    async def replace(self, before: Report, after: Report) -> None:
        reports = (await self.work.changed()).reports
        kept = reports.get(before.id)
        if kept is None or replace(kept, visits=before.visits) != before:
            raise Changed
        reports[before.id] = replace(after, id=before.id, visits=kept.visits)

    async def keep_visits(self, report: ReportId, sealed: bytes) -> None:
        reports = (await self.work.changed()).reports
        if report in reports:
            reports[report] = replace(reports[report], visits=sealed)

    async def waiting(self, wanted: Wanted, *, limit: int, offset: int = 0) -> Sequence[Report]:
        return self._wanted(wanted)[offset : offset + limit]

    async def count_waiting(self, wanted: Wanted) -> int:
        return len(self._wanted(wanted))

    async def notice_due(self, desks: Collection[DeskKey]) -> Sequence[Report]:
        found = [r for r in self.work.seen.reports.values() if r.desk in desks and r.notice_due]
        return sorted(found, key=lambda r: r.id)

    async def unmoved(
        self,
        until: date,
        *,
        desks: Collection[DeskKey] | None = None,
        state: State | None = None,
    ) -> Sequence[Report]:
        found = [
            r
            for r in self.work.seen.reports.values()
            if r.since <= until and (desks is None or r.desk in desks) and state in {None, r.state}
        ]
        return sorted(found, key=lambda r: r.id)

    async def count(self, desks: Collection[DeskKey]) -> dict[State, int]:
        states = [r.state for r in self.work.seen.reports.values() if r.desk in desks]
        return {state: states.count(state) for state in set(states)}

    async def untouched_since(self, day: date) -> Sequence[ReportId]:
        seen = self.work.seen
        touched = {event.report for event in seen.events.values() if event.day > day}
        return [
            report.id
            for report in seen.reports.values()
            if (report.state.is_open or report.state is State.DISPUTED)
            and report.since <= day
            and report.claimed_by is not None
            and report.id not in touched
        ]

    async def ended_since(self, day: date) -> Sequence[ReportId]:
        return [
            report.id
            for report in self.work.seen.reports.values()
            if (report.state.is_closed or report.state is State.CONFIRMED) and report.since <= day
        ]

    async def remove(self, report: ReportId) -> None:
        tables = await self.work.changed()
        tables.reports.pop(report, None)
        tables.events = {k: row for k, row in tables.events.items() if row.report != report}
        tables.entries = {k: row for k, row in tables.entries.items() if row.report != report}
        tables.referrals = {k: row for k, row in tables.referrals.items() if row.report != report}

    def _wanted(self, wanted: Wanted) -> list[Report]:
        found = [r for r in self.work.seen.reports.values() if _is_wanted(r, wanted)]
        return sorted(found, key=lambda r: (not r.danger, r.received, r.ref))


def _is_late_danger(report: Report, late: date | None) -> bool:
    unread = report.danger and report.state is State.RECEIVED
    return unread and late is not None and report.since <= late


def _is_wanted(report: Report, wanted: Wanted) -> bool:
    late = wanted.late_since
    return (
        report.desk in wanted.desks
        and (report.state.is_open or report.state is State.DISPUTED or report.unread)
        and wanted.topic in {None, report.topic}
        and wanted.held_by in {None, report.claimed_by}
        and not (wanted.free and report.claimed_by)
        and (
            late is None
            or (report.state in late and report.since <= late[report.state])
            or _is_late_danger(report, wanted.danger_late_since)
        )
    )


@dataclass(frozen=True, slots=True)
class FakeEvents:
    work: FakeWork[CasesTables]

    async def add(self, event: Event) -> None:
        add((await self.work.changed()).events, (event.report, event.number), event)

    async def of(self, report: ReportId) -> Sequence[Event]:
        found = (event for event in self.work.seen.events.values() if event.report == report)
        return sorted(found, key=lambda event: event.number)


@dataclass(frozen=True, slots=True)
class FakeEntries:
    work: FakeWork[CasesTables]

    async def add(self, entry: Entry) -> None:
        add((await self.work.changed()).entries, (entry.report, entry.number), entry)

    async def of(self, report: ReportId) -> Sequence[Entry]:
        found = (entry for entry in self.work.seen.entries.values() if entry.report == report)
        return sorted(found, key=lambda entry: entry.number)


@dataclass(frozen=True, slots=True)
class FakeBellTimes:
    work: FakeWork[CasesTables]

    async def all(self) -> Mapping[str, datetime]:
        return dict(self.work.seen.bells)

    async def record(self, job: str, moment: datetime) -> None:
        bells = (await self.work.changed()).bells
        bells[job] = max(moment, bells.get(job, moment))


@dataclass(frozen=True, slots=True)
class FakeStaffRegister:
    work: FakeWork[CasesTables]

    async def add_invite(self, invite: Invite) -> None:
        add((await self.work.changed()).invites, invite.id, invite)

    async def invite(self, invite: InviteId) -> Invite | None:
        return self.work.seen.invites.get(invite)

    async def founding_invite(self, desk: DeskKey, today: date) -> InviteId | None:
        out = (
            invite.id
            for invite in self.work.seen.invites.values()
            if invite.desk == desk
            and invite.founding
            and not invite.used
            and invite.expires >= today
        )
        return next(out, None)

    async def use_invite(self, invite: InviteId) -> None:
        invites = (await self.work.changed()).invites
        if invite not in invites or invites[invite].used:
            raise Changed
        invites[invite] = replace(invites[invite], used=True)

    async def drop_invites(self, today: date) -> int:
        tables = await self.work.changed()
        over = [k for k, row in tables.invites.items() if not row.used and row.expires < today]
        for invite in over:
            del tables.invites[invite]
        return len(over)

    async def add_member(self, member: Member) -> None:
        add((await self.work.changed()).members, member.id, member)

    async def member(self, member: MemberId) -> Member | None:
        return self.work.seen.members.get(member)

    async def members(self, desk: DeskKey | None = None) -> Sequence[Member]:
        found = (m for m in self.work.seen.members.values() if desk in {None, m.desk})
        return sorted(found, key=lambda member: (member.desk, member.id))

    async def revoke(self, member: MemberId) -> None:
        tables = await self.work.changed()
        if member in tables.members:
            tables.members[member] = replace(tables.members[member], revoked=True)
        tables.copies = {key: row for key, row in tables.copies.items() if row.member != member}

    async def add_desk_key(self, key: DeskPublic) -> None:
        add((await self.work.changed()).keys, (key.desk, key.generation), key)

    async def desk_keys(self, desk: DeskKey | None = None) -> Sequence[DeskPublic]:
        found = (key for key in self.work.seen.keys.values() if desk in {None, key.desk})
        return sorted(found, key=lambda key: (key.desk, key.generation))

    async def newest_key(self, desk: DeskKey) -> DeskPublic | None:
        return max(await self.desk_keys(desk), key=lambda key: key.generation, default=None)

    async def add_copy(self, copy: DeskCopy) -> None:
        (await self.work.changed()).copies[copy.desk, copy.generation, copy.member] = copy

    async def copies(self, member: MemberId | None) -> Sequence[DeskCopy]:
        found = (copy for copy in self.work.seen.copies.values() if copy.member == member)
        return sorted(found, key=lambda copy: (copy.desk, copy.generation))

    async def staffed(self) -> frozenset[DeskKey]:
        newest = {key.desk: key.generation for key in await self.desk_keys()}
        reading = {m.id for m in self.work.seen.members.values() if not m.revoked}
        return frozenset(
            copy.desk
            for copy in self.work.seen.copies.values()
            if copy.member in reading and copy.generation == newest.get(copy.desk)
        )


@dataclass(frozen=True, slots=True)
class FakeReference:
    work: FakeWork[CasesTables]

    async def load(
        self,
        *,
        counties: Sequence[County],
        forums: Sequence[Forum],
        offices: Sequence[Office],
        help_lines: Sequence[HelpLine],
        commitments: Sequence[Commitment],
    ) -> None:
        tables = await self.work.changed()
        if counties:
            tables.counties = {county.code: county for county in counties}
        tables.forums.update({forum.key: forum for forum in forums})
        tables.offices.update({office.key: office for office in offices})
        lines: dict[str, HelpLine] = {line.key: line for line in help_lines}
        made = {commitment.key: commitment for commitment in commitments}
        tables.commitments = made | {
            key: each for key, each in tables.commitments.items() if key not in made
        }
        tables.help_lines = lines or tables.help_lines

    async def counties(self) -> Sequence[County]:
        return sorted(self.work.seen.counties.values(), key=lambda county: county.code)

    async def forums(self) -> Sequence[Forum]:
        return sorted(self.work.seen.forums.values(), key=lambda forum: (forum.date, forum.key))

    async def offices(self) -> Sequence[Office]:
        return sorted(self.work.seen.offices.values(), key=lambda office: office.key)

    async def help_lines(self) -> Sequence[HelpLine]:
        return tuple(self.work.seen.help_lines.values())

    async def commitments(self) -> Sequence[Commitment]:
        return tuple(self.work.seen.commitments.values())


class FakeCases:
    def __init__(self, work: FakeWork[CasesTables]) -> None:
        self.reports = FakeReports(work)
        self.events = FakeEvents(work)
        self.entries = FakeEntries(work)
        self.referrals = FakeReferrals(work)
        self.leaves = FakeLeaves(work)
        self.tombstones = FakeTombstones(work)
        self.publications = FakePublications(work)
        self.staff = FakeStaffRegister(work)
        self.reference = FakeReference(work)
        self.handled = FakeHandled(work)
        self.bells = FakeBellTimes(work)
        self.commit = work.commit


@dataclass(frozen=True, slots=True)
class FakeChats:
    work: FakeWork[AddressesTables]
    table: Literal["chats", "subscriptions"] = "chats"

    @property
    def _seen(self) -> dict[bytes, ChatRow]:
        seen = self.work.seen
        return seen.chats if self.table == "chats" else seen.subscriptions

    async def _changed(self) -> dict[bytes, ChatRow]:
        changed = await self.work.changed()
        return changed.chats if self.table == "chats" else changed.subscriptions

    async def put(self, row: ChatRow) -> None:
        (await self._changed())[row.tag] = row

    async def get(self, tags: Sequence[bytes]) -> ChatRow | None:
        chats = self._seen
        return next((chats[tag] for tag in tags if tag in chats), None)

    async def remove(self, tags: Sequence[bytes]) -> None:
        chats = await self._changed()
        for tag in tags:
            chats.pop(tag, None)

    async def all(self) -> Sequence[ChatRow]:
        return sorted(self._seen.values(), key=lambda row: row.tag)

    async def remove_expired(self, now: datetime) -> int:
        over = [row.tag for row in self._seen.values() if row.expires <= now]
        await self.remove(over)
        return len(over)


@dataclass(frozen=True, slots=True)
class FakeStaffChats:
    work: FakeWork[AddressesTables]

    async def put(self, row: StaffChatRow) -> None:
        await self.remove(row.member)
        (await self.work.changed()).staff_chats[row.tag] = row

    async def get(self, tags: Sequence[bytes]) -> StaffChatRow | None:
        chats = self.work.seen.staff_chats
        return next((chats[tag] for tag in tags if tag in chats), None)

    async def of_member(self, member: MemberId) -> StaffChatRow | None:
        chats = self.work.seen.staff_chats.values()
        return next((row for row in chats if row.member == member), None)

    async def all(self) -> Sequence[StaffChatRow]:
        return sorted(self.work.seen.staff_chats.values(), key=lambda row: row.tag)

    async def remove(self, member: MemberId) -> None:
        tables = await self.work.changed()
        kept = {tag: row for tag, row in tables.staff_chats.items() if row.member != member}
        tables.staff_chats = kept


class FakeAddresses:
    def __init__(self, work: FakeWork[AddressesTables]) -> None:
        self.chats = FakeChats(work)
        self.subscriptions = FakeChats(work, "subscriptions")
        self.staff_chats = FakeStaffChats(work)
        self.outgoing = FakeOutgoingRows(work)
        self.mailboxes = FakeMailboxes(work)
        self.forgotten = FakeForgotten(work)
        self.commit = work.commit


class FakeShreds:
    def __init__(self, work: FakeWork[ShredsTables]) -> None:
        self._work = work
        self.commit = work.commit

    async def keep(self, report: ReportId, key: bytes) -> bytes:
        return (await self._work.changed()).keys.setdefault(report, key)

    async def get(self, report: ReportId) -> bytes | None:
        return self._work.seen.keys.get(report)

    async def destroy(self, report: ReportId) -> None:
        (await self._work.changed()).keys.pop(report, None)


class MemoryStores:
    def __init__(self) -> None:
        self._cases = FakeStore(CasesTables())
        self._addresses = FakeStore(AddressesTables())
        self._shreds = FakeStore(ShredsTables())

    @asynccontextmanager
    async def cases(self) -> AsyncIterator[FakeCases]:
        async with work_on(self._cases) as work:
            yield FakeCases(work)

    @asynccontextmanager
    async def addresses(self) -> AsyncIterator[FakeAddresses]:
        async with work_on(self._addresses) as work:
            yield FakeAddresses(work)

    async def remix(self) -> int:
        """Dictionaries lie on no disk."""
        return 0

    async def keeps_order(self) -> bool:
        return False

    @asynccontextmanager
    async def shreds(self) -> AsyncIterator[FakeShreds]:
        async with work_on(self._shreds) as work:
            yield FakeShreds(work)

    async def scrub_shreds(self) -> None:
        """Nothing of it is in any file."""
