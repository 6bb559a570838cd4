"""Leaves, tombstones and handled updates in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.ledger.leaf import LeafHash
from domain.reports.tombstone import Tombstone
from tests.fakes.store_work import CasesTables, FakeWork


@dataclass(frozen=True, slots=True)
class FakeLeaves:
    work: FakeWork[CasesTables]

    async def add(self, leaf: LeafHash) -> None:
        (await self.work.changed()).leaves.add(leaf)

    async def has(self, leaf: LeafHash) -> bool:
        seen = self.work.seen
        return leaf in seen.leaves or any(leaf in batch for batch in seen.batches.values())

    async def take_pending(self, day: date) -> Sequence[LeafHash] | None:
        tables = await self.work.changed()
        if day in tables.batches:
            return None
        taken, tables.leaves = tables.leaves, set()
        return list(taken)

    async def add_batch(self, day: date, leaves: Sequence[LeafHash]) -> None:
        (await self.work.changed()).batches[day] = tuple(leaves)

    async def batch(self, day: date) -> Sequence[LeafHash]:
        return sorted(self.work.seen.batches.get(day, ()))


@dataclass(frozen=True, slots=True)
class FakeTombstones:
    work: FakeWork[CasesTables]

    async def add(self, tombstone: Tombstone) -> None:
        (await self.work.changed()).tombstones.setdefault(tombstone.leaf, tombstone)

    async def of(self, leaf: LeafHash) -> Tombstone | None:
        return self.work.seen.tombstones.get(leaf)


@dataclass(frozen=True, slots=True)
class FakeHandled:
    work: FakeWork[CasesTables]

    async def add(self, update_id: int) -> bool:
        handled = (await self.work.changed()).handled
        is_new = update_id not in handled
        handled.setdefault(update_id, None)
        return is_new

    async def sweep(self, today: date, *, drop_before: date) -> int:
        tables = await self.work.changed()
        met = {update: day or today for update, day in tables.handled.items()}
        tables.handled = {update: day for update, day in met.items() if day >= drop_before}
        return len(met) - len(tables.handled)
