"""The chat one person talks in, as a dialogue asks for it."""

import re
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self

_CODE = re.compile(r"[a-z]{2,3}")


class Language(str):
    """By its code, "sw". Which languages are spoken, the catalogues say; English and
    Kiswahili always are. Raises ValueError where it is no code.
    """

    __slots__ = ()
    ENGLISH: ClassVar["Language"]
    KISWAHILI: ClassVar["Language"]

    def __new__(cls, code: str) -> Self:
        if not _CODE.fullmatch(code):
            raise ValueError(code)
        return super().__new__(cls, code)


Language.ENGLISH = Language("en")
Language.KISWAHILI = Language("sw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """`left` messages Telegram did not let the bot delete (older than 48 hours). `whole`: whether
    the bot remembers all that came since.
    """

    left: int
    whole: bool = True


class Chat(Protocol):
    """Bound to one chat; knows nothing of reports."""

    async def remember(self, *, language: Language, shared: bool) -> None: ...

    async def fetch(self, handle: str, size: int | None) -> bytes:
        """A file somebody has sent here, in memory alone. Raises FileTooBig, FilesAtRest."""
        ...

    async def clear(self) -> Cleared:
        """Deletes every message of the last 48 hours, the person's and the bot's."""
        ...

    async def forget(self) -> None:
        """Drops whatever is kept for this chat, but not the ids `/clear` needs."""
        ...
