"""A refusal as a line on a card: its text key, and words of our lists said by their names."""

from enum import StrEnum

from bot.dialogue.named import GROUPS, named
from bot.dialogue.screen import Text
from domain.errors import DomainError


def told(refusal: DomainError) -> Text:
    return Text(refusal.key, {name: _said(value) for name, value in refusal.params.items()})


def _said(value: object) -> object:
    return named(value) if isinstance(value, StrEnum) and type(value) in GROUPS else value
