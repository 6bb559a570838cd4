import time


class Clock:
    """The sandbox's time: the machine's, plus what it was moved forward by."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._ahead

    def steady(self) -> float:
        """Seconds that never run backwards, for limits and expiry."""
        return time.monotonic() + self._ahead

    def reset(self) -> None:
        self._ahead = 0.0

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
