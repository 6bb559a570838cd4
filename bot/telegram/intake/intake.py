"""The house around the two doors: what the app starts and stops."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.routing import Route
from telegram import Update
from telegram.ext import ExtBot

from bot.telegram.intake.fetcher import Fetcher
from bot.telegram.intake.handling import Handling, Hooks, Log
from bot.telegram.intake.poison import Patience
from bot.telegram.intake.processor import AnyApplication, Processor
from bot.telegram.intake.quiet import quiet_libraries
from bot.telegram.intake.webhook import Webhook


class BackgroundHandlerRefused(Exception):
    """A handler with `block=False` ends after its update was confirmed: it could lose it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSettings:
    """All times in seconds; `max_body_size` in bytes (Telegram's updates are far smaller)."""

    allowed_updates: tuple[str, ...] = (
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    )
    long_poll: int = 30
    glance: float = 0.6
    """Telegram shows a single update to who asks with the same offset within half a second."""
    first_backoff: float = 1.0
    drain: float = 10.0
    max_body_size: int = 1_000_000
    patience: Patience = field(default_factory=Patience)
    jitter: Callable[[], float] = random.random
    """Between 0 and 1."""


class Intake:
    """Needs an application built with `updater(None)` and `concurrent_updates(processor)`."""

    def __init__(
        self,
        *,
        application: AnyApplication,
        processor: Processor,
        log: Log,
        hooks: Hooks | None = None,
        settings: IntakeSettings | None = None,
    ) -> None:
        if application.updater is not None or application.update_processor is not processor:
            raise ValueError(application)
        self._application = application
        self._bot = application.bot
        self._log = log
        self._settings = settings or IntakeSettings()
        self._stop = asyncio.Event()
        self._fault: Exception | None = None
        self._handling = Handling(
            application=application,
            processor=processor,
            patience=self._settings.patience,
            hooks=hooks or Hooks(),
            log=log,
            on_own_fault=self._break,
        )

    @property
    def set_aside(self) -> int:
        """How many updates were given up since the start."""
        return self._handling.set_aside

    def behind(self, chat: int) -> tuple[Update, ...]:
        """The updates of the chat that follow at once the one that is being handled."""
        return self._handling.behind(chat)

    def stop(self) -> None:
        """May be called from a signal handler, and more than once."""
        self._stop.set()

    async def run(self) -> None:
        """Poll until `stop`, drain, confirm what is done.

        Raises InvalidToken, and any fault of the intake itself (or of the log it was given).
        """
        self._prepare()
        settings = self._settings
        fetcher = Fetcher(
            bot=self._bot,
            handling=self._handling,
            allowed_updates=settings.allowed_updates,
            long_poll=settings.long_poll,
            glance=settings.glance,
            first_backoff=settings.first_backoff,
            jitter=settings.jitter,
            log=self._log,
        )
        polling = asyncio.create_task(fetcher.poll())
        polling.add_done_callback(lambda _: self.stop())
        try:
            await self._stop.wait()
        finally:
            polling.cancel()
            await asyncio.wait([polling])
            await self._handling.close(settings.drain)
        if not polling.cancelled():
            polling.result()
        await fetcher.confirm()
        self._raise_own_fault()

    def webhook(self, *, path: str, secret: str) -> Route:
        """A route for the app's own server; `attend` goes with it."""
        webhook = Webhook(
            bot=self._bot,
            handling=self._handling,
            secret=secret,
            log=self._log,
        )
        return webhook.route(path, self._settings.max_body_size)

    async def attend(self) -> None:
        """Webhook mode: until `stop`, then drain; requests left over hear 503 and come again."""
        self._prepare()
        try:
            await self._stop.wait()
        finally:
            await self._handling.close(self._settings.drain)
        self._raise_own_fault()

    def _break(self, fault: Exception) -> None:
        self._fault = self._fault or fault
        self.stop()

    def _raise_own_fault(self) -> None:
        if self._fault is not None:
            raise self._fault

    def _prepare(self) -> None:
        quiet_libraries()
        defaults = self._bot.defaults if isinstance(self._bot, ExtBot) else None
        handlers = [one for group in self._application.handlers.values() for one in group]
        if (defaults and not defaults.block) or not all(one.block for one in handlers):
            raise BackgroundHandlerRefused
