"""One update from its arrival to its end: in its turn, tried again, or in the end set aside."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from telegram import Update
from telegram.error import RetryAfter

from bot.telegram.intake.ordering import ChatId, Lanes, UpdateId
from bot.telegram.intake.poison import Patience, Tries
from bot.telegram.intake.processor import AnyApplication, Processor

HOOK_LIMIT = 10.0


class Log(Protocol):
    """Gets names of events, of error classes and counts: never an id, never a word."""

    def __call__(self, event: str, **fields: object) -> None: ...


async def nothing(_number: int) -> None:
    """The hook of an app that wants none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What the app does when an update is given up. Ten seconds each; a failure is only logged."""

    on_set_aside: Callable[[int], Awaitable[None]] = nothing
    """Gets the update id, before the update can be confirmed."""
    on_failed: Callable[[int], Awaitable[None]] = nothing
    """Gets the chat id, to tell the person in one calm line; before the chat's next update."""


@dataclass(slots=True, kw_only=True)
class _Case:
    """`told_to_wait`: Telegram asked for patience at the last try. `hurried`: it was tried
    again before its time, which happens once.
    """

    update: Update
    chat: ChatId | None
    done: asyncio.Future[None]
    tries: Tries
    retry: asyncio.TimerHandle | None = None
    told_to_wait: bool = False
    hurried: bool = False


class Handling:
    def __init__(
        self,
        *,
        application: AnyApplication,
        processor: Processor,
        patience: Patience,
        hooks: Hooks,
        log: Log,
        on_own_fault: Callable[[Exception], None],
    ) -> None:
        self._queue = application.update_queue
        self._processor = processor
        self._patience = patience
        self._hooks = hooks
        self._log = log
        self._on_own_fault = on_own_fault
        self._lanes = Lanes()
        self._cases: dict[UpdateId, _Case] = {}
        self._closed = False
        self.set_aside = 0
        processor.join(application, self._settle)

    @property
    def offset(self) -> int | None:
        return self._lanes.offset

    @property
    def unfinished(self) -> Mapping[int, asyncio.Future[None]]:
        """By update id, what is done when the update is."""
        return {update_id: case.done for update_id, case in self._cases.items()}

    def behind(self, chat: int) -> tuple[Update, ...]:
        """What follows at once the update of this chat that is being handled, oldest first.
        Nothing while closing.
        """
        if self._closed:
            return ()
        return tuple(self._cases[update].update for update in self._lanes.behind(ChatId(chat)))

    def accept(self, update: Update) -> asyncio.Future[None]:
        """Done when the update is processed or set aside; cancelled when the intake stops before.

        An update that is in flight already is not taken twice: it gets the future of the first.
        """
        update_id = UpdateId(update.update_id)
        if (known := self._cases.get(update_id)) is not None:
            return known.done
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._closed:
            done.cancel()
        elif self._lanes.knows(update_id):
            done.set_result(None)
        else:
            chat = chat_of(update)
            case = _Case(update=update, chat=chat, done=done, tries=Tries())
            self._cases[update_id] = case
            if self._lanes.admit(update_id, chat):
                self._start(case)
            elif chat is not None:
                self._hurry(chat)
        return done

    def confirmed_below(self, offset: int) -> None:
        self._lanes.forget_below(offset)

    def confirmed(self, update_id: int) -> None:
        self._lanes.forget(UpdateId(update_id))

    async def refuse(self, update_id: int) -> None:
        """Set aside at once what nobody could read, without holding up anything."""
        unread = UpdateId(update_id)
        if not self._closed and not self._lanes.knows(unread):
            self._lanes.admit(unread, None)
            await self._record(unread)
            self._lanes.finish(unread)

    async def close(self, limit: float) -> None:
        """Begin nothing more and drain; what remains is unconfirmed, and comes again."""
        self._closed = True
        for case in self._cases.values():
            if case.retry is not None:
                case.retry.cancel()
        cut_off = await self._processor.drain(limit)
        self._log("intake.drained", cut_off=cut_off, left=len(self._cases))
        for case in self._cases.values():
            case.done.cancel()

    def _hurry(self, chat: ChatId) -> None:
        """Who waits because Telegram asked for it may leave the telling to the newcomer."""
        first = self._lanes.first_of(chat)
        case = self._cases[first] if first is not None else None
        if case is None or case.retry is None or case.hurried or not case.told_to_wait:
            return
        case.hurried = True
        case.retry.cancel()
        self._start(case)

    def _start(self, case: _Case) -> None:
        case.retry = None
        if not self._closed:
            self._queue.put_nowait(case.update)

    async def _settle(self, update_id: UpdateId, error: Exception | None) -> None:
        try:
            await self._conclude(update_id, error)
        except Exception as fault:  # noqa: BLE001 - PTB would swallow it, and the chat stand still
            self._on_own_fault(fault)

    async def _conclude(self, update_id: UpdateId, error: Exception | None) -> None:
        case = self._cases[update_id]
        if error is not None:
            case.tries = self._patience.count(case.tries, error)
            pause = self._patience.pause(case.tries, error)
            outage = self._patience.is_outage(error)
            self._log("update.failed", error=type(error).__name__, outage=outage)
            if pause is not None:
                if not self._closed:
                    case.told_to_wait = isinstance(error, RetryAfter)
                    loop = asyncio.get_running_loop()
                    case.retry = loop.call_later(pause, self._start, case)
                return
            await self._record(update_id)
            if case.chat is not None:
                await self._call(self._hooks.on_failed, case.chat)
        self._finish(update_id)

    def _finish(self, update_id: UpdateId) -> None:
        self._cases.pop(update_id).done.set_result(None)
        following = self._lanes.finish(update_id)
        if following is not None:
            self._start(self._cases[following])

    async def _record(self, update_id: UpdateId) -> None:
        self.set_aside += 1
        self._log("update.set_aside", total=self.set_aside)
        await self._call(self._hooks.on_set_aside, update_id)

    async def _call(self, hook: Callable[[int], Awaitable[None]], number: int) -> None:
        try:
            async with asyncio.timeout(HOOK_LIMIT):
                await hook(number)
        except Exception as error:  # noqa: BLE001 - a hook's fault may not hold up the chat
            self._log("intake.hook_failed", error=type(error).__name__)


def chat_of(update: Update) -> ChatId | None:
    """The chat, or the person where there is none (their private chat has the same number)."""
    if update.effective_chat is not None:
        return ChatId(update.effective_chat.id)
    if update.effective_user is not None:
        return ChatId(update.effective_user.id)
    return None
