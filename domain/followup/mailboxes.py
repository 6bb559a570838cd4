"""Where news of one report goes: a row in *addresses* that only its case secret finds and
opens. It cannot be found by chat, so `/forget` leaves a tombstone instead: wherever a secret
leads to a mailbox that is older than its chat's tombstone, the mailbox goes.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from domain.errors import DomainError
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.ports.addresses import Addresses, ChatRow
from domain.ports.chat import Language
from domain.ports.chats import ChatSeal
from domain.ports.sealing import CaseSecret, EnvelopeLost
from domain.ports.stores import Stores
from domain.ports.world import Clock

KEPT = timedelta(days=90)
"""A mailbox after its report's last move."""

LONGEST_UNKEPT = KEPT + timedelta(days=31)
"""A mailbox that nobody keeps, at most: to the end of its month."""

FORGOTTEN_FOR = LONGEST_UNKEPT + timedelta(days=2)
"""A tombstone. After it no mailbox of its chat is opened or kept, so that the last one goes
`LONGEST_UNKEPT` later; a day more, as a tombstone goes at midnight UTC, which is another day
elsewhere; and one more for a sweep that was at work while the day ended.
"""

AT_ONCE = 100
"""Mailboxes looked at in one transaction: others wait for it on SQLite."""


def kept_until(today: date) -> date:
    """The first day of the month after `KEPT`: all that was opened or kept in one month goes on
    one day or the next month's, so that the day tells little.
    """
    last = today + KEPT
    return (last.replace(day=1) + timedelta(days=31)).replace(day=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailboxes:
    """`seal`: the service keyring, for tombstones alone."""

    stores: Stores
    seal: ChatSeal
    clock: Clock
    heed: Callable[[DomainError], object]

    async def open(self, secret: CaseSecret, to: Addressee) -> None:
        """Twice is harmless; the chat that asked last is told."""
        body = json.dumps([to.chat, to.language, self.clock.now().isoformat()]).encode()
        async with self.stores.addresses() as addresses:
            until = kept_until(self.clock.now().date())
            sealed = secret.seal_mailbox(body)
            await addresses.mailboxes.put(secret.mailbox_slot(), sealed, until)
            await addresses.commit()

    async def keep(self, secrets: Collection[CaseSecret]) -> int:
        """They are needed still, but for those whose chat was forgotten: how many went so.
        By slots, so that no order of reports shows in what was written together.
        """
        gone, ordered = 0, sorted(secrets, key=lambda secret: secret.mailbox_slot())
        for at in range(0, len(ordered), AT_ONCE):
            until = kept_until(self.clock.now().date())
            async with self.stores.addresses() as addresses:
                some = ordered[at : at + AT_ONCE]
                looks = [await self._look(addresses, secret) for secret in some]
                slots = [look.slot for look in looks if look.to]
                await addresses.mailboxes.keep(slots, until)
                await addresses.commit()
            gone += sum(look.forgotten for look in looks)
        return gone

    async def close(self, slots: Collection[bytes]) -> int:
        async with self.stores.addresses() as addresses:
            closed = await addresses.mailboxes.remove(slots)
            await addresses.commit()
        return closed

    async def forget(self, chat: int) -> None:
        """No notice goes to this chat, unless it is asked for again after this moment."""
        now, tags = self.clock.now(), self.seal.tags(chat)
        expires = now.astimezone(UTC) + FORGOTTEN_FOR
        row = ChatRow(
            tag=tags[0],
            sealed=self.seal.seal(tags[0], now.isoformat().encode()),
            expires=expires.replace(hour=0, minute=0, second=0, microsecond=0),
        )
        async with self.stores.addresses() as addresses:
            await addresses.forgotten.remove(tags[1:])
            await addresses.forgotten.put(row)
            await addresses.commit()

    async def addressees(self, secrets: Collection[CaseSecret]) -> tuple[Addressee | None, ...]:
        """For each secret, who wants to hear. What does not open is an alarm, and nobody's; a
        mailbox whose chat was forgotten goes.
        """
        async with self.stores.addresses() as addresses:
            looks = [await self._look(addresses, secret) for secret in secrets]
            if any(look.forgotten for look in looks):
                await addresses.commit()
        return tuple(look.to for look in looks)

    async def still_wanted(self, message: Message) -> bool:
        """Whether nobody has pressed *Stop* or said `/forget` since it was looked whom to tell."""
        if message.kind is not MessageKind.NOTICE:
            return True
        slot = urlsafe_b64decode(f"{message.facts['slot']}=")
        written = datetime.fromisoformat(str(message.facts["written"]))
        async with self.stores.addresses() as addresses:
            if await addresses.mailboxes.get(slot) is None:
                return False
            forgotten = await self._forgotten(addresses, message.to.chat)
        return forgotten is None or forgotten < written

    async def drop_expired(self, _: datetime) -> int:
        """Tombstones whose time is over, and mailboxes nobody has kept: no secret is needed."""
        async with self.stores.addresses() as addresses:
            dropped = await addresses.forgotten.remove_expired(self.clock.now())
            dropped += await addresses.mailboxes.remove_expired(self.clock.now().date())
            await addresses.commit()
        return dropped

    async def _look(self, addresses: Addresses, secret: CaseSecret) -> "_Look":
        slot = secret.mailbox_slot()
        sealed = await addresses.mailboxes.get(slot)
        if sealed is None:
            return _Look(slot=slot)
        try:
            chat, language, opted_in = json.loads(secret.open_mailbox(sealed))
        except EnvelopeLost as lost:
            self.heed(lost)
            return _Look(slot=slot)
        forgotten = await self._forgotten(addresses, chat)
        if forgotten is None or forgotten < datetime.fromisoformat(opted_in):
            return _Look(slot=slot, to=Addressee(chat=chat, language=Language(language)))
        return _Look(slot=slot, forgotten=await addresses.mailboxes.remove_as_read(slot, sealed))

    async def _forgotten(self, addresses: Addresses, chat: int) -> datetime | None:
        row = await addresses.forgotten.get(self.seal.tags(chat))
        if row is None:
            return None
        try:
            return datetime.fromisoformat(self.seal.open(row.tag, row.sealed).decode())
        except EnvelopeLost as lost:  # whoever asked to be forgotten stays so
            self.heed(lost)
            return self.clock.now()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What a secret led to. `forgotten`: to a mailbox whose chat was forgotten since; it went."""

    slot: bytes
    to: Addressee | None = None
    forgotten: bool = False
