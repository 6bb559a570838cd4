"""Ledger leaves, pending and in daily batches; and the tombstones of what is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.ledger.leaf import LeafHash
from domain.reports.tombstone import Ending, Tombstone
from storage.tables.metadata import table_of
from storage.tables.reports import BatchedLeafRow, PendingLeafRow, TombstoneRow
from storage.writing import insert_once

PENDING = table_of(PendingLeafRow)
BATCHED = table_of(BatchedLeafRow)
TOMBSTONE = table_of(TombstoneRow)


@dataclass(frozen=True, slots=True)
class SqlLeaves:
    connection: AsyncConnection

    async def add(self, leaf: LeafHash) -> None:
        await insert_once(self.connection, PENDING, {"hash": leaf})

    async def has(self, leaf: LeafHash) -> bool:
        pending = select(PENDING.c.hash).where(PENDING.c.hash == leaf)
        batched = select(BATCHED.c.hash).where(BATCHED.c.hash == leaf)
        found = await self.connection.execute(pending.union_all(batched))
        return found.first() is not None

    async def take_pending(self, day: date) -> Sequence[LeafHash] | None:
        """On SQLite every unit of work is alone already; on PostgreSQL the table's lock keeps
        a second batch out, while `has` goes on reading.
        """
        if self.connection.dialect.name == "postgresql":
            lock = text(f"LOCK TABLE {BATCHED.fullname} IN SHARE ROW EXCLUSIVE MODE")
            await self.connection.execute(lock)
        made = select(BATCHED.c.hash).where(BATCHED.c.batch == day).limit(1)
        if (await self.connection.execute(made)).first() is not None:
            return None
        taken = await self.connection.execute(delete(PENDING).returning(PENDING.c.hash))
        return [LeafHash(each) for each in taken.scalars()]

    async def add_batch(self, day: date, leaves: Sequence[LeafHash]) -> None:
        """In the order given: that of the hashes, or the rows' places would tell another."""
        rows = [{"batch": day, "hash": leaf} for leaf in leaves]
        await self.connection.execute(insert(BATCHED), rows)

    async def batch(self, day: date) -> Sequence[LeafHash]:
        rows = await self.connection.execute(
            select(BATCHED.c.hash).where(BATCHED.c.batch == day).order_by(BATCHED.c.hash)
        )
        return [LeafHash(each) for each in rows.scalars()]


@dataclass(frozen=True, slots=True)
class SqlTombstones:
    connection: AsyncConnection

    async def add(self, tombstone: Tombstone) -> None:
        values = {
            "leaf": tombstone.leaf,
            "ending": tombstone.ending.value,
            "month": tombstone.month,
            "proof": tombstone.proof,
        }
        await insert_once(self.connection, TOMBSTONE, values)

    async def of(self, leaf: LeafHash) -> Tombstone | None:
        found = await self.connection.execute(select(TOMBSTONE).where(TOMBSTONE.c.leaf == leaf))
        row = found.mappings().first()
        if row is None:
            return None
        return Tombstone(
            leaf=LeafHash(row["leaf"]),
            ending=Ending(row["ending"]),
            month=row["month"],
            proof=row["proof"],
        )
