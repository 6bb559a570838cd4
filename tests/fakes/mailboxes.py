"""Mailboxes and tombstones of chats, in memory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.ports.addresses import ChatRow
from tests.fakes.store_work import AddressesTables, FakeWork


@dataclass(frozen=True, slots=True)
class FakeMailboxes:
    work: FakeWork[AddressesTables]

    async def put(self, slot: bytes, sealed: bytes, until: date) -> None:
        (await self.work.changed()).mailboxes[slot] = sealed, until

    async def get(self, slot: bytes) -> bytes | None:
        found = self.work.seen.mailboxes.get(slot)
        return found[0] if found else None

    async def keep(self, slots: Collection[bytes], until: date) -> int:
        mailboxes = (await self.work.changed()).mailboxes
        early = [slot for slot in slots if slot in mailboxes and mailboxes[slot][1] < until]
        for slot in early:
            mailboxes[slot] = mailboxes[slot][0], until
        return len(early)

    async def remove_expired(self, today: date) -> int:
        mailboxes = (await self.work.changed()).mailboxes
        return await self.remove([slot for slot, row in mailboxes.items() if row[1] <= today])

    async def remove(self, slots: Collection[bytes]) -> int:
        mailboxes = (await self.work.changed()).mailboxes
        return sum(mailboxes.pop(slot, None) is not None for slot in slots)

    async def remove_as_read(self, slot: bytes, sealed: bytes) -> bool:
        if await self.get(slot) != sealed:
            return False
        return await self.remove([slot]) == 1


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
