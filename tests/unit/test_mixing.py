"""Rows are mixed as often as the bell rings, and more seldom where that takes long."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from scheduler.mixing import Mixing

DAY = [datetime(2026, 11, 3, tzinfo=UTC) + timedelta(minutes=10 * at) for at in range(6 * 24)]


@dataclass(slots=True)
class Slow:
    """Stores that are mixed in so many seconds."""

    takes: float
    watched: float = 0
    mixed: list[datetime] = field(default_factory=list)

    async def remix(self, _: datetime) -> int:
        self.watched += self.takes
        return 7

    async def lives(self) -> list[timedelta]:
        """A day; the time between one and the next."""
        mixing = Mixing(stores=self, watch=lambda: self.watched)  # type: ignore[arg-type] # no more is asked of it
        for moment in DAY:
            if await mixing.run(moment):
                self.mixed.append(moment)
        return [later - earlier for earlier, later in pairwise(self.mixed)]


async def test_what_takes_a_second_is_done_at_every_bell() -> None:
    assert set(await Slow(1).lives()) == {timedelta(minutes=10)}


async def test_it_never_takes_more_than_a_hundredth_of_the_time() -> None:
    assert set(await Slow(15).lives()) == {timedelta(minutes=30)}


async def test_a_clock_that_ran_ahead_does_not_keep_it_at_rest() -> None:
    slow = Slow(15)
    mixing = Mixing(stores=slow, watch=lambda: slow.watched)  # type: ignore[arg-type] # no more is asked of it
    assert await mixing.run(DAY[0] + timedelta(days=30))
    assert await mixing.run(DAY[0])
    assert not await mixing.run(DAY[1])


async def test_every_hour_it_is_done_however_long_it_takes() -> None:
    assert set(await Slow(600).lives()) == {timedelta(hours=1)}
