"""The python-telegram-bot application, put together as the intake needs it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from ssl import SSLContext
from typing import Any

from httpx import create_ssl_context
from telegram import Bot, Update
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter
from telegram.ext import Application, ApplicationBuilder, ExtBot, TypeHandler
from telegram.request import HTTPXRequest

from bot.telegram.front import Front
from bot.telegram.intake import Hooks, Intake, IntakeSettings, Patience, Processor, quiet_libraries
from bot.telegram.intake.handling import Log
from bot.telegram.intake.processor import AnyApplication
from bot.telegram.pacing import RetryAfterLimiter

CHATS_AT_ONCE = 64
"""Of those who talk with the bot; the outbox writes to as many more."""
LONGEST_PAUSE = 30.0


class TokenRefused(Exception):
    """Telegram does not know the token. An operator's matter: nobody is told in a chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The line to Telegram, before anybody answers it."""

    application: AnyApplication
    processor: Processor

    @property
    def bot(self) -> ExtBot[Any]:
        bot: ExtBot[Any] = self.application.bot
        return bot

    async def reach(self, log: Log) -> None:
        """Raises TokenRefused."""
        try:
            with token_known():
                await self.until_done(self.bot.initialize, log)
        except TokenRefused:
            await self.bot.request.shutdown()
            raise

    async def until_done(self, work: Callable[[], Awaitable[object]], log: Log) -> None:
        """Again and again until Telegram answers, however long it is away."""
        pause = 1.0
        while True:
            try:
                await work()
            except BadRequest:
                raise
            except (NetworkError, RetryAfter) as away:
                log("telegram.unreachable", error=type(away).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return

    def answered_by(
        self, front: Front, *, hooks: Hooks, log: Log, outages: tuple[type[Exception], ...]
    ) -> Intake:
        """`outages`: errors of our own world that pass by themselves."""
        self.application.add_handler(TypeHandler(Update, front.handle))
        intake = Intake(
            application=self.application,
            processor=self.processor,
            hooks=hooks,
            log=log,
            settings=IntakeSettings(patience=Patience(also_outages=outages)),
        )
        front.citizens.behind = intake.behind
        return intake


def open_line(token: str, api_url: str) -> Line:
    """`api_url` without a slash at its end; `/bot<token>/METHOD` is under it."""
    quiet_libraries()
    processor = Processor(concurrency=CHATS_AT_ONCE)
    builder: ApplicationBuilder = Application.builder()  # type: ignore[type-arg] # six parameters nobody reads
    application = (
        builder.bot(_bot(token, api_url)).updater(None).concurrent_updates(processor).build()
    )
    return Line(application=application, processor=processor)


def _bot(token: str, api_url: str) -> Bot:
    return ExtBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=_request(2 * CHATS_AT_ONCE + 8),
        get_updates_request=_request(2),
        rate_limiter=RetryAfterLimiter(),
    )


def _request(connections: int) -> HTTPXRequest:
    trusting = {"verify": _authorities()}
    return HTTPXRequest(connection_pool_size=connections, httpx_kwargs=trusting)


@cache
def _authorities() -> SSLContext:
    """Whom httpx trusts as it comes; to read them takes a twentieth of a second each time."""
    return create_ssl_context()


async def username_of(token: str, api_url: str) -> str | None:
    """The bot's name on Telegram; None when Telegram cannot be asked now.

    Raises TokenRefused.
    """
    quiet_libraries()
    bot = _bot(token, api_url)
    try:
        with token_known():
            async with bot:
                return bot.username
    except (NetworkError, RetryAfter):
        return None
    finally:
        await bot.request.shutdown()


@contextmanager
def token_known() -> Iterator[None]:
    """PTB's own refusal has the token in its words. Raises TokenRefused."""
    try:
        yield
    except InvalidToken:
        raise TokenRefused from None
