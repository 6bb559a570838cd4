"""What the stores count for the published table: numbers, and never a report."""

from dataclasses import dataclass
from datetime import date

from domain.places.county import CountyCode
from domain.reports.state import State
from domain.reports.topic import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingGroup:
    """How many reports stand alike. `detail`: why a blocked one is stuck."""

    county: CountyCode
    topic: Topic
    state: State
    detail: str | None
    late: bool
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnGroup:
    """How many withdrawals took effect on a day, of reports a moderator had read."""

    county: CountyCode
    topic: Topic
    day: date
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveGroup:
    """How often reports went from one state to another. `first`: the first day of these."""

    county: CountyCode
    topic: Topic
    before: State
    after: State
    count: int
    first: date
