"""The root of everything that can go wrong and be said to a person."""

from typing import ClassVar


class DomainError(Exception):
    """A refusal with a text key; the words live in the catalogues.

    `key` names the text; `params` fills its placeholders. Never put what a
    person wrote into `params`: errors reach the log, by key.
    """

    key: ClassVar[str] = "error.unexpected"

    def __init__(self, **params: object) -> None:
        super().__init__(self.key)
        self.params = params


class Outage(DomainError):
    """Something the product needs is away for now: what was asked may be asked again."""
