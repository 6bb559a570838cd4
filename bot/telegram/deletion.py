"""Deleting messages of a chat, the newest first, of which Telegram refuses the too old."""

from dataclasses import dataclass, field

from telegram import Bot
from telegram.error import BadRequest, Forbidden

GONE = "not found"

MOST_REFUSED = 20
"""Of one `/clear`: behind as many that are too old, hardly any is not."""


@dataclass(slots=True, kw_only=True)
class Deletion:
    """`gone`: those that do not stand any more, and those of other chats, which Telegram passes
    over; also where `of` raises. `refused`: those it does not let go (older than 48 hours).
    """

    bot: Bot
    chat: int
    most_refused: int
    gone: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)

    @property
    def whole(self) -> bool:
        """Whether Telegram was asked for all of them."""
        return len(self.refused) < self.most_refused

    async def of(self, messages: frozenset[int]) -> None:
        """Until too many were refused. A bot that is blocked deletes nothing more.

        Raises NetworkError, RetryAfter.
        """
        ordered = sorted(messages, reverse=True)
        try:
            for start in range(0, len(ordered), 100):
                await self._deleted(ordered[start : start + 100])
        except Forbidden:
            return

    async def _deleted(self, some: list[int]) -> None:
        """One message too old stops all the others: then each half alone."""
        if not self.whole:
            return
        try:
            await self.bot.delete_messages(self.chat, some)
        except BadRequest:
            if len(some) == 1:
                one = some[0]
                (self.gone if await self._deleted_alone(one) else self.refused).add(one)
                return
            half = len(some) // 2
            await self._deleted(some[:half])
            await self._deleted(some[half:])
        else:
            self.gone.update(some)

    async def _deleted_alone(self, message: int) -> bool:
        try:
            return await self.bot.delete_message(self.chat, message)
        except BadRequest as refused:
            return GONE in refused.message.lower()


async def delete(bot: Bot, chat: int, messages: frozenset[int]) -> frozenset[int]:
    """Those that are gone now. What Telegram refuses stays.

    Raises NetworkError, RetryAfter.
    """
    deletion = Deletion(bot=bot, chat=chat, most_refused=len(messages) + 1)
    await deletion.of(messages)
    return frozenset(deletion.gone)
