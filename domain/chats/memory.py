"""What is remembered of a citizen's chat for 48 hours: its language, and the ids of
the messages `/clear` must delete. Sealed under the service keyring; leads to no report.

Days, not hours: a thief with the keyring must not learn who was here when a report came.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from domain.ports.addresses import ChatRow
from domain.ports.chat import Language
from domain.ports.chats import ChatSeal
from domain.ports.stores import Stores
from domain.ports.world import Clock

KEPT = timedelta(hours=48)
"""As long as Telegram lets a bot delete a message."""

MOST_GAPS = 20
MOST = 2_000
"""Messages remembered of a chat: the row is written anew at each change. Of more than these
in 48 hours `/clear` leaves the oldest, though Telegram would let a bot delete them.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMemory:
    """`messages`: (id, day as `date.toordinal`), the person's and the bot's.
    `shared`: None until asked. `drafting`: unsent words, or a question to
    be answered, were in memory when this was kept.
    `vanishing`: the id of a message that deletes itself in a moment. `codes`: ids of cards
    that show a code, perhaps the only copy of it. `gaps`: (first, last, day) of ids among
    which messages of this chat may stand that a crash left unnoted.
    """

    chat: int
    language: Language | None = None
    shared: bool | None = None
    drafting: bool = False
    vanishing: int | None = None
    codes: frozenset[int] = frozenset()
    messages: tuple[tuple[int, int], ...] = ()
    gaps: tuple[tuple[int, int, int], ...] = ()

    @property
    def told(self) -> tuple[Language | None, bool | None, bool, frozenset[int]]:
        """What the person would miss if it were forgotten."""
        return self.language, self.shared, self.drafting, self.codes

    def noting(self, ids: frozenset[int], now: datetime) -> "ChatMemory":
        """With these messages, and without those Telegram lets nobody delete any more; the
        newest `MOST` of them.
        """
        today = now.astimezone(UTC).toordinal()
        oldest = today - KEPT.days
        known = {message for message, _ in self.messages}
        kept = [(message, day) for message, day in self.messages if day >= oldest]
        new = [(message, today) for message in sorted(ids - known)]
        return replace(self, messages=tuple(sorted((*kept, *new))[-MOST:]))

    @property
    def newest(self) -> int:
        """The newest id known of; 0 if there is none."""
        noted = max((message for message, _ in self.messages), default=0)
        return max(noted, max((last for _, last, _ in self.gaps), default=0))

    def with_gap(self, before: int, now: datetime) -> "ChatMemory":
        """What stands between the newest id and this one may be this chat's, or another's."""
        newest, today = self.newest, now.astimezone(UTC).toordinal()
        if not newest or before <= newest + 1:
            return self
        kept = [gap for gap in self.gaps if gap[2] >= today - KEPT.days]
        return replace(self, gaps=(*kept, (newest + 1, before - 1, today))[-MOST_GAPS:])

    def unnoted(self) -> frozenset[int]:
        """At most `MOST` ids: what a crash left stands where the gap begins or ends."""
        found: list[int] = []
        for first, last, _ in reversed(self.gaps):
            half = MOST // 2
            found += range(first, min(first + half, last + 1))
            found += range(max(first + half, last + 1 - half), last + 1)
        return frozenset(found[:MOST])

    def without(self, ids: frozenset[int]) -> "ChatMemory":
        left = tuple(m for m in self.messages if m[0] not in ids)
        return replace(self, messages=left, codes=self.codes - ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMemories:
    stores: Stores
    seal: ChatSeal
    clock: Clock

    async def of(self, chat: int) -> ChatMemory:
        """Empty for a chat nothing is remembered of."""
        async with self.stores.addresses() as addresses:
            row = await addresses.chats.get(self.seal.tags(chat))
        return self._read(row) if row else ChatMemory(chat=chat)

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
                memory.messages,
                memory.gaps,
            ],
            separators=(",", ":"),
        )
        expires = self.clock.now().astimezone(UTC) + KEPT + timedelta(days=1)
        row = ChatRow(
            tag=tags[0],
            sealed=self.seal.seal(tags[0], body.encode()),
            expires=expires.replace(hour=0, minute=0, second=0, microsecond=0),
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
        return tuple(self._read(row) for row in rows)

    def _read(self, row: ChatRow) -> ChatMemory:
        chat, language, shared, drafting, vanishing, codes, messages, gaps = json.loads(
            self.seal.open(row.tag, row.sealed)
        )
        return ChatMemory(
            chat=chat,
            language=Language(language) if language else None,
            shared=shared,
            drafting=drafting,
            vanishing=vanishing,
            codes=frozenset(codes),
            messages=tuple((message, day) for message, day in messages),
            gaps=tuple((first, last, day) for first, last, day in gaps),
        )
