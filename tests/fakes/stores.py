"""The three stores in memory: the same ports, the same contract suite, no disk.

A unit of work reads what is committed; its first write takes the writer's turn and a
copy; `commit` puts the copy in place.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.forums.commitment import Commitment
from domain.forums.forum import Forum
from domain.lines.help_line import HelpLine
from domain.offices.office import Office
from domain.places.county import County
from domain.ports.addresses import ChatRow, StaffChatRow
from domain.reports.report import ReportId
from domain.staff.member import MemberId
from tests.fakes.attachments import FakeAttachments
from tests.fakes.leaves import FakeHandled, FakeLeaves, FakeTombstones
from tests.fakes.mailboxes import FakeForgotten, FakeMailboxes
from tests.fakes.outgoing import FakeOutgoingRows
from tests.fakes.publications import FakePublications
from tests.fakes.referrals import FakeReferrals
from tests.fakes.reports import FakeEntries, FakeEvents, FakeReports
from tests.fakes.staff_register import FakeStaffRegister
from tests.fakes.store_work import (
    AddressesTables,
    CasesTables,
    FakeStore,
    FakeWork,
    ShredsTables,
    work_on,
)


@dataclass(frozen=True, slots=True)
class FakeBellTimes:
    work: FakeWork[CasesTables]

    async def all(self) -> Mapping[str, datetime]:
        return dict(self.work.seen.bells)

    async def record(self, job: str, moment: datetime, now: datetime | None = None) -> None:
        bells = (await self.work.changed()).bells
        known = bells.get(job, moment)
        bells[job] = moment if now and known > now else max(moment, known)


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
        self.attachments = FakeAttachments(work)
        self.referrals = FakeReferrals(work)
        self.leaves = FakeLeaves(work)
        self.tombstones = FakeTombstones(work)
        self.publications = FakePublications(work)
        self.staff = FakeStaffRegister(work)
        self.reference = FakeReference(work)
        self.handled = FakeHandled(work)
        self.bells = FakeBellTimes(work)
        self.commit = work.commit


def _rows(
    tables: AddressesTables, name: Literal["chats", "traces", "subscriptions"]
) -> dict[bytes, ChatRow]:
    return {"chats": tables.chats, "traces": tables.traces, "subscriptions": tables.subscriptions}[
        name
    ]


@dataclass(frozen=True, slots=True)
class FakeChats:
    work: FakeWork[AddressesTables]
    table: Literal["chats", "traces", "subscriptions"] = "chats"

    @property
    def _seen(self) -> dict[bytes, ChatRow]:
        return _rows(self.work.seen, self.table)

    async def _changed(self) -> dict[bytes, ChatRow]:
        return _rows(await self.work.changed(), self.table)

    async def put(self, row: ChatRow) -> None:
        (await self._changed())[row.tag] = row

    async def get(self, tags: Sequence[bytes]) -> ChatRow | None:
        chats = self._seen
        return next((chats[tag] for tag in tags if tag in chats), None)

    async def remove(self, tags: Sequence[bytes]) -> None:
        chats = await self._changed()
        for tag in tags:
            chats.pop(tag, None)

    async def several(self, tags: Sequence[bytes], *, to_change: bool = False) -> Sequence[ChatRow]:
        if to_change:
            await self._changed()
        return [row for tag, row in self._seen.items() if tag in tags]

    async def all(self) -> Sequence[ChatRow]:
        return sorted(self._seen.values(), key=lambda row: row.tag)

    async def count(self) -> int:
        return len(self._seen)

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
        self.traces = FakeChats(work, "traces")
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

    def branched(self) -> "MemoryStores":
        """What is kept until now is in both; what comes is in one."""
        branch = MemoryStores()
        branch._cases = FakeStore(self._cases.committed)
        branch._addresses = FakeStore(self._addresses.committed)
        branch._shreds = FakeStore(self._shreds.committed)
        return branch

    @asynccontextmanager
    async def cases(self) -> AsyncIterator[FakeCases]:
        async with work_on(self._cases) as work:
            yield FakeCases(work)

    @asynccontextmanager
    async def addresses(self) -> AsyncIterator[FakeAddresses]:
        async with work_on(self._addresses) as work:
            yield FakeAddresses(work)

    async def remix(self, _: datetime) -> int:
        """Dictionaries lie on no disk."""
        return 0

    async def keeps_order(self) -> bool:
        return False

    @asynccontextmanager
    async def shreds(self) -> AsyncIterator[FakeShreds]:
        async with work_on(self._shreds) as work:
            yield FakeShreds(work)

    async def scrub(self) -> None:
        """Nothing of it is in any file."""
