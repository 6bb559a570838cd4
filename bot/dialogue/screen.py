"""What a person sees: channel-neutral. The words themselves live in the catalogues."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from domain.reports.files import CleanFile

NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Text:
    """A text key and what fills its placeholders. A parameter may be a `Text`
    itself, translated in its turn; a `date` is written in the person's language,
    a `ForumDate` as exactly as it is known.
    `count` chooses the plural.
    """

    key: str
    params: Mapping[str, object] = field(default_factory=lambda: NOTHING)
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Words that are nobody's text: what a citizen wrote, shown to a moderator."""

    words: str


@dataclass(frozen=True, slots=True)
class Button:
    """`press` comes back as `Pressed(press)`: at most 64 bytes, and never a secret
    of the code.
    """

    press: str
    label: Text


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One card. Paragraphs stand apart by an empty line.

    `protect`: Telegram shall refuse copying and forwarding. `opened`: shows a
    report's words, so the message is deleted on lock. `brief`: deletes itself after so
    long. `keep`: stays in the chat; what comes next is a message of its own.
    `untaken`: the message just heard could not be taken, and must not be deleted.
    `toast`: said over the card, once, and gone. `files` come below the card, and stay while
    cards are shown that are `about` the same.
    """

    paragraphs: tuple[Text | Verbatim, ...]
    rows: Rows = ()
    protect: bool = True
    opened: bool = False
    brief: timedelta | None = None
    keep: bool = False
    untaken: bool = False
    toast: Text | None = None
    about: str | None = None
    files: tuple[CleanFile, ...] = field(default=(), repr=False)
