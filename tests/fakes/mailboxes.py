"""Mailboxes and tombstones of chats, in memory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ports.addresses import ChatRow
from tests.fakes.store_work import AddressesTables, FakeWork


@dataclass(frozen=True, slots=True)
class FakeMailboxes:
    work: FakeWork[AddressesTables]

    async def put(self, slot: bytes, sealed: bytes) -> None:
        (await self.work.changed()).mailboxes[slot] = sealed

    async def get(self, slot: bytes) -> bytes | None:
        return self.work.seen.mailboxes.get(slot)

    async def remove(self, slots: Collection[bytes]) -> int:
        mailboxes = (await self.work.changed()).mailboxes
        return sum(mailboxes.pop(slot, None) is not None for slot in slots)


@dataclass(frozen=True, slots=True)
class FakeForgotten:
    work: FakeWork[AddressesTables]

    async def put(self, row: ChatRow) -> None:
        (await self.work.changed()).forgotten[row.tag] = row

    async def get(self, tags: Sequence[bytes]) -> ChatRow | None:
        rows = self.work.seen.forgotten
        return next((rows[tag] for tag in tags if tag in rows), None)

    async def remove(self, tags: Sequence[bytes]) -> None:
        rows = (await self.work.changed()).forgotten
        for tag in tags:
            rows.pop(tag, None)

    async def remove_expired(self, now: datetime) -> int:
        over = [row.tag for row in self.work.seen.forgotten.values() if row.expires <= now]
        await self.remove(over)
        return len(over)
