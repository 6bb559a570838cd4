import time
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import time as time_of_day


class Clock:
    """The sandbox's time: the machine's, plus what it was moved forward by. `zone` and
    `window`: where and when the bot sends what it sends at a fixed hour.
    """

    def __init__(self, zone: tzinfo = UTC, window: time_of_day = time_of_day(18)) -> None:
        self._ahead = 0.0
        self.zone = zone
        self.window = window

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._ahead

    def steady(self) -> float:
        """Seconds that never run backwards, for limits and expiry."""
        return time.monotonic() + self._ahead

    def seconds_to_window(self) -> float:
        """Until the hour strikes the next time; never none."""
        now = datetime.fromtimestamp(self.now(), self.zone)
        strikes = datetime.combine(now.date(), self.window, self.zone)
        if strikes <= now:
            strikes += timedelta(days=1)
        return (strikes - now).total_seconds()

    def reset(self) -> None:
        self._ahead = 0.0

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def as_json(self) -> dict[str, float | str]:
        return {
            "now": self.now(),
            "ahead": self._ahead,
            "zone": str(self.zone),
            "window": f"{self.window:%H:%M}",
        }
