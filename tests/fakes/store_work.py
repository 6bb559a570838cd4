"""What a unit of work on a store in memory is."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from domain.desks.desk import DeskKey
from domain.digest.publication import PublishedTable
from domain.digest.small_counts import CellKey, Tally
from domain.forums.commitment import Commitment
from domain.forums.forum import Forum
from domain.ledger.leaf import LeafHash
from domain.lines.help_line import HelpLine
from domain.offices.office import Office
from domain.places.county import County, CountyCode
from domain.ports.addresses import (
    ChatRow,
    OutgoingKey,
    OutgoingRow,
    StaffChatRow,
)
from domain.ports.stores import Changed, OpenedInsideItself
from domain.referrals.referral import Referral, ReferralNumber
from domain.reports.entry import Entry
from domain.reports.event import Event
from domain.reports.report import Report, ReportId
from domain.reports.tombstone import Tombstone
from domain.reports.topic import Topic
from domain.staff.member import DeskCopy, DeskPublic, Invite, InviteId, Member, MemberId

Key = TypeVar("Key")
Row = TypeVar("Row")


@dataclass(slots=True)
class CasesTables:
    reports: dict[ReportId, Report] = field(default_factory=dict)
    events: dict[tuple[ReportId, int], Event] = field(default_factory=dict)
    entries: dict[tuple[ReportId, int], Entry] = field(default_factory=dict)
    attachments: dict[ReportId, bytes] = field(default_factory=dict)
    referrals: dict[ReferralNumber, Referral] = field(default_factory=dict)
    leaves: set[LeafHash] = field(default_factory=set)
    batches: dict[date, tuple[LeafHash, ...]] = field(default_factory=dict)
    tombstones: dict[LeafHash, Tombstone] = field(default_factory=dict)
    handled: dict[int, date | None] = field(default_factory=dict)
    bells: dict[str, datetime] = field(default_factory=dict)
    invites: dict[InviteId, Invite] = field(default_factory=dict)
    members: dict[MemberId, Member] = field(default_factory=dict)
    keys: dict[tuple[DeskKey, int], DeskPublic] = field(default_factory=dict)
    copies: dict[tuple[DeskKey, int, MemberId | None], DeskCopy] = field(default_factory=dict)
    untold: set[MemberId] = field(default_factory=set)
    counties: dict[str, County] = field(default_factory=dict)
    forums: dict[str, Forum] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    help_lines: dict[str, HelpLine] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    publications: dict[tuple[CountyCode, date], PublishedTable] = field(default_factory=dict)
    tallies: dict[CellKey, Tally] = field(default_factory=dict)
    withdrawn: Counter[tuple[CountyCode, Topic, date]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeOutgoing:
    row: OutgoingRow
    stage: str = "waiting"
    claimed_until: datetime | None = None


@dataclass(slots=True)
class AddressesTables:
    chats: dict[bytes, ChatRow] = field(default_factory=dict)
    traces: dict[bytes, ChatRow] = field(default_factory=dict)
    staff_chats: dict[bytes, StaffChatRow] = field(default_factory=dict)
    outgoing: dict[OutgoingKey, FakeOutgoing] = field(default_factory=dict)
    subscriptions: dict[bytes, ChatRow] = field(default_factory=dict)
    mailboxes: dict[bytes, tuple[bytes, date]] = field(default_factory=dict)
    forgotten: dict[bytes, ChatRow] = field(default_factory=dict)


@dataclass(slots=True)
class ShredsTables:
    keys: dict[ReportId, bytes] = field(default_factory=dict)


Tables = TypeVar("Tables", bound=CasesTables | AddressesTables | ShredsTables)


class FakeStore(Generic[Tables]):
    def __init__(self, tables: Tables) -> None:
        self.committed = tables
        self.turn = asyncio.Lock()
        self.users: set[asyncio.Task[Any] | None] = set()


class FakeWork(Generic[Tables]):
    def __init__(self, store: FakeStore[Tables]) -> None:
        self._store = store
        self._mine: Tables | None = None

    @property
    def seen(self) -> Tables:
        return self._mine or self._store.committed

    async def changed(self) -> Tables:
        if self._mine is None:
            await self._store.turn.acquire()
            tables = self._store.committed
            copies = {each.name: copy(getattr(tables, each.name)) for each in fields(tables)}
            self._mine = type(tables)(**copies)
        return self._mine

    async def commit(self) -> None:
        if self._mine is not None:
            self._store.committed = self._mine
        self.close()

    def close(self) -> None:
        if self._mine is not None:
            self._mine = None
            self._store.turn.release()


@asynccontextmanager
async def work_on(store: FakeStore[Tables]) -> AsyncIterator[FakeWork[Tables]]:
    work, user = FakeWork(store), asyncio.current_task()
    if user in store.users:
        raise OpenedInsideItself
    store.users.add(user)
    try:
        yield work
    finally:
        store.users.remove(user)
        work.close()


def add(table: dict[Key, Row], key: Key, row: Row) -> None:
    """Raises Changed."""
    if key in table:
        raise Changed
    table[key] = row
