"""*publish*: one table a county and window, from reports a moderator has read.

A table is stored as it was published and never made again. Only days that are over are
counted, so that a rerun, late or not, counts the same.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.calendar import WorkingCalendar
from domain.digest.measure import Flow, Measure, flows_of, stocks_of
from domain.digest.publication import following
from domain.digest.small_counts import (
    CellKey,
    Counted,
    Tally,
    count_flow,
    count_stock,
    fewest,
    is_stock,
)
from domain.places.county import CountyCode
from domain.ports.stores import Cases, Stores
from domain.reports.clocks import Clocks, late_since
from domain.reports.topic import Topic

Tallies = Mapping[CellKey, Tally]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """`k`: the smallest count ever shown, of a topic that is not sensitive."""

    stores: Stores
    calendar: WorkingCalendar
    clocks: Clocks
    k: int

    async def publish(self, moment: datetime) -> int:
        """The tables of the window at `moment`; how many counties had something new."""
        day = moment.date()
        async with self.stores.cases() as cases:
            tallies = await cases.publications.tallies()
            if any(tally.through >= day for tally in tallies.values()):
                return 0  # this window, or a later one, was published: it stays as it is
            stocks = await self._stocks(cases, day)
            flows, first = await self._flows(cases, tallies, day)
            changed, counted = self._count(tallies, stocks, flows, day, first)
            published = 0
            for county, cells in counted.items():
                before = await cases.publications.newest(county)
                table = following(before, county, day, self.k, cells)
                published += await cases.publications.add(table)
            await cases.publications.keep_tallies(changed)
            await cases.commit()
        return published

    def _count(
        self,
        tallies: Tallies,
        stocks: Counter[CellKey],
        flows: Counter[CellKey],
        day: date,
        first: date,
    ) -> tuple[dict[CellKey, Tally], dict[CountyCode, dict[tuple[Topic, Measure], Counted]]]:
        yesterday = day - timedelta(days=1)
        changed: dict[CellKey, Tally] = {}
        counted: dict[CountyCode, dict[tuple[Topic, Measure], Counted]] = defaultdict(dict)
        for key in {*stocks, *(key for key in tallies if is_stock(key.measure))}:
            k = fewest(key.topic, self.k)
            stock = count_stock(tallies.get(key), stocks[key], yesterday, k)
            if stock is not None:
                changed[key], counted[key.county][key.topic, key.measure] = stock
        for key, added in flows.items():
            tally = tallies.get(key) or Tally(count=0, since=first, through=first)
            k = fewest(key.topic, self.k)
            changed[key], shown = count_flow(tally, added, yesterday, k)
            if shown is not None:
                counted[key.county][key.topic, key.measure] = shown
        return changed, counted

    async def _stocks(self, cases: Cases, day: date) -> Counter[CellKey]:
        """At the end of the day before."""
        late = late_since(day - timedelta(days=1), self.calendar, self.clocks)
        stocks: Counter[CellKey] = Counter()
        for group in await cases.publications.standing(day, late):
            for stock in stocks_of(group.state, group.detail, late=group.late):
                stocks[_key(group.county, group.topic, stock)] += group.count
        return stocks

    async def _flows(
        self, cases: Cases, tallies: Tallies, day: date
    ) -> tuple[Counter[CellKey], date]:
        """What happened since the last count, and the first day that was ever counted."""
        of_flows = [tally for key, tally in tallies.items() if not is_stock(key.measure)]
        through = max((tally.through for tally in of_flows), default=date.min)
        moves = await cases.publications.moves(through, day)
        firsts = [tally.since for tally in of_flows] + [move.first for move in moves]
        withdrawn = await cases.publications.take_withdrawn(day)
        firsts += [group.day for group in withdrawn]
        flows: Counter[CellKey] = Counter()
        for group in withdrawn:
            flows[_key(group.county, group.topic, Flow.WITHDRAWN)] += group.count
        for move in moves:
            for flow in flows_of(move.before, move.after):
                flows[_key(move.county, move.topic, flow)] += move.count
        return flows, min(firsts, default=day)


def _key(county: CountyCode, topic: Topic, measured: Measure) -> CellKey:
    return CellKey(county=county, topic=topic, measure=measured)
