"""What a count of right guesses says of their chance: Clopper and Pearson, one-sided, exact."""

import math
from collections.abc import Callable

SURE = 0.95
STEPS = 60


def upper_bound(hits: float, tries: int) -> float:
    """The largest chance with which as few would come 5 times in 100. Part of a hit is one."""
    found = math.ceil(hits)
    if found >= tries:
        return 1.0
    return _where(lambda chance: _at_most(found, tries, chance) < 1 - SURE)


def lower_bound(hits: float, tries: int) -> float:
    """The smallest chance with which as many would come 5 times in 100."""
    found = math.floor(hits)
    if found <= 0:
        return 0.0
    return _where(lambda chance: 1 - _at_most(found - 1, tries, chance) > 1 - SURE)


def _where(is_over: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_over(middle) else (middle, high)
    return high


def _at_most(found: int, tries: int, chance: float) -> float:
    """The chance of so many or fewer."""
    if chance <= 0:
        return 1.0
    if chance >= 1:
        return 0.0
    yes, no = math.log(chance), math.log1p(-chance)
    return math.fsum(
        math.exp(
            math.lgamma(tries + 1)
            - math.lgamma(k + 1)
            - math.lgamma(tries - k + 1)
            + k * yes
            + (tries - k) * no
        )
        for k in range(found + 1)
    )
