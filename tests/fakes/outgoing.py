"""The outbox in memory."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.ports.addresses import OutgoingKey, OutgoingRow
from tests.fakes.store_work import AddressesTables, FakeOutgoing, FakeWork


@dataclass(frozen=True, slots=True)
class FakeOutgoingRows:
    work: FakeWork[AddressesTables]

    async def add(self, row: OutgoingRow) -> bool:
        rows = (await self.work.changed()).outgoing
        if row.key in rows:
            return False
        rows[row.key] = FakeOutgoing(row=row)
        return True

    async def claim(
        self, now: datetime, *, until: datetime, limit: int, urgent_only: bool
    ) -> Sequence[OutgoingRow]:
        rows = (await self.work.changed()).outgoing
        free = [
            each
            for each in rows.values()
            if each.stage == "waiting"
            and each.row.due <= now
            and (each.claimed_until is None or each.claimed_until <= now)
            and (each.row.urgent or not urgent_only)
        ]
        free.sort(key=lambda each: (each.row.due, each.row.key.subject))
        claimed = []
        for each in free[:limit]:
            row = replace(each.row, tries=each.row.tries + 1)
            rows[row.key] = replace(each, row=row, claimed_until=until)
            claimed.append(row)
        return claimed

    async def done(self, key: OutgoingKey) -> None:
        await self._stage(key, "done", sealed=b"")

    async def put_off(self, key: OutgoingKey, until: datetime, *, blameless: bool = False) -> None:
        tries = self.work.seen.outgoing[key].row.tries
        await self._stage(key, None, due=until, tries=tries - 1 if blameless else tries)

    async def set_aside(self, key: OutgoingKey) -> None:
        await self._stage(key, "aside")

    async def count(self) -> Mapping[str, int]:
        found = Counter(each.stage for each in self.work.seen.outgoing.values())
        return {stage: found[stage] for stage in ("waiting", "done", "aside")}

    async def overdue(self, before: datetime) -> tuple[int, datetime | None]:
        late = [
            each.row.due
            for each in self.work.seen.outgoing.values()
            if each.stage == "waiting" and each.row.due < before
        ]
        return len(late), min(late, default=None)

    async def remove_done(self, before: datetime) -> int:
        tables = await self.work.changed()
        over = {
            key
            for key, each in tables.outgoing.items()
            if each.stage == "done" and each.row.due < before
        }
        tables.outgoing = {k: v for k, v in tables.outgoing.items() if k not in over}
        return len(over)

    async def unsent(self, kind: str) -> Sequence[OutgoingRow]:
        there = self.work.seen.outgoing.values()
        return [each.row for each in there if each.row.key.kind == kind and each.stage != "done"]

    async def remove(self, keys: Collection[OutgoingKey]) -> int:
        rows = (await self.work.changed()).outgoing
        return sum(rows.pop(key, None) is not None for key in keys)

    async def remove_of(self, subjects: Collection[bytes]) -> int:
        rows = (await self.work.changed()).outgoing
        return await self.remove([key for key in rows if key.subject in subjects])

    async def _stage(self, key: OutgoingKey, stage: str | None, **different: object) -> None:
        rows = (await self.work.changed()).outgoing
        if key in rows:
            each = rows[key]
            row = replace(each.row, **different)  # type: ignore[arg-type] # named by the callers above
            rows[key] = FakeOutgoing(row=row, stage=stage or each.stage)
