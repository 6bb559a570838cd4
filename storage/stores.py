"""The three stores behind the domain's `Stores`: each unit of work is one transaction
of one of them, and rolls back unless committed.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.addresses import (
    SHRED,
    SUBSCRIPTION,
    TRACE,
    SqlChats,
    SqlShreds,
    SqlStaffChats,
)
from storage.attachments import FILES, SqlAttachments, remix_files
from storage.bells import SqlBellTimes
from storage.engines import StoreEngine
from storage.entries import SqlEntries
from storage.errors import told_apart
from storage.events import SqlEvents, SqlHandled
from storage.leaves import PENDING, SqlLeaves, SqlTombstones
from storage.mailboxes import SqlForgotten, SqlMailboxes
from storage.outgoing import SqlOutgoing
from storage.publications import SqlPublications
from storage.reference import SqlReference
from storage.referrals import SqlReferrals
from storage.remix import drop_log, may_drop_log, rewrite, stir, vacuum
from storage.reports import ENTRY, EVENT, OF_REPORTS, REPORT, SqlReports
from storage.scrubbing import scrub
from storage.staff import COPY, MEMBER, SqlStaffRegister
from storage.steady import SteadyConnection, to_its_end
from storage.tables.metadata import ADDRESSES

IN_NO_ORDER = (EVENT, ENTRY, REPORT, PENDING)
"""Of *cases*, what a citizen's act writes, but files: see `storage/attachments.py`."""


@dataclass(frozen=True, slots=True)
class SqlCases:
    connection: AsyncConnection

    @property
    def reports(self) -> SqlReports:
        return SqlReports(self.connection)

    @property
    def events(self) -> SqlEvents:
        return SqlEvents(self.connection)

    @property
    def entries(self) -> SqlEntries:
        return SqlEntries(self.connection)

    @property
    def attachments(self) -> SqlAttachments:
        return SqlAttachments(self.connection)

    @property
    def referrals(self) -> SqlReferrals:
        return SqlReferrals(self.connection)

    @property
    def leaves(self) -> SqlLeaves:
        return SqlLeaves(self.connection)

    @property
    def tombstones(self) -> SqlTombstones:
        return SqlTombstones(self.connection)

    @property
    def publications(self) -> SqlPublications:
        return SqlPublications(self.connection)

    @property
    def staff(self) -> SqlStaffRegister:
        return SqlStaffRegister(self.connection)

    @property
    def reference(self) -> SqlReference:
        return SqlReference(self.connection)

    @property
    def handled(self) -> SqlHandled:
        return SqlHandled(self.connection)

    @property
    def bells(self) -> SqlBellTimes:
        return SqlBellTimes(self.connection)

    async def commit(self) -> None:
        await self.connection.commit()


@dataclass(frozen=True, slots=True)
class SqlAddresses:
    connection: AsyncConnection

    @property
    def chats(self) -> SqlChats:
        return SqlChats(self.connection)

    @property
    def subscriptions(self) -> SqlChats:
        return SqlChats(self.connection, SUBSCRIPTION)

    @property
    def traces(self) -> SqlChats:
        return SqlChats(self.connection, TRACE)

    @property
    def staff_chats(self) -> SqlStaffChats:
        return SqlStaffChats(self.connection)

    @property
    def outgoing(self) -> SqlOutgoing:
        return SqlOutgoing(self.connection)

    @property
    def mailboxes(self) -> SqlMailboxes:
        return SqlMailboxes(self.connection)

    @property
    def forgotten(self) -> SqlForgotten:
        return SqlForgotten(self.connection)

    async def commit(self) -> None:
        await self.connection.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlStores:
    """Raises StoreUnavailable where the database fails. One store must not be opened
    again inside itself: SQLite has one writer.
    """

    cases_engine: StoreEngine
    addresses_engine: StoreEngine
    shreds_engine: StoreEngine

    @asynccontextmanager
    async def cases(self) -> AsyncIterator[SqlCases]:
        async with _connected(self.cases_engine) as connection:
            yield SqlCases(connection)

    @asynccontextmanager
    async def addresses(self) -> AsyncIterator[SqlAddresses]:
        async with _connected(self.addresses_engine) as connection:
            yield SqlAddresses(connection)

    @asynccontextmanager
    async def shreds(self) -> AsyncIterator[SqlShreds]:
        async with _connected(self.shreds_engine) as connection:
            yield SqlShreds(connection)

    async def scrub(self) -> None:
        """The keys first: they matter most."""
        await scrub(self.shreds_engine, [SHRED])
        await scrub(self.cases_engine, (*OF_REPORTS, MEMBER, COPY))

    async def remix(self, now: datetime, /) -> int:
        kept = (
            (self.addresses_engine, ADDRESSES.sorted_tables),
            (self.cases_engine, IN_NO_ORDER),
            (self.shreds_engine, [SHRED]),
        )
        for store, tables in kept:
            if store.engine.dialect.name == "postgresql":
                async with _connected(store) as connection:
                    await rewrite(connection, tables)
            elif store is self.addresses_engine:
                async with _connected(store) as connection:
                    await vacuum(connection)
            else:
                for table in tables:
                    await stir(partial(_connected, store), table)
        await remix_files(partial(_connected, self.cases_engine), now)
        async with _connected(self.addresses_engine) as connection:
            if connection.dialect.name == "postgresql":
                await drop_log(connection)
        return sum(len(tables) for _, tables in kept) + len(FILES)

    async def keeps_order(self) -> bool:
        """Whether a log of the database tells what came after what, remix or not."""
        async with _connected(self.addresses_engine) as connection:
            on_postgresql = connection.dialect.name == "postgresql"
            return on_postgresql and not await may_drop_log(connection)

    async def aclose(self) -> None:
        for store in (self.cases_engine, self.addresses_engine, self.shreds_engine):
            await store.engine.dispose()


@asynccontextmanager
async def _connected(store: StoreEngine) -> AsyncIterator[SteadyConnection]:
    with told_apart():
        async with store.turn.taken():
            connection = SteadyConnection(store.engine)
            try:
                await to_its_end(connection.start())
                yield connection
            finally:
                if connection.sync_connection is not None:
                    await to_its_end(connection.close())
