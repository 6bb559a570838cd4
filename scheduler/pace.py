"""Telegram's limits for what a bot sends: 30 a second in all, one a second in one chat
(core.telegram.org/bots/faq, "hitting limits").
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

A_SECOND = 30
"""In all. Who talks with the bot meanwhile may hear a 429 behind it, which waits a second."""

CHAT_RESTS = 1.0
"""Seconds between two messages to one chat."""


@dataclass(slots=True, kw_only=True)
class Pace:
    """Seconds of a steady clock. `chats`: when each may be sent to again."""

    steady: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    free: float = 0.0
    chats: dict[int, float] = field(default_factory=dict)

    async def turn(self, chat: int) -> None:
        """Returns when it is this chat's turn. One caller a chat at a time."""
        await self._until(self.chats.get(chat, 0.0))
        slot = max(self.free, self.steady())
        self.free = slot + 1 / A_SECOND
        await self._until(slot)

    def sent(self, chat: int) -> None:
        now = self.steady()
        self.chats = {one: at for one, at in self.chats.items() if at > now}
        self.chats[chat] = now + CHAT_RESTS

    async def _until(self, moment: float) -> None:
        wait = moment - self.steady()
        if wait > 0:
            await self.sleep(wait)
