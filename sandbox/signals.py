import asyncio


class Signal:
    """Wakes everybody who waits, once, each time it is given."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def give(self) -> None:
        given, self._next = self._next, asyncio.Event()
        given.set()

    def next(self) -> asyncio.Event:
        """Set when the signal is given the next time; taken before looking, none is missed."""
        return self._next
