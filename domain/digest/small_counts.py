"""Small counts never show: the rules of one cell (promise 10).

A number may be shown from `k` on, rounded. A *flow* below it is carried: its window
widens until it can be shown, and then begins anew. A *stock* keeps what was last published
until the truth is at least `k` away from what it was then; so two windows tell of no change
smaller than `k`.

Steps are fives, and never smaller than `k`: where `k` is 10, a cell of 15 and a cell of 10
inside it would leave 1 to 7 others otherwise, which is a small count by subtraction.
"""

from dataclasses import dataclass, replace
from datetime import date

from domain.digest.measure import Flow, Measure, Stock
from domain.places.county import CountyCode
from domain.reports.topic import Topic

ROUND = 5
"""Numbers are rounded to fives: to the nearest multiple of the smallest that is not below `k`."""


def fewest(topic: Topic, k: int) -> int:
    """The smallest count shown of a topic: twice `k` where it is sensitive."""
    return 2 * k if topic.is_sensitive else k


def rounded(count: int, k: int) -> int | None:
    """None stands for fewer than `k`, none included. What is shown is never below `k`."""
    if count < k:
        return None
    step = -(-k // ROUND) * ROUND
    return (2 * count + step) // (2 * step) * step


@dataclass(frozen=True, slots=True, kw_only=True)
class CellKey:
    county: CountyCode
    topic: Topic
    measure: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What lies behind a cell and is never published. Of a stock: the true count when it was
    last published, on `since`. Of a flow: what is carried, counted from `since` on.
    `through`: counted until before that day.
    """

    count: int
    since: date
    through: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A cell that is published now. `about` is None for fewer than `k`."""

    about: int | None
    since: date
    until: date


def count_stock(tally: Tally | None, true: int, day: date, k: int) -> tuple[Tally, Counted] | None:
    """None while what was last published stays. `day`: the one at whose end it was true."""
    if abs(true - (tally.count if tally else 0)) < k:
        return None
    after = date.fromordinal(day.toordinal() + 1)
    kept = Tally(count=true, since=day, through=after)
    return kept, Counted(about=rounded(true, k), since=day, until=day)


def count_flow(tally: Tally, added: int, day: date, k: int) -> tuple[Tally, Counted | None]:
    """`added`: what happened since `tally.through`, `day` included."""
    after = date.fromordinal(day.toordinal() + 1)
    carried = replace(tally, count=tally.count + added, through=after)
    about = rounded(carried.count, k)
    if about is None:
        return carried, None
    shown = Counted(about=about, since=tally.since, until=day)
    return Tally(count=0, since=after, through=after), shown


def is_stock(measure: Measure) -> bool:
    return isinstance(measure, Stock)


ALL: tuple[Measure, ...] = (*Stock, *Flow)
