"""Help lines a citizen can call; this bot is not rescue."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from domain.errors import DomainError

HelpLineKey = NewType("HelpLineKey", str)


class HelpLineRefused(DomainError):
    """A line without a number, or one whose confirmation has no known word."""

    key = "error.help_line_refused"


class Confirmed(StrEnum):
    """How much of the line the reference file says was confirmed."""

    ALL = "yes"
    NUMBER_ONLY = "number only"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLine:
    """`number` is as people write it ("999 / 112 / 911", "1547 (SMS)"), not one to dial blindly.

    `hours` and `note` are empty where nothing is known.
    """

    key: HelpLineKey
    name: str
    number: str
    hours: str
    note: str
    confirmed: Confirmed

    def __post_init__(self) -> None:
        if not any(letter.isdigit() for letter in self.number):
            raise HelpLineRefused(line=self.key)


def parse_help_line(
    *, key: str, name: str, number: str, hours: str, note: str, confirmed: str
) -> HelpLine:
    """Raises HelpLineRefused."""
    if confirmed not in set(Confirmed):
        raise HelpLineRefused(line=key)
    return HelpLine(
        key=HelpLineKey(key),
        name=name,
        number=number,
        hours=hours,
        note=note,
        confirmed=Confirmed(confirmed),
    )
