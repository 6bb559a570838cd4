"""Long polling that confirms nothing before it is done.

Telegram knows one mark only, the offset: all below it is confirmed and gone. We send the lowest
unfinished id, so everything from there on comes again at every poll (at once, without waiting) and
what is in flight is skipped. Hence three rules:

1. While something is unfinished, wait for it before polling again, but never longer than a
   `glance`: so late can a newcomer be seen, and so often the same updates travel again.
2. Telegram shows at most 100 updates from the offset on. When it showed 100 and the first of them
   is unfinished, another poll could only bring the same: wait for that one.
3. So a slow update holds up nobody among the 99 behind it, and everybody after them until it ends.
   That is the price of losing nothing without writing people's words to disk; the processor's time
   limit and the bounds of `Patience` make sure that it ends.

One chat could fill the 100 by itself. So whoever handles asks `Handling.behind`: of a burst, all
but the last cost no call of Telegram.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.telegram.intake.handling import Handling, Log
from bot.telegram.intake.poison import seconds_asked

WINDOW = 100
LONGEST_BACKOFF = 30.0
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError)


class Fetcher:
    def __init__(
        self,
        *,
        bot: Bot,
        handling: Handling,
        allowed_updates: Sequence[str],
        long_poll: int,
        glance: float,
        first_backoff: float,
        jitter: Callable[[], float],
        log: Log,
    ) -> None:
        self._bot = bot
        self._handling = handling
        self._allowed_updates = tuple(allowed_updates)
        self._long_poll = long_poll
        self._glance = glance
        self._first_backoff = first_backoff
        self._jitter = jitter
        self._log = log

    async def poll(self) -> None:
        """Until cancelled. Raises InvalidToken, as no waiting mends that."""
        failures = 0
        while True:
            try:
                shown = await self._fetch()
            except InvalidToken:
                self._log("intake.token_refused")
                raise
            except TelegramError as error:
                await asyncio.sleep(self._backoff(failures, error))
                failures += 1
            else:
                failures = 0
                await self._wait_before_next(shown)

    async def confirm(self) -> None:
        """Tell Telegram at the end what is done: never beyond an unfinished update."""
        if self._handling.offset is None:
            return
        try:
            await self._bot.get_updates(
                offset=self._handling.offset,
                limit=1,
                timeout=0,
                allowed_updates=self._allowed_updates,
            )
        except (TelegramError, *UNREADABLE) as error:
            self._log("intake.last_confirmation_failed", error=type(error).__name__)

    async def _fetch(self) -> list[int]:
        """Take in what Telegram shows; the ids it showed."""
        offset = self._handling.offset
        shown = await self._take_in(offset)
        if offset is not None:
            self._handling.confirmed_below(offset)
        return shown

    async def _take_in(self, offset: int | None) -> list[int]:
        timeout = 0 if self._handling.unfinished else self._long_poll
        try:
            updates = await self._bot.get_updates(
                offset=offset,
                limit=WINDOW,
                timeout=timeout,
                allowed_updates=self._allowed_updates,
            )
        except UNREADABLE:
            return await self._fetch_one_by_one(offset)
        for update in updates:
            self._handling.accept(update)
        return [update.update_id for update in updates]

    async def _fetch_one_by_one(self, offset: int | None) -> list[int]:
        """PTB drops all 100 where it cannot read one: read each alone, set aside the unreadable.

        Telegram takes a method's name in any case; PTB gives raw answers only for names it does
        not know as its own.
        """
        wanted = {"offset": offset, "limit": WINDOW, "allowed_updates": self._allowed_updates}
        raw: list[dict[str, Any]] = await self._bot.do_api_request(
            "getupdates", api_kwargs={key: value for key, value in wanted.items() if value}
        )
        for one in raw:
            try:
                update = Update.de_json(one, self._bot)
            except UNREADABLE:
                await self._handling.refuse(one["update_id"])
            else:
                self._handling.accept(update)
        return [one["update_id"] for one in raw]

    async def _wait_before_next(self, shown: list[int]) -> None:
        unfinished = self._handling.unfinished
        if unfinished:
            await asyncio.wait(unfinished.values(), timeout=self._glance)
        if len(shown) == WINDOW and (first := self._handling.unfinished.get(shown[0])):
            await asyncio.wait([first])

    def _backoff(self, failures: int, error: TelegramError) -> float:
        """Seconds: doubling from the first to 30, each shortened by up to half at random."""
        if isinstance(error, Conflict):
            self._log("intake.another_poller_or_webhook", failures=failures + 1)
        else:
            self._log("intake.poll_failed", error=type(error).__name__, failures=failures + 1)
        if isinstance(error, RetryAfter):
            return seconds_asked(error)
        whole = min(LONGEST_BACKOFF, self._first_backoff * 2.0 ** min(failures, 10))
        return whole * (1.0 - self._jitter() / 2.0)
