"""Updates that wait for the bot, confirmed and forgotten by offset as Telegram does."""

import asyncio
from dataclasses import dataclass
from typing import Any

from sandbox.botapi.refusals import ConflictError, Why
from sandbox.clock import Clock
from sandbox.limits import Limits
from sandbox.signals import Signal

FIRST_UPDATE_ID = 700_000_001
KEPT_SECONDS = 24 * 60 * 60
LONGEST_POLL_SECONDS = 50
# A bot that asks again with the same offset is slowed down (Client.cpp, getUpdates).
REPEATED_SOON_SECONDS = 3
REPEATED_AT_ONCE_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    update_id: int
    chat_id: int
    kind: str
    payload: dict[str, Any]
    date: float

    def as_json(self) -> dict[str, Any]:
        return {"update_id": self.update_id, self.kind: self.payload}


class Updates:
    def __init__(self, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._limits = limits
        self._pending: dict[int, Update] = {}
        self._next_id = FIRST_UPDATE_ID
        self._poll: asyncio.Future[None] | None = None
        self._last_offset: int | None = None
        self._last_asked = 0.0
        self.allowed: tuple[str, ...] = ()
        self.arrived = Signal()

    def add(self, kind: str, chat_id: int, payload: dict[str, Any]) -> int | None:
        """The update's id; None where the bot does not want its kind."""
        if self.allowed and kind not in self.allowed:
            return None
        update = Update(
            update_id=self._next_id,
            chat_id=chat_id,
            kind=kind,
            payload=payload,
            date=self._clock.now(),
        )
        self._next_id += 1
        self._pending[update.update_id] = update
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        self.arrived.give()
        return update.update_id

    def pending(self) -> list[Update]:
        """Oldest first; Telegram keeps none for more than 24 hours."""
        oldest = self._clock.now() - KEPT_SECONDS
        self._pending = {i: u for i, u in self._pending.items() if u.date >= oldest}
        return list(self._pending.values())

    def confirm(self, update_id: int) -> None:
        self._pending.pop(update_id, None)

    def clear(self) -> None:
        self._pending.clear()

    def reset(self) -> None:
        """Forgets everything but how far the ids went: a bot that polls keeps its offset."""
        self._pending.clear()
        self.allowed = ()
        self._last_offset = None
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def end_poll(self, why: Why) -> None:
        """A poll that waits is answered with a conflict."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(ConflictError(why))
        self._poll = None

    async def fetch(self, *, offset: int, limit: int, timeout_seconds: int) -> list[Update]:
        """What is pending from `offset` on; what lies before it is confirmed and forgotten.

        Raises:
            ConflictError: another fetch, or a webhook, ended this one while it waited.
        """
        self.end_poll(Why.POLL_TERMINATED)
        limit, timeout_seconds = self._slowed(offset, limit, timeout_seconds)
        self._forget(offset)
        batch = self.pending()[:limit]
        if batch or timeout_seconds <= 0:
            return batch
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(min(timeout_seconds, LONGEST_POLL_SECONDS)):
                await poll
        except TimeoutError:
            return []
        finally:
            if self._poll is poll:
                self._poll = None
        return self.pending()[:limit]

    def _slowed(self, offset: int, limit: int, timeout_seconds: int) -> tuple[int, int]:
        now, last = self._clock.steady(), self._last_asked
        repeated = self._limits.on and offset == self._last_offset
        self._last_offset, self._last_asked = offset, now
        if repeated and now < last + REPEATED_SOON_SECONDS:
            timeout_seconds = max(timeout_seconds, REPEATED_SOON_SECONDS)
        if repeated and now < last + REPEATED_AT_ONCE_SECONDS:
            limit = 1
        return limit, timeout_seconds

    def _forget(self, offset: int) -> None:
        """A negative offset keeps that many of the newest."""
        if offset < 0:
            self._pending = dict(list(self._pending.items())[offset:])
        elif offset > 0:
            self._pending = {i: u for i, u in self._pending.items() if i >= offset}
