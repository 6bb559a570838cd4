"""A promise made at a forum, as a source reported it."""

import hashlib
from dataclasses import dataclass

from domain.forums.forum_date import ForumDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """Texts as published. `date` is "2025-12-02" or only "2025"; what nobody said is None.

    `proof` is what would count as kept, `source` who reported the promise.
    """

    made_at: str
    date: str
    office: str
    promise: str
    due: str | None
    proof: str | None
    source: str

    @property
    def key(self) -> str:
        """The same words of the same office on the same occasion are one promise."""
        told = f"{self.made_at}\n{self.date}\n{self.office}\n{self.promise}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    @property
    def known_date(self) -> ForumDate | str:
        """A day or a month to be said in any language; else as published."""
        try:
            return ForumDate.parse(self.date)
        except ValueError:
            return self.date
