"""The chat one person talks in, as a dialogue asks for it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Language(StrEnum):
    ENGLISH = "en"
    KISWAHILI = "sw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """`left` messages Telegram did not let the bot delete (older than 48 hours)."""

    left: int


class Chat(Protocol):
    """Bound to one chat; knows nothing of reports."""

    async def remember(self, *, language: Language, shared: bool) -> None: ...

    async def clear(self) -> Cleared:
        """Deletes every message of the last 48 hours, the person's and the bot's."""
        ...

    async def forget(self) -> None:
        """Drops whatever is kept for this chat, but not the ids `/clear` needs."""
        ...
