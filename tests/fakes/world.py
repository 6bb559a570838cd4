"""A clock that moves when told to, and dice that fall the same way each time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from domain.calendar import NAIROBI

MONDAY = datetime(2026, 11, 2, 10, 30, tzinfo=NAIROBI)


@dataclass(slots=True)
class FakeClock:
    moment: datetime = MONDAY

    def now(self) -> datetime:
        return self.moment

    def passes(self, **span: float) -> None:
        """`passes(days=1)`, as `timedelta` takes it."""
        self.moment += timedelta(**span)


@dataclass(slots=True)
class FakeEntropy:
    dice: Random = field(default_factory=lambda: Random(0))

    def token(self, size: int) -> bytes:
        return self.dice.randbytes(size)
