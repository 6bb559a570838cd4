"""Shutting down for good: every key and everything sealed goes. Leaves, events, certificates and
published numbers stay, so that what happened can still be proved and counted.
"""

from datetime import date

from sqlalchemy import Table, delete, select, update

from storage.engines import StoreEngine
from storage.errors import told_apart
from storage.remix import vacuum
from storage.scrubbing import scrub
from storage.stores import SqlStores
from storage.tables.metadata import ADDRESSES, CASES, SHREDS, table_of
from storage.tables.reports import ClosingRow
from storage.tables.staff import MemberRow
from storage.writing import insert_once

CLOSING = table_of(ClosingRow)
MEMBER = table_of(MemberRow)

STAYS = frozenset(
    {"closing", "event", "pending_leaf", "batched_leaf", "tombstone", "member", "desk_key"}
    | {"publication", "tally", "withdrawn", "bell"}
    | {"county", "forum", "forum_county", "office", "help_line", "commitment"}
)
"""Of *cases*. Whatever else there is, or will be, goes."""

GOES = [table for table in CASES.sorted_tables if table.name not in STAYS]


async def closed_on(stores: SqlStores) -> date | None:
    """The day on which it was shut down."""
    async with stores.cases() as cases:
        found = await cases.connection.execute(select(CLOSING.c.day))
        day: date | None = found.scalar()
    return day


async def close(stores: SqlStores, day: date) -> None:
    """From now on nothing opens these stores. Again is harmless: the first day stays."""
    if await closed_on(stores) is None:
        async with stores.cases() as cases:
            await insert_once(cases.connection, CLOSING, {"day": day})
            await cases.commit()


async def destroy_keys(stores: SqlStores) -> None:
    """The shreds, in the files too."""
    await _empty(stores.shreds_engine, SHREDS.sorted_tables)


async def destroy_sealed(stores: SqlStores) -> None:
    """Reports and whatever leads to a chat; desks' and members' wrapped keys."""
    await _empty(stores.addresses_engine, ADDRESSES.sorted_tables)
    async with stores.cases() as cases:
        await cases.connection.execute(update(MEMBER).values(wrapped_seed=b""))
        await cases.commit()
    await _empty(stores.cases_engine, GOES)
    await scrub(stores.cases_engine, [MEMBER])


async def _empty(store: StoreEngine, tables: list[Table]) -> None:
    with told_apart():
        async with store.engine.begin() as connection:
            for table in reversed(tables):
                await connection.execute(delete(table))
        if store.engine.dialect.name == "sqlite":
            async with store.engine.connect() as connection:
                await vacuum(connection)
    await scrub(store, tables)
