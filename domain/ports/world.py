"""Time and chance, as the domain asks for them."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """An aware moment in the operator's time zone."""
        ...


class Entropy(Protocol):
    def token(self, size: int) -> bytes:
        """`size` bytes nobody can foresee."""
        ...
