"""What may happen next in the custody machine, and how often.

Hypothesis leaves whole rules out of an order, most of them of most orders, and looks again near
what it has tried. A bug that takes five different acts is then met in one order of many. So here
there is one rule, which draws an act among those that can be done now, some oftener than others;
at most a few are left out of an order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Does = TypeVar("Does", bound=Callable[..., None])
MOST_LEFT_OUT = 3
STRIDE = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`possible`: asked of the machine; `given`: what is drawn for it."""

    weight: int
    possible: Callable[[Any], object]
    given: Mapping[str, SearchStrategy[Any]]


ACTS: dict[str, Act] = {}
"""By name."""


def act(
    weight: int = 1,
    *,
    possible: Callable[[Any], object] = lambda _: True,
    **given: SearchStrategy[Any],
) -> Callable[[Does], Does]:
    def known(does: Does) -> Does:
        ACTS[does.__name__] = Act(weight=weight, possible=possible, given=given)
        return does

    return known


def left_out() -> SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(ACTS)), max_size=MOST_LEFT_OUT)


def one_of(machine: object, step: int, but: frozenset[str]) -> SearchStrategy[str]:
    """Of those that can be done now; with another one first at each step, so that the simplest
    order, which is tried first, does not do one thing sixty times.
    """
    there = [name for name in sorted(ACTS) if ACTS[name].possible(machine)]
    wanted = [name for name in there if name not in but] or there
    weighed = [name for name in wanted for _ in range(ACTS[name].weight)]
    first = step * STRIDE % len(weighed)
    return st.sampled_from(weighed[first:] + weighed[:first])
