"""The books: which updates are unfinished, whose turn it is, and what may be confirmed.

Pure: only numbers, no clock, no loop, nothing of what anybody wrote.
"""

from collections import deque
from typing import NewType

UpdateId = NewType("UpdateId", int)
ChatId = NewType("ChatId", int)


class Lanes:
    """One lane a chat. The first update of a lane is being handled, the others wait behind it."""

    def __init__(self) -> None:
        self._unfinished: dict[UpdateId, ChatId | None] = {}
        self._finished: set[UpdateId] = set()
        self._waiting: dict[ChatId, deque[UpdateId]] = {}
        self._newest: UpdateId | None = None

    @property
    def offset(self) -> int | None:
        """The lowest unfinished id: what Telegram may be asked for without losing anything.

        When nothing is unfinished, one above the update taken in last (not the highest ever: after
        a quiet week Telegram begins its numbers anew). None before the first update.
        """
        if self._unfinished:
            return min(self._unfinished)
        return None if self._newest is None else self._newest + 1

    def knows(self, update: UpdateId) -> bool:
        """Whether it is in flight, or done and may yet be brought again."""
        return update in self._unfinished or update in self._finished

    def first_of(self, chat: ChatId) -> UpdateId | None:
        """Whose turn it is."""
        lane = self._waiting.get(chat)
        return lane[0] if lane else None

    def behind(self, chat: ChatId) -> tuple[UpdateId, ...]:
        """Those that wait behind the one whose turn it is, oldest first."""
        return tuple(self._waiting.get(chat, ()))[1:]

    def admit(self, update: UpdateId, chat: ChatId | None) -> bool:
        """Take in an unknown update; True if it is its turn now. No chat means no order to keep."""
        self._unfinished[update] = chat
        self._newest = update
        if chat is None:
            return True
        lane = self._waiting.setdefault(chat, deque())
        lane.append(update)
        return len(lane) == 1

    def finish(self, update: UpdateId) -> UpdateId | None:
        """Close the update whose turn it was; the next of its chat, if one waits."""
        chat = self._unfinished.pop(update)
        self._finished.add(update)
        if chat is None:
            return None
        lane = self._waiting[chat]
        lane.popleft()
        if lane:
            return lane[0]
        del self._waiting[chat]
        return None

    def forget(self, update: UpdateId) -> None:
        """It is done, and Telegram was told about this one alone (webhook)."""
        self._finished.discard(update)

    def forget_below(self, offset: int) -> None:
        """A poll with this offset was answered: what is lower is confirmed and cannot return.

        Not before: an update that ends while a poll is under way is in that poll's answer.
        """
        self._finished = {done for done in self._finished if done >= offset}
