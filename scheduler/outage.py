"""Whether Telegram answers at all, so that an outage is met with patience and not with a storm."""

from dataclasses import dataclass
from datetime import datetime, timedelta

IN_A_ROW = 5
"""Messages nobody answered for, without one answer between them, that make an outage."""

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=1)


@dataclass(slots=True)
class Outage:
    unanswered: int = 0
    pauses: int = 0
    until: datetime | None = None

    def answered(self) -> None:
        self.unanswered, self.pauses, self.until = 0, 0, None

    def missed(self, now: datetime) -> datetime:
        """Until when whatever was not answered for waits: longer each time."""
        self.unanswered += 1
        if self.unanswered >= IN_A_ROW and not self.is_on(now):
            self.until = now + self._pause()
            self.pauses += 1
        return self.until or now + FIRST_PAUSE

    def is_on(self, now: datetime) -> bool:
        return self.until is not None and now < self.until

    def _pause(self) -> timedelta:
        doubled: int = 2 ** min(self.pauses, 10)
        return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
