"""The real clock, one set by hand, and the real dice."""

import os
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class SystemClock:
    zone: ZoneInfo

    def now(self) -> datetime:
        return datetime.now(self.zone)


@dataclass(frozen=True, slots=True)
class StandingClock:
    """It is this moment, and stays so."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


class SystemEntropy:
    def token(self, size: int) -> bytes:
        return os.urandom(size)
