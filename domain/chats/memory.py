"""What is remembered of a citizen's chat for 48 hours: its language, and which messages must not
stay as they are. Sealed under the service keyring; leads to no report. The ids of its other
messages lie elsewhere: see `domain.chats.traces`.

Days, not hours: a thief with the keyring must not learn who was here when a report came.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from domain.errors import DomainError
from domain.ports.addresses import ChatRow
from domain.ports.chat import Language
from domain.ports.chats import ChatSeal
from domain.ports.sealing import EnvelopeLost
from domain.ports.stores import Stores
from domain.ports.world import Clock

KEPT = timedelta(hours=48)
"""As long as Telegram lets a bot delete a message."""


def kept_until(now: datetime) -> datetime:
    """The end of the day (UTC) on which it is over: no row tells the hour of its last change."""
    expires = now.astimezone(UTC) + KEPT + timedelta(days=1)
    return expires.replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMemory:
    """`shared`: None until asked. `drafting`: unsent words, or a question to be answered, were
    in memory when this was kept. `vanishing`: the id of a message that deletes itself in a
    moment. `codes`: ids of cards that show a code, perhaps the only copy of it. `messages`: all
    those of the chat, as rows told until December 2026; none is kept again.
    """

    chat: int
    language: Language | None = None
    shared: bool | None = None
    drafting: bool = False
    vanishing: int | None = None
    codes: frozenset[int] = frozenset()
    messages: frozenset[int] = frozenset()

    @property
    def told(self) -> tuple[Language | None, bool | None, bool, frozenset[int]]:
        """What the person would miss if it were forgotten."""
        return self.language, self.shared, self.drafting, self.codes

    def without(self, ids: frozenset[int]) -> "ChatMemory":
        return replace(self, codes=self.codes - ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMemories:
    stores: Stores
    seal: ChatSeal
    clock: Clock
    heed: Callable[[DomainError], object]

    async def of(self, chat: int) -> ChatMemory:
        """Empty for a chat nothing is remembered of."""
        async with self.stores.addresses() as addresses:
            row = await addresses.chats.get(self.seal.tags(chat))
        return (self._true(row) if row else None) or ChatMemory(chat=chat)

    async def keep(self, memory: ChatMemory) -> None:
        tags = self.seal.tags(memory.chat)
        body = json.dumps(
            [
                memory.chat,
                memory.language,
                memory.shared,
                memory.drafting,
                memory.vanishing,
                sorted(memory.codes),
            ],
            separators=(",", ":"),
        )
        row = ChatRow(
            tag=tags[0],
            sealed=self.seal.seal(tags[0], body.encode()),
            expires=kept_until(self.clock.now()),
        )
        async with self.stores.addresses() as addresses:
            await addresses.chats.remove(tags[1:])
            await addresses.chats.put(row)
            await addresses.commit()

    async def drop(self, chat: int) -> None:
        async with self.stores.addresses() as addresses:
            await addresses.chats.remove(self.seal.tags(chat))
            await addresses.commit()

    async def drop_expired(self) -> int:
        async with self.stores.addresses() as addresses:
            dropped = await addresses.chats.remove_expired(self.clock.now())
            await addresses.commit()
        return dropped

    async def all(self) -> tuple[ChatMemory, ...]:
        async with self.stores.addresses() as addresses:
            rows = await addresses.chats.all()
        return tuple(memory for row in rows if (memory := self._true(row)))

    def _true(self, row: ChatRow) -> ChatMemory | None:
        """Of a forged row nothing is believed: it must not keep its chat, or others, waiting."""
        try:
            return self._read(row)
        except EnvelopeLost:
            self.heed(EnvelopeLost())
            return None

    def _read(self, row: ChatRow) -> ChatMemory:
        chat, language, shared, drafting, vanishing, codes, *before = json.loads(
            self.seal.open(row.tag, row.sealed)
        )
        return ChatMemory(
            chat=chat,
            language=Language(language) if language else None,
            shared=shared,
            drafting=drafting,
            vanishing=vanishing,
            codes=frozenset(codes),
            messages=frozenset(message for message, _ in before[0]) if before else frozenset(),
        )
