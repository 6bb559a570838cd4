"""The update window: when follow-up leaves, so that a change and its message never meet."""

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from domain.followup.bells import DAY, Daily


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """`quiet`: from and to, over midnight as a rule; `blackouts`: first and last day."""

    at: time = time(18, 0)
    quiet: tuple[time, time] = (time(21, 0), time(7, 0))
    blackouts: tuple[tuple[date, date], ...] = ()

    @property
    def bell(self) -> Daily:
        return Daily(at=self.at)

    def is_open(self, window: datetime) -> bool:
        """Whether anything leaves at this window at all."""
        return not self.is_blackout(window.date()) and not self.is_quiet(window)

    def next_after(self, now: datetime) -> datetime:
        """The first open window after `now`, in the zone of `now`."""
        window = self.bell.latest(now) + DAY
        while self.is_blackout(window.date()):
            window += DAY
        return window

    def last_on(self, day: date, zone: tzinfo | None) -> datetime:
        """The last open window whose messages leave on this day, or on one before it."""
        window = datetime.combine(day, self.at, tzinfo=zone)
        while self.is_blackout(window.date()) or self.leaves(window).date() > day:
            window -= DAY
        return window

    def leaves(self, window: datetime) -> datetime:
        """When its messages do: what is due in quiet hours waits for their end."""
        if not self.is_quiet(window):
            return window
        end = datetime.combine(window.date(), self.quiet[1], tzinfo=window.tzinfo)
        return end if end > window else end + DAY

    def is_quiet(self, now: datetime) -> bool:
        start, end = self.quiet
        moment = now.time()
        if start <= end:
            return start <= moment < end
        return moment >= start or moment < end

    def is_blackout(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.blackouts)
