"""Published tables in memory; what they count is recounted from reports and events."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from domain.digest.groups import MoveGroup, StandingGroup, WithdrawnGroup
from domain.digest.measure import ENDED, UNCOUNTED
from domain.digest.publication import PublishedTable
from domain.digest.small_counts import CellKey, Tally
from domain.places.county import CountyCode
from domain.reports.event import Event, EventKind
from domain.reports.report import ReportId
from domain.reports.state import State
from domain.reports.topic import Topic
from tests.fakes.store_work import CasesTables, FakeWork

OVER = {*UNCOUNTED, State.NO_ACTION, State.CONFIRMED}


@dataclass(frozen=True, slots=True)
class FakePublications:
    work: FakeWork[CasesTables]

    async def add(self, table: PublishedTable) -> bool:
        tables = (await self.work.changed()).publications
        if (table.county, table.day) in tables:
            return False
        tables[table.county, table.day] = table
        return True

    async def newest(self, county: CountyCode) -> PublishedTable | None:
        found = (t for t in self.work.seen.publications.values() if t.county == county)
        return max(found, key=lambda table: table.day, default=None)

    async def of_day(self, day: date) -> Sequence[PublishedTable]:
        found = (t for t in self.work.seen.publications.values() if t.day == day)
        return sorted(found, key=lambda table: table.county)

    async def tallies(self) -> Mapping[CellKey, Tally]:
        return dict(self.work.seen.tallies)

    async def keep_tallies(self, tallies: Mapping[CellKey, Tally]) -> None:
        (await self.work.changed()).tallies.update(tallies)

    async def count_withdrawn(self, county: CountyCode, topic: Topic, day: date) -> None:
        (await self.work.changed()).withdrawn[county, topic, day] += 1

    async def take_withdrawn(self, before: date) -> Sequence[WithdrawnGroup]:
        tables = await self.work.changed()
        taken = {key: tables.withdrawn.pop(key) for key in [*tables.withdrawn] if key[2] < before}
        return [
            WithdrawnGroup(county=county, topic=topic, day=day, count=count)
            for (county, topic, day), count in taken.items()
        ]

    async def standing(
        self, before: date, late_since: Mapping[State, date]
    ) -> Sequence[StandingGroup]:
        groups: Counter[StandingGroup] = Counter()
        for report in self.work.seen.reports.values():
            events = self._events(report.id, before)
            if not events or events[-1].state in OVER:
                continue
            last = events[-1]
            since = last.day
            for event in reversed(events):
                if event.state is not last.state:
                    break
                since = event.day
            late = last.state in late_since and since <= late_since[last.state]
            groups[
                StandingGroup(
                    county=report.county,
                    topic=report.topic,
                    state=last.state,
                    detail=_reason(events),
                    late=late,
                    count=1,
                )
            ] += 1
        return [replace(group, count=count) for group, count in groups.items()]

    async def moves(self, since: date, before: date) -> Sequence[MoveGroup]:
        moves = []
        for report in self.work.seen.reports.values():
            events = self._events(report.id, before)
            if any(event.state in ENDED for event in events):
                continue
            moves += [
                MoveGroup(
                    county=report.county,
                    topic=report.topic,
                    before=earlier.state,
                    after=later.state,
                    count=1,
                    first=later.day,
                )
                for earlier, later in pairwise(events)
                if later.state is not earlier.state and later.day >= since
            ]
        return moves

    def _events(self, report: ReportId, before: date) -> list[Event]:
        found = (e for e in self.work.seen.events.values() if e.report == report)
        return sorted((e for e in found if e.day < before), key=lambda event: event.number)


def _reason(events: Sequence[Event]) -> str | None:
    """A new desk leaves it as it was; its event has the desk instead."""
    return next(e.detail for e in reversed(events) if e.kind is not EventKind.ROUTED)
