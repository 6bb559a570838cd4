"""*publish*: what is published is what an independent recount of the events finds."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

import pytest

from domain.calendar import NAIROBI, WorkingCalendar
from domain.digest.measure import Flow, Stock
from domain.digest.publication import PublishedTable, Shown
from domain.digest.publish import Publisher
from domain.places.county import AreaKey, CountyCode
from domain.ports.stores import Stores
from domain.reports.clocks import Clocks, due
from domain.reports.event import EventKind
from domain.reports.report import Report
from domain.reports.state import State, Want
from domain.reports.topic import Topic
from tests.contracts.samples import a_report, an_event
from tests.fakes.stores import MemoryStores

MONDAY = date(2026, 11, 2)
NAIROBI_CITY, KIAMBU = CountyCode("047"), CountyCode("022")


def window(day: date) -> datetime:
    return datetime.combine(day, time(18), tzinfo=NAIROBI)


@dataclass(slots=True)
class Desk:
    """Reports that come and move; the day is whatever the test says."""

    stores: Stores = field(default_factory=MemoryStores)
    k: int = 5

    @property
    def publisher(self) -> Publisher:
        return Publisher(stores=self.stores, calendar=WorkingCalendar(), clocks=Clocks(), k=self.k)

    async def comes(self, day: date, **different: object) -> Report:
        report = a_report(**({"received": day, "since": day, "county": KIAMBU} | different))
        async with self.stores.cases() as cases:
            await cases.reports.add(report)
            await cases.events.add(an_event(report, day=day))
            await cases.commit()
        return report

    async def moves(self, report: Report, to: State, day: date, detail: str | None = None) -> None:
        async with self.stores.cases() as cases:
            kept = await cases.reports.get(report.id)
            assert kept is not None
            number = len(await cases.events.of(report.id))
            moved = an_event(report, number, kind=EventKind.MOVED, state=to, day=day, detail=detail)
            await cases.events.add(moved)
            await cases.commit()

    async def read(self, count: int, day: date, **different: object) -> list[Report]:
        reports = [await self.comes(day, **different) for _ in range(count)]
        for report in reports:
            await self.moves(report, State.IN_REVIEW, day)
        return reports

    async def publish(self, day: date) -> int:
        return await self.publisher.publish(window(day))

    async def newest(self, county: CountyCode = KIAMBU) -> PublishedTable | None:
        async with self.stores.cases() as cases:
            return await cases.publications.newest(county)


def days(number: int) -> date:
    return MONDAY + timedelta(days=number)


async def test_what_nobody_has_read_is_in_no_table() -> None:
    desk = Desk()
    for _ in range(20):
        await desk.comes(MONDAY)
    assert await desk.publish(days(1)) == 0
    assert await desk.newest() is None


async def test_only_days_that_are_over_are_counted() -> None:
    desk = Desk()
    await desk.read(6, MONDAY)
    assert await desk.publish(MONDAY) == 0
    assert await desk.publish(days(1)) == 1
    table = await desk.newest()
    assert table is not None
    assert table.cells(Topic.THEFT, Flow.NEW) == Shown(
        about=5,
        k=5,
        since=MONDAY,
        until=MONDAY,
        changed=days(1),
        all_told=5,
        first=MONDAY,
    )
    assert table.cells(Topic.THEFT, Stock.OPEN).about == 5
    assert table.cells(Topic.THEFT, Stock.BLOCKED) == Shown(about=None, k=5)


async def test_again_for_the_same_day_changes_nothing() -> None:
    desk = Desk()
    await desk.read(6, MONDAY)
    await desk.publish(days(1))
    table = await desk.newest()
    await desk.read(20, MONDAY)
    assert await desk.publish(days(1)) == 0
    assert await desk.publish(MONDAY) == 0
    assert await desk.newest() == table


async def test_a_small_flow_is_carried_and_shown_with_its_wider_window() -> None:
    desk = Desk()
    await desk.read(3, MONDAY)
    assert await desk.publish(days(1)) == 0
    await desk.read(4, days(2))
    await desk.publish(days(3))
    table = await desk.newest()
    assert table is not None
    new = table.cells(Topic.THEFT, Flow.NEW)
    assert (new.about, new.since, new.until) == (5, MONDAY, days(2))
    await desk.read(3, days(3))
    assert await desk.publish(days(4)) == 0


async def test_sensitive_topics_need_twice_as_many() -> None:
    desk = Desk()
    await desk.read(9, MONDAY, topic=Topic.LAND)
    assert await desk.publish(days(1)) == 0
    await desk.read(1, days(1), topic=Topic.LAND)
    assert await desk.publish(days(2)) == 1
    table = await desk.newest()
    assert table is not None
    assert table.cells(Topic.LAND, Flow.NEW).about == 10
    assert table.cells(Topic.LAND, Flow.PASSED_ON).k == 10


async def test_nairobi_is_one_county_whatever_its_areas() -> None:
    desk = Desk()
    for area in ("nairobi-north", "nairobi-east"):
        await desk.read(3, MONDAY, county=NAIROBI_CITY, area=AreaKey(area))
    await desk.publish(days(1))
    table = await desk.newest(NAIROBI_CITY)
    assert table is not None
    assert table.cells(Topic.THEFT, Flow.NEW).about == 5
    async with desk.stores.cases() as cases:
        assert len(await cases.publications.of_day(days(1))) == 1


async def test_a_stock_that_moves_by_less_than_k_stays_as_published() -> None:
    desk = Desk()
    reports = await desk.read(8, MONDAY)
    await desk.publish(days(1))
    for report in reports[:4]:
        await desk.moves(report, State.NO_ACTION, days(1))
    assert await desk.publish(days(2)) == 0
    await desk.moves(reports[4], State.NO_ACTION, days(2))
    assert await desk.publish(days(3)) == 1
    table = await desk.newest()
    assert table is not None
    assert table.cells(Topic.THEFT, Stock.OPEN).about is None
    assert {cell.measure for cell in table.news()} == {Stock.OPEN, Flow.CLOSED}


async def test_what_became_of_concerns_is_the_sum_of_what_was_shown() -> None:
    desk = Desk()
    assert (await desk.publish(MONDAY), await desk.newest()) == (0, None)
    reports = await desk.read(10, MONDAY)
    await desk.publish(days(1))
    for report in reports[:5]:
        await desk.moves(report, State.REFERRED, days(1))
    await desk.publish(days(2))
    await desk.read(5, days(2))
    await desk.publish(days(3))
    table = await desk.newest()
    assert table is not None
    answered = table.answered()
    assert answered is not None
    assert (answered.read, answered.passed_on, answered.done) == (15, 5, 0)
    assert answered.since == MONDAY
    assert table.answered(Topic.LAND) is None


STEPS: dict[State, tuple[State, ...]] = {
    State.RECEIVED: (State.IN_REVIEW, State.WITHDRAWN),
    State.IN_REVIEW: (State.REFERRED, State.IN_PROGRESS, State.NO_ACTION, State.SET_ASIDE),
    State.REFERRED: (State.IN_PROGRESS, State.BLOCKED, State.CLAIMED_RESOLVED),
    State.IN_PROGRESS: (State.BLOCKED, State.CLAIMED_RESOLVED),
    State.BLOCKED: (State.IN_PROGRESS, State.CLAIMED_RESOLVED),
    State.CLAIMED_RESOLVED: (State.CONFIRMED, State.DISPUTED),
    State.DISPUTED: (State.IN_PROGRESS, State.REFERRED),
}

OPEN = (State.IN_REVIEW, State.REFERRED, State.IN_PROGRESS, State.BLOCKED)
UNCOUNTED = (State.RECEIVED, State.SET_ASIDE, State.WITHDRAWN, State.MERGED, State.EXPIRED)
ENTERED = {
    Flow.PASSED_ON: State.REFERRED,
    Flow.CALLED_DONE: State.CLAIMED_RESOLVED,
    Flow.CONFIRMED: State.CONFIRMED,
    Flow.CONTESTED: State.DISPUTED,
    Flow.CLOSED: State.NO_ACTION,
}

STANDS = {State.CLAIMED_RESOLVED: Stock.SAID_DONE, State.DISPUTED: Stock.DISPUTED}

History = list[tuple[date, State, str | None]]


@dataclass(slots=True)
class Recount:
    """From the bare histories, day by day: the rules as `docs/glossary.md` tells them."""

    k: int
    basis: Counter[object] = field(default_factory=Counter)
    carried: Counter[object] = field(default_factory=Counter)
    shown: dict[object, int | None] = field(default_factory=dict)

    def ends(self, day: date, histories: dict[Report, History]) -> None:
        stocks: Counter[object] = Counter()
        for report, whole in histories.items():
            history = [step for step in whole if step[0] <= day]
            if history and history[-1][1] not in UNCOUNTED:
                cell = (report.county, report.topic)
                stocks += Counter((*cell, stock) for stock in self._stands(history, day))
                self.carried += Counter((*cell, flow) for flow in self._moved(history, day))
        for key in {*stocks, *self.basis}:
            if abs(stocks[key] - self.basis[key]) >= self._k(key):
                self.basis[key] = stocks[key]
                self.shown[key] = self._rounded(key, stocks[key])
        for key, count in list(self.carried.items()):
            if count >= self._k(key):
                self.shown[key] = self._rounded(key, count)
                del self.carried[key]

    def _stands(self, history: History, day: date) -> Iterator[Stock]:
        since, state, detail = history[-1]
        row = a_report(state=state, since=since, received=history[0][0])
        owed = due(row, day, WorkingCalendar(), Clocks())
        if state in OPEN:
            yield Stock.OPEN
        if owed is not None and owed.late:
            yield Stock.LATE
        if state is State.BLOCKED:
            yield from (Stock.BLOCKED, Stock(f"lacks_{detail}"))
        if state in STANDS:
            yield STANDS[state]

    def _moved(self, history: History, day: date) -> Iterator[Flow]:
        for number, (when, entered, _) in enumerate(history):
            if when == day and number == 1:
                yield Flow.NEW
            yield from (flow for flow, into in ENTERED.items() if when == day and entered is into)

    def _k(self, key: object) -> int:
        sensitive = {Topic.GANGS, Topic.VIOLENCE, Topic.LAND, Topic.OFFICIALS}
        return self.k * (1 + (key[1] in sensitive))  # type: ignore[index] # (county, topic, measure)

    def _rounded(self, key: object, count: int) -> int | None:
        k = self._k(key)
        return None if count < k else (count + k // 2) // k * k  # k is 5 or 10 here


@pytest.mark.parametrize("seed", range(3))
async def test_thirty_days_published_equal_an_independent_recount(seed: int) -> None:
    dice, desk, recount = Random(seed), Desk(), Recount(k=5)
    histories: dict[Report, History] = defaultdict(list)
    published = 0
    for number in range(30):
        day = days(number)
        for _ in range(dice.randrange(25)):
            report = await desk.comes(
                day,
                topic=dice.choice([Topic.THEFT, Topic.LAND]),
                county=dice.choice([KIAMBU, NAIROBI_CITY]),
            )
            histories[report].append((day, State.RECEIVED, None))
        for report, history in histories.items():
            after = STEPS.get(history[-1][1])
            if after is None or dice.random() > 0.25:
                continue
            to = dice.choice(after)
            detail = dice.choice([Want.FUEL, Want.STAFF]).value if to is State.BLOCKED else None
            await desk.moves(report, to, day, detail)
            history.append((day, to, detail))
        recount.ends(day, histories)
        published += await desk.publish(days(number + 1))
        tables = {county: await desk.newest(county) for county in (KIAMBU, NAIROBI_CITY)}
        assert recount.shown == {
            (county, cell.topic, cell.measure): cell.shown.about
            for county, table in tables.items()
            if table
            for cell in table.lines()
        }
    assert published > 10
    assert any(about is not None for about in recount.shown.values())
