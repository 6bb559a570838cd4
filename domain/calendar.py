"""Kenyan working days: Monday to Friday without public holidays, by Nairobi's calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache

import holidays

NAIROBI = timezone(timedelta(hours=3), "Africa/Nairobi")
"""East Africa Time; no daylight saving since it was fixed in 1960."""

_SATURDAY = 5
_DAY = timedelta(days=1)


@cache
def _public_holidays(year: int) -> frozenset[date]:
    """Public Holidays Act, Cap. 110, with the Monday after a holiday that falls on a Sunday."""
    return frozenset(holidays.country_holidays("KE", years=year))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """`proclaimed` are holidays gazetted later: elections, mourning, and each year Idd-ul-Azha."""

    proclaimed: frozenset[date] = frozenset()

    def day_of(self, moment: datetime) -> date:
        """The day it is in Nairobi. Raises ValueError for a moment without a time zone."""
        if moment.tzinfo is None:
            msg = "a moment needs a time zone"
            raise ValueError(msg)
        return moment.astimezone(NAIROBI).date()

    def is_working_day(self, day: date) -> bool:
        return (
            day.weekday() < _SATURDAY
            and day not in self.proclaimed
            and day not in _public_holidays(day.year)
        )

    def add_working_days(self, start: date, n: int) -> date:
        """The n-th working day after `start`, which itself never counts; `start` if n is 0.

        Raises ValueError for a negative n.
        """
        if n < 0:
            msg = "working days are counted forward"
            raise ValueError(msg)
        day = start
        while n > 0:
            day += _DAY
            n -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative if `end` comes first."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + timedelta(days=ahead) for ahead in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)
