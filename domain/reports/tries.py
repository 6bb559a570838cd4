"""Wrong codes: a few a minute from one chat, and no more. In memory only, and never the code."""

from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.errors import DomainError
from domain.ports.sealing import CodeRefused

MOST = 6
WITHIN = timedelta(minutes=1)


class TooManyTries(DomainError):
    """Too many wrong codes from this chat just now. Nothing was tried this time."""

    key = "error.too_many_tries"


@dataclass(slots=True)
class Tries:
    """When each chat tried a wrong code of late; who tried last stands last."""

    _wrong: dict[int, deque[datetime]] = field(default_factory=dict)

    @contextmanager
    def counted(self, chat: int, now: datetime) -> Iterator[None]:
        """Around one try: a refused code counts, a right one begins the count anew.

        Raises TooManyTries before the try.
        """
        self._forget(now)
        if len(self._of_late(chat, now)) >= MOST:
            raise TooManyTries
        try:
            yield
        except CodeRefused:
            wrong = self._of_late(chat, now)
            wrong.append(now)
            self._wrong.pop(chat, None)
            self._wrong[chat] = wrong
            raise
        self._wrong.pop(chat, None)

    def of(self, chat: int) -> "ChatTries":
        return ChatTries(book=self, chat=chat)

    def _of_late(self, chat: int, now: datetime) -> deque[datetime]:
        return deque(at for at in self._wrong.get(chat, ()) if now - at < WITHIN)

    def _forget(self, now: datetime) -> None:
        """Chats whose last wrong try is a minute old."""
        while self._wrong:
            chat = next(iter(self._wrong))
            if now - self._wrong[chat][-1] < WITHIN:
                return
            del self._wrong[chat]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTries:
    """Those of one chat."""

    book: Tries = field(default_factory=Tries)
    chat: int = 0

    def counted(self, now: datetime) -> AbstractContextManager[None]:
        """Raises TooManyTries before the try."""
        return self.book.counted(self.chat, now)
