"""The outbox: rows in *addresses*, sealed under the service keyring. It is the retry: a
message stays until it is delivered or refused, and is put in only once.

A delivered message leaves its key behind without a word, so that the job that wrote it may
run again; what is kept so is dropped after `REMEMBERED`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.ledger.encoding import framed, text
from domain.ports.addresses import OutgoingKey, OutgoingRow
from domain.ports.chat import Language
from domain.ports.chats import ChatSeal
from domain.ports.sealing import EnvelopeLost
from domain.ports.stores import Stores
from domain.ports.world import Clock, Entropy

LEASE = timedelta(minutes=2)
"""How long whoever took a message has it to themselves: after a crash it goes out again."""

REMEMBERED = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message to be sent now. `tries` counts this one."""

    key: OutgoingKey
    message: Message
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    stores: Stores
    seal: ChatSeal
    clock: Clock
    entropy: Entropy

    def subject(self, chat: int) -> bytes:
        """Names a chat in the outbox; a keyed hash."""
        return self.seal.tags(chat)[0]

    async def post(self, messages: Sequence[Message]) -> int:
        """All of them in one transaction, in an order that tells nothing. How many were new."""
        rows = [self._sealed(message) for message in messages]
        rows.sort(key=lambda _: self.entropy.token(8))
        async with self.stores.addresses() as addresses:
            new = [await addresses.outgoing.add(row) for row in rows]
            await addresses.commit()
        return sum(new)

    async def claim(self, limit: int, *, urgent_only: bool = False) -> tuple[Claimed, ...]:
        """What is due, oldest first, and nobody else's for `LEASE`. A row that does not open
        is set aside.
        """
        now = self.clock.now()
        async with self.stores.addresses() as addresses:
            rows = await addresses.outgoing.claim(
                now, until=now + LEASE, limit=limit, urgent_only=urgent_only
            )
            claimed = []
            for row in rows:
                try:
                    claimed.append(self._opened(row))
                except EnvelopeLost:
                    await addresses.outgoing.set_aside(row.key)
            await addresses.commit()
        return tuple(claimed)

    async def delivered(self, *keys: OutgoingKey) -> None:
        """Nothing but the keys is left of them."""
        async with self.stores.addresses() as addresses:
            for key in keys:
                await addresses.outgoing.done(key)
            await addresses.commit()

    async def put_off(self, key: OutgoingKey, until: datetime, *, blameless: bool = False) -> None:
        """`blameless`: it is no fault of the message, and this claim is no try."""
        async with self.stores.addresses() as addresses:
            await addresses.outgoing.put_off(key, until, blameless=blameless)
            await addresses.commit()

    async def set_aside(self, key: OutgoingKey) -> None:
        """Poison: it is tried no more, and counted by `sauti doctor`."""
        async with self.stores.addresses() as addresses:
            await addresses.outgoing.set_aside(key)
            await addresses.commit()

    async def forget_done(self) -> int:
        async with self.stores.addresses() as addresses:
            dropped = await addresses.outgoing.remove_done(self.clock.now() - REMEMBERED)
            await addresses.commit()
        return dropped

    async def forget(self, chat: int) -> int:
        """Whatever waits for this chat or was set aside, and that something went there. A notice
        is named by its report's secret, which leads to no chat: those are opened one by one.
        """
        async with self.stores.addresses() as addresses:
            notices = await addresses.outgoing.unsent(MessageKind.NOTICE)
            gone = await addresses.outgoing.remove(
                [row.key for row in notices if self._is_for(row, chat)]
            )
            gone += await addresses.outgoing.remove_of(self.seal.tags(chat))
            await addresses.commit()
        return gone

    def _is_for(self, row: OutgoingRow, chat: int) -> bool:
        try:
            return self._opened(row).message.to.chat == chat
        except EnvelopeLost:  # claimed, it is set aside and counted
            return False

    def _sealed(self, message: Message) -> OutgoingRow:
        key = OutgoingKey(subject=message.subject, kind=message.kind, anchor=message.anchor)
        body = [message.to.chat, message.to.language, message.facts]
        plain = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        return OutgoingRow(
            key=key,
            due=message.due,
            urgent=message.urgent,
            sealed=self.seal.seal(row_of(key), plain),
        )

    def _opened(self, row: OutgoingRow) -> Claimed:
        chat, language, facts = json.loads(self.seal.open(row_of(row.key), row.sealed))
        message = Message(
            subject=row.key.subject,
            kind=MessageKind(row.key.kind),
            anchor=row.key.anchor,
            due=row.due,
            to=Addressee(chat=chat, language=Language(language)),
            facts=facts,
            urgent=row.urgent,
        )
        return Claimed(key=row.key, message=message, tries=row.tries)


def row_of(key: OutgoingKey) -> bytes:
    """What the envelope is bound to."""
    return framed(key.subject, text(key.kind), text(key.anchor))
