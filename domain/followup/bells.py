"""When things happen: moments that follow from the clock alone, so that a missed one is known."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class Bell(Protocol):
    def latest(self, now: datetime) -> datetime:
        """The last moment at or before `now`, in the zone of `now`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Often:
    """Every so many minutes of an hour, and so many past it."""

    minutes: int
    past: int = 0

    def latest(self, now: datetime) -> datetime:
        since = timedelta(minutes=(now.minute - self.past) % self.minutes)
        return now.replace(second=0, microsecond=0) - since


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    at: time

    def latest(self, now: datetime) -> datetime:
        moment = _at(now, self.at)
        return moment if moment <= now else _at(now - DAY, self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """`weekday`: 0 is Monday."""

    weekday: int
    at: time

    def latest(self, now: datetime) -> datetime:
        moment = _at(now - DAY * ((now.weekday() - self.weekday) % 7), self.at)
        return moment if moment <= now else moment - WEEK


def _at(now: datetime, at: time) -> datetime:
    return now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
