"""Cards that may show a citizen's only copy of a code. While the chat is in memory they are
its talk's; after a restart they stand alone, for thirty minutes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telegram import Bot

from bot.dialogue.screen import Text
from bot.telegram.card import AWAY, wipe
from bot.telegram.keeping import Keeping
from bot.texts.catalogue import Catalogues
from domain.chats.memory import ChatMemory
from domain.ports.chat import Language

EMPTIED = Text("card.emptied")


@dataclass(slots=True, kw_only=True)
class CodeCards:
    """`since`: when a chat with such cards was last heard, or the bot began."""

    bot: Bot
    keeping: Keeping
    catalogues: Catalogues
    log: Callable[..., None]
    since: dict[int, datetime] = field(default_factory=dict)

    def left(self, memory: ChatMemory, now: datetime) -> None:
        if memory.codes:
            self.since[memory.chat] = now

    async def empty(self, now: datetime, silence: timedelta) -> None:
        """Whoever finds the phone later sees no code. Telegram away: the next time."""
        for chat in [one for one, since in self.since.items() if now - since >= silence]:
            memory = await self.keeping.memories.of(chat)
            try:
                gone = await self.wiped(memory, memory.codes)
            except AWAY as away:
                self.log("telegram.unreachable", error=type(away).__name__)
                continue
            await self._emptied(chat, memory.codes | gone)

    async def _emptied(self, chat: int, cards: frozenset[int]) -> None:
        """Whoever spoke meanwhile has a talk, which sees to its own."""
        memory = await self.keeping.memories.of(chat)
        if self.since.pop(chat, None) is not None:
            await self.keeping.remember(memory.without(cards))

    async def wiped(self, memory: ChatMemory, cards: frozenset[int]) -> frozenset[int]:
        catalogue = self.catalogues.of(memory.language or Language.ENGLISH)
        return await wipe(self.bot, memory.chat, cards, catalogue, EMPTIED)
