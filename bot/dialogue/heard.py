"""What a dialogue hears from a person. What it hears from the domain are the
domain's own values (`Sent`, `Checked`, …), or `Refused`.
"""

from dataclasses import dataclass, field

from domain.errors import DomainError


@dataclass(frozen=True, slots=True)
class Typed:
    """Free text, as written. A bot's command is `Commanded` instead."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    button: str


@dataclass(frozen=True, slots=True)
class Commanded:
    """`name` in lower case, without slash or bot name; `argument` stripped."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A sticker, a photo, a voice note …: `kind` is Telegram's word for it."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A photo or a file, which still lies with the channel: `handle` fetches it from there.
    `size` in bytes, where it is told; `caption` are words like any other.
    """

    kind: str
    handle: str = field(repr=False)
    size: int | None = None
    caption: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Expired:
    """Thirty minutes have passed in silence."""


@dataclass(frozen=True, slots=True)
class Restarted:
    """The bot was stopped while this person had unsent words; they are gone. Whether they
    were sent before only their code tells; `code_above`: a card that may show it still stands.
    """

    code_above: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """What was asked of the domain was refused."""

    error: DomainError


Heard = object
"""A person's act above, `Refused`, or the domain's answer to an ask."""
