"""What of citizens' chats is kept on disk: what must be remembered of each, and which messages
stand in them, for `/clear`.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field, replace

from bot.telegram.talk import Talk
from domain.chats.memory import ChatMemories, ChatMemory
from domain.chats.traces import Standing, Traces

MOST_HELD = 2_000
"""Messages of one chat that are held in memory too, the newest."""


@dataclass(slots=True)
class Owed:
    """What is to be noted of a chat, in memory until it is. `asked`: ids of what was said here,
    `unasked`: of what the bot said on its own. `around`: something may stand in the chat whose
    id nobody was told.
    """

    asked: frozenset[int] = frozenset()
    unasked: frozenset[int] = frozenset()
    around: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """`turn`: of whoever changes rows in which other chats have their messages too. `owed`: before
    anything is asked of the database, which may be away.
    """

    memories: ChatMemories
    traces: Traces
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    owed: defaultdict[int, Owed] = field(default_factory=lambda: defaultdict(Owed))

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
        self.owed[chat].around |= talk.unsure
        talk.unsure = frozenset()
        await self.note(chat, talk.noted - talk.traced, talk.traced - talk.noted)
        talk.traced = talk.noted = frozenset(sorted(talk.noted)[-MOST_HELD:])

    async def remember(self, memory: ChatMemory) -> None:
        if memory == ChatMemory(chat=memory.chat):
            await self.memories.drop(memory.chat)
        else:
            await self.memories.keep(memory)

    def heard(self, message: int) -> None:
        """Somebody's message came, or went, with this id."""
        self.traces.newest = max(self.traces.newest, message)

    def owe(self, chat: int, messages: frozenset[int], *, unasked: bool = False) -> None:
        """These stand in the chat, which is to be noted."""
        owed = self.owed[chat]
        if unasked:
            owed.unasked |= messages
        else:
            owed.asked |= messages

    def owe_doubt(self, chat: int) -> None:
        """Something may stand in the chat whose id nobody was told: about now."""
        self.owed[chat].around |= {self.traces.newest}

    def claim(self, chat: int) -> frozenset[int]:
        """What was said in the chat and is not noted: whoever asks sees to it from now on."""
        asked, self.owed[chat].asked = self.owed[chat].asked, frozenset()
        return asked

    def forgive(self, chat: int) -> None:
        """The chat is staff's, of which nothing is noted."""
        self.owed.pop(chat, None)

    async def note(
        self,
        chat: int,
        new: frozenset[int],
        gone: frozenset[int] = frozenset(),
        *,
        unasked: bool = False,
    ) -> None:
        """Raises StoreUnavailable: it is owed then."""
        self.owe(chat, new, unasked=unasked)
        await self.pay(chat, gone)

    async def doubt(self, chat: int) -> None:
        """Raises StoreUnavailable: it is owed then."""
        self.owe_doubt(chat)
        await self.pay(chat)

    async def pay(self, chat: int, gone: frozenset[int] = frozenset()) -> None:
        """Raises StoreUnavailable."""
        async with self.turn:
            await self._pay(chat, gone)

    async def standing(self, chat: int) -> Standing:
        """Messages of this chat, and of others. Raises StoreUnavailable."""
        async with self.turn:
            await self._pay(chat)
            return await self.traces.of(chat)

    async def _pay(self, chat: int, gone: frozenset[int] = frozenset()) -> None:
        """What comes meanwhile is owed still."""
        owed = self.owed[chat]
        for around in sorted(owed.around):
            await self.traces.doubt(chat, around)
            owed.around -= {around}
        asked, unasked = owed.asked, owed.unasked
        await self.traces.note(chat, asked - gone, gone)
        owed.asked -= asked
        await self.traces.note(chat, unasked - gone, unasked=True)
        owed.unasked -= unasked
        if owed == Owed():
            self.owed.pop(chat, None)

    async def drop_expired(self) -> int:
        return await self.memories.drop_expired() + await self.traces.drop_expired()
