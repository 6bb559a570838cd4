"""How often a failed update is tried again, and after which pause."""

from dataclasses import dataclass, replace

from telegram.error import BadRequest, NetworkError, RetryAfter


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """Failed tries so far: by a fault of ours, and by an outage of the world around us."""

    faults: int = 0
    outages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Bounds on the tries of one update; pauses in seconds, doubling.

    An outage is not the update's fault and gets far more tries. It still has an end, because an
    unfinished update keeps a place in the window of 100 that Telegram shows (see `fetcher`).
    Telegram's own `retry_after` is obeyed up to `longest_pause`, for the same reason.
    """

    faults: int = 3
    outages: int = 30
    first_pause: float = 0.5
    longest_pause: float = 30.0
    also_outages: tuple[type[Exception], ...] = ()
    """Errors of the app's own world that pass by themselves, such as a database that is away."""

    def is_outage(self, error: Exception) -> bool:
        if isinstance(error, BadRequest):  # a NetworkError to PTB, a wrong call to us
            return False
        return isinstance(error, (NetworkError, RetryAfter, *self.also_outages))

    def count(self, tries: Tries, error: Exception) -> Tries:
        if self.is_outage(error):
            return replace(tries, outages=tries.outages + 1)
        return replace(tries, faults=tries.faults + 1)

    def pause(self, tries: Tries, error: Exception) -> float | None:
        """Seconds until the next try; None when the update is to be set aside."""
        if tries.faults >= self.faults or tries.outages >= self.outages:
            return None
        made = tries.outages if self.is_outage(error) else tries.faults
        asked = seconds_asked(error) if isinstance(error, RetryAfter) else 0.0
        return min(self.longest_pause, max(asked, self.first_pause * 2.0 ** (made - 1)))


def seconds_asked(error: RetryAfter) -> float:
    """PTB gives a number, or a timedelta where the variable PTB_TIMEDELTA asks for it."""
    asked = error.retry_after
    return float(asked) if isinstance(asked, int | float) else asked.total_seconds()
