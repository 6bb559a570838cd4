"""Rows of the table: a figure, what it stands beside, and what it should be."""

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

Work = Callable[[], Awaitable[object]]


class Bound(StrEnum):
    """What a goal bounds, and from which side."""

    RATIO_AT_LEAST = "ratio ≥"
    RATIO_AT_MOST = "ratio ≤"
    VALUE_AT_LEAST = "value ≥"
    VALUE_AT_MOST = "value ≤"
    ABOVE_AT_MOST = "above ≤"
    """The value less what stands beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    bound: Bound
    number: float

    def met(self, value: float, beside: float) -> bool:
        match self.bound:
            case Bound.RATIO_AT_LEAST:
                return value >= self.number * beside
            case Bound.RATIO_AT_MOST:
                return value <= self.number * beside
            case Bound.VALUE_AT_LEAST:
                return value >= self.number
            case Bound.VALUE_AT_MOST:
                return value <= self.number
            case Bound.ABOVE_AT_MOST:
                return value - beside <= self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`value` and `beside` in `unit`. `beside_what`: what that limit or peer includes.
    `goes`: where the time of the value goes, which explains a goal that is missed.
    """

    name: str
    unit: str
    value: float
    beside: float
    beside_what: str
    goal: Goal
    goes: str = ""

    @property
    def ratio(self) -> float:
        return self.value / self.beside

    @property
    def met(self) -> bool:
        return self.goal.met(self.value, self.beside)


async def seconds(work: Work, times: int) -> float:
    """For one `work`, the mean of `times`."""
    start = time.perf_counter()
    for _ in range(times):
        await work()
    return (time.perf_counter() - start) / times


async def in_turn(first: Work, second: Work, *, runs: int, times: int) -> tuple[float, float]:
    """Seconds for one of each: the medians of `runs`, measured in turn (ABAB), so that a
    machine that is busy for a while is so for both.
    """
    measured = [(await seconds(first, times), await seconds(second, times)) for _ in range(runs)]
    ones, others = zip(*measured, strict=True)
    return statistics.median(ones), statistics.median(others)
