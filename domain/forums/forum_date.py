"""The date of a forum, as exactly as it is known: a day, or only a month."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import total_ordering

_TEXT = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")


class DatePrecision(StrEnum):
    DAY = "day"
    MONTH = "month"


@total_ordering
@dataclass(frozen=True, slots=True, kw_only=True)
class ForumDate:
    """`day` is None where only the month is known; such a month sorts before its days."""

    year: int
    month: int
    day: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a day or month that no calendar has."""
        date(self.year, self.month, 1 if self.day is None else self.day)

    @classmethod
    def parse(cls, text: str) -> "ForumDate":
        """From "2025-05" or "2025-05-14". Raises ValueError."""
        found = _TEXT.fullmatch(text)
        if found is None:
            msg = "a date is YYYY-MM-DD or YYYY-MM"
            raise ValueError(msg)
        year, month, day = found.groups()
        return cls(year=int(year), month=int(month), day=int(day) if day else None)

    @property
    def precision(self) -> DatePrecision:
        return DatePrecision.MONTH if self.day is None else DatePrecision.DAY

    @property
    def text(self) -> str:
        """Like "2025-05" or "2025-05-14": what `parse` takes."""
        month = f"{self.year:04}-{self.month:02}"
        return month if self.day is None else f"{month}-{self.day:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, self.day or 1)

    @property
    def last(self) -> date:
        end = calendar.monthrange(self.year, self.month)[1]
        return date(self.year, self.month, self.day or end)

    def distance_to(self, day: date) -> int:
        """Days from the nearest day this date may mean; 0 inside the month."""
        return max((self.first - day).days, (day - self.last).days, 0)

    def __lt__(self, other: "ForumDate") -> bool:
        return self.text < other.text
