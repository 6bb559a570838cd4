"""Runs one try of one update through PTB's handlers, and tells how it ended."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import Application, BaseUpdateProcessor, CallbackContext, TypeHandler

from bot.telegram.intake.ordering import UpdateId

AnyApplication = Application[Any, Any, Any, Any, Any, Any]
AnyContext = CallbackContext[Any, Any, Any, Any]
Settle = Callable[[UpdateId, Exception | None], Awaitable[None]]

BEFORE_ALL_GROUPS = -(2**31)
AFTER_CANCELLING = 1.0


class HandlersNotReached(Exception):
    """PTB gave up before the first handler: where a context cannot be built it only logs."""


class HandlerCancelledItself(Exception):
    """A handler let the cancellation of something it awaited through; PTB would not tell."""


class Processor(BaseUpdateProcessor):
    """At most `concurrency` tries at once, none longer than `time_limit` seconds.

    Order is not kept here: `handling` offers an update only when it is its turn, so that a waiting
    one takes no place. Longer than the limit counts as a fault, as a handler that hangs would
    otherwise keep everything behind it unconfirmed for ever.
    """

    def __init__(self, *, concurrency: int = 64, time_limit: float = 60.0) -> None:
        if concurrency < 2:  # noqa: PLR2004 - one would let a slow chat hold up all the others
            raise ValueError(concurrency)
        super().__init__(concurrency)
        self._time_limit = time_limit
        self._running: dict[UpdateId, asyncio.Task[Any]] = {}
        self._reached: set[UpdateId] = set()
        self._errors: dict[UpdateId, Exception] = {}
        self._settle: Settle | None = None
        self._closed = False

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release: `drain` has run before."""

    def join(self, application: AnyApplication, settle: Settle) -> None:
        """Listen to the application's handlers and errors; `settle` hears how each try ended."""
        self._settle = settle
        application.add_handler(
            TypeHandler(Update, self._note_reached, block=True), group=BEFORE_ALL_GROUPS
        )
        application.add_error_handler(self._note_error, block=True)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        if self._closed:  # it waited for a place until the intake was stopped; it comes again
            if isinstance(coroutine, Coroutine):
                coroutine.close()
            return
        if not isinstance(update, Update) or self._settle is None:
            await coroutine
            return
        update_id = UpdateId(update.update_id)
        task = asyncio.current_task()
        assert task is not None
        self._running[update_id] = task
        try:
            await self._settle(update_id, await self._try(update_id, coroutine))
        finally:
            del self._running[update_id]

    async def drain(self, limit: float) -> int:
        """Begin nothing more, let what runs end within `limit` seconds; how many were cut off."""
        self._closed = True
        if not self._running:
            return 0
        _, late = await asyncio.wait(self._running.values(), timeout=limit)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=AFTER_CANCELLING)
        return len(late)

    async def _try(self, update_id: UpdateId, coroutine: Awaitable[Any]) -> Exception | None:
        try:
            async with asyncio.timeout(self._time_limit):
                await coroutine
        except TimeoutError as late:
            return late
        except asyncio.CancelledError:
            if self._running[update_id].cancelling():  # by `drain`
                raise
            return HandlerCancelledItself()
        else:
            if update_id not in self._reached:
                return HandlersNotReached()
            return self._errors.get(update_id)
        finally:
            self._reached.discard(update_id)
            self._errors.pop(update_id, None)

    async def _note_reached(self, update: Update, _context: AnyContext) -> None:
        self._reached.add(UpdateId(update.update_id))

    async def _note_error(self, update: object, context: AnyContext) -> None:
        if isinstance(update, Update) and context.error is not None:
            update_id = UpdateId(update.update_id)
            if update_id in self._running:
                self._errors.setdefault(update_id, context.error)
