"""What of citizens' chats is kept on disk: what must be remembered of each, and which messages
stand in them, for `/clear`.
"""

import asyncio
from dataclasses import dataclass, field, replace

from bot.telegram.talk import Talk
from domain.chats.memory import ChatMemories, ChatMemory
from domain.chats.traces import Standing, Traces

MOST_NOTED = 2_000
"""Messages of one chat. Of more than these `/clear` leaves the oldest, and says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """`turn`: of whoever changes rows in which other chats have their messages too. `owed`: what
    could not be noted, as the database was away.
    """

    memories: ChatMemories
    traces: Traces
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    owed: dict[int, frozenset[int]] = field(default_factory=dict)

    async def begin(self) -> None:
        """Once, before the first message. Ids in the rows of chats are from before December
        2026: they go to the others.
        """
        await self.traces.divide()
        for memory in await self.memories.all():
            if memory.messages:
                await self.note(memory.chat, memory.messages)
                await self.remember(replace(memory, messages=frozenset()))
        await self.traces.begin()

    async def keep(self, talk: Talk, memory: ChatMemory) -> None:
        """What is new of it; and on each day on which the person speaks, as it is kept for two."""
        await self._trace(talk)
        if memory != talk.kept or talk.kept_on != talk.heard_on:
            await self.remember(memory)
        talk.memory = talk.kept = memory
        talk.kept_on = talk.heard_on

    async def _trace(self, talk: Talk) -> None:
        chat = talk.memory.chat
        for around in sorted(talk.unsure):
            await self.doubt(chat, around)
        talk.unsure = frozenset()
        talk.crowded = talk.crowded or len(talk.noted) > MOST_NOTED
        talk.noted = frozenset(sorted(talk.noted)[-MOST_NOTED:])
        await self.note(chat, talk.noted - talk.traced, talk.traced - talk.noted)
        talk.traced = talk.noted

    async def remember(self, memory: ChatMemory) -> None:
        if memory == ChatMemory(chat=memory.chat):
            await self.memories.drop(memory.chat)
        else:
            await self.memories.keep(memory)

    def heard(self, message: int) -> None:
        """Somebody's message came, or went, with this id."""
        self.traces.newest = max(self.traces.newest, message)

    async def note(
        self,
        chat: int,
        new: frozenset[int],
        gone: frozenset[int] = frozenset(),
        *,
        unasked: bool = False,
    ) -> None:
        """Raises StoreUnavailable."""
        async with self.turn:
            self.owed[chat] = self.owed.get(chat, frozenset()) | new
            await self._pay(chat, gone, unasked=unasked)

    async def standing(self, chat: int) -> Standing:
        """Messages of this chat, and of others. Raises StoreUnavailable."""
        async with self.turn:
            await self._pay(chat, frozenset())
            return await self.traces.of(chat)

    async def _pay(self, chat: int, gone: frozenset[int], *, unasked: bool = False) -> None:
        new = self.owed.get(chat, frozenset()) - gone
        await self.traces.note(chat, new, gone, unasked=unasked)
        self.owed.pop(chat, None)

    async def doubt(self, chat: int, around: int | None = None) -> None:
        """Something may stand in the chat whose id nobody was told: about now, or then."""
        async with self.turn:
            await self.traces.doubt(chat, self.traces.newest if around is None else around)

    async def drop_expired(self) -> int:
        return await self.memories.drop_expired() + await self.traces.drop_expired()
