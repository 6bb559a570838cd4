"""What is published of the desks' work: a part of *cases* (protection.md)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from domain.digest.groups import MoveGroup, StandingGroup, WithdrawnGroup
from domain.digest.publication import PublishedTable
from domain.digest.small_counts import CellKey, Tally
from domain.places.county import CountyCode
from domain.reports.state import State
from domain.reports.topic import Topic


class Publications(Protocol):
    """The published tables, the tallies behind them, and what they are counted from."""

    async def add(self, table: PublishedTable) -> bool:
        """False, and nothing is written, where the county has a table of that day."""
        ...

    async def newest(self, county: CountyCode) -> PublishedTable | None: ...

    async def of_day(self, day: date) -> Sequence[PublishedTable]:
        """By county."""
        ...

    async def tallies(self) -> Mapping[CellKey, Tally]: ...
    async def keep_tallies(self, tallies: Mapping[CellKey, Tally]) -> None: ...

    async def count_withdrawn(self, county: CountyCode, topic: Topic, day: date) -> None:
        """One more; the report itself goes before its day is counted."""
        ...

    async def take_withdrawn(self, before: date) -> Sequence[WithdrawnGroup]:
        """Of the days before; afterwards they are here no more."""
        ...

    async def standing(
        self, before: date, late_since: Mapping[State, date]
    ) -> Sequence[StandingGroup]:
        """How reports stood when that day began. Reports that are over are left out.
        `late_since` as in `stores.Wanted`.
        """
        ...

    async def moves(self, since: date, before: date) -> Sequence[MoveGroup]:
        """Changes of state on these days, of reports that were not set aside, merged,
        withdrawn or expired by then.
        """
        ...
