"""Promise 10: small counts never show, in what is published, in what followers are sent and in
officers' digests: neither alone, nor by subtracting, nor between two windows. And these very
searches find builds that show them.

Whoever attacks keeps every table there was, and knows the rules by which it was made. The rules
of one cell are attacked with numbers of all kinds in `tests/properties/test_small_counts.py`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any, cast

import pytest

from domain.digest import publish, small_counts
from domain.digest.measure import Flow, Measure, Stock
from domain.digest.publication import PublishedTable, Shown
from domain.digest.publish import Publisher
from domain.digest.small_counts import CellKey, Counted, Tally
from domain.followup.followers import CountyFollowed
from domain.ports.chat import Language
from domain.referrals.desk import digest_of
from domain.reports.clocks import Clocks
from domain.reports.report import Report
from domain.reports.state import State
from domain.reports.topic import Topic
from domain.staff.seat import Seat
from tests.databases import Database
from tests.properties.test_small_counts import Between, behind, fives
from tests.unit.test_follow_up import CHAT, Town
from tests.unit.test_publish import KIAMBU, Desk, days

K = 5
TOPICS = (Topic.THEFT, Topic.LAND)
"""The second is sensitive: its smallest is ten."""
DAYS = 31


@dataclass(slots=True)
class Truth:
    """How many were read, and how many of these were blocked, by topic and day."""

    read: Counter[tuple[Topic, date]] = field(default_factory=Counter)
    blocked: Counter[tuple[Topic, date]] = field(default_factory=Counter)

    def at(self, topic: Topic, measured: Measure, until: date, since: date = date.min) -> int:
        """Of a stock at the end of `until`, of a flow since then."""
        counted = self.blocked if measured is Stock.BLOCKED else self.read
        return sum(
            number
            for (of, day), number in counted.items()
            if of is topic and day <= until and (day >= since or isinstance(measured, Stock))
        )


KNOWN: tuple[Measure, ...] = (Stock.OPEN, Stock.BLOCKED, Flow.NEW)
"""What `Truth` can say."""


async def a_month(town: Town) -> Truth:
    """A bad day of land, then a few reports each day, of a sensitive topic and of another; some
    are blocked.
    """
    dice, truth = Random(10), Truth()
    await town.followers.follow(CHAT, Language.ENGLISH, CountyFollowed(county=KIAMBU))
    for number in range(DAYS):
        day = days(number)
        for topic in TOPICS:
            come = dice.randrange(4) if number else 15 * topic.is_sensitive
            for at, report in enumerate(await town.desk.read(come, day, topic=topic)):
                truth.read[topic, day] += 1
                if dice.random() < 0.5 if number else at < 10:
                    truth.blocked[topic, day] += 1
                    await town.desk.moves(report, State.IN_PROGRESS, day)
                    await town.desk.moves(report, State.BLOCKED, day, "fuel")
        await town.rings(days(number + 1))
    return truth


async def tables(town: Town) -> list[PublishedTable]:
    async with town.desk.stores.cases() as cases:
        found = [await cases.publications.of_day(days(number)) for number in range(DAYS + 1)]
    return [table for of_day in found for table in of_day]


async def small_numbers(town: Town) -> set[str]:
    """Where a number below its topic's smallest stands."""
    found = set()
    for table in await tables(town):
        for cell in table.lines():
            smallest = K * (1 + cell.topic.is_sensitive)
            numbers = (cell.shown.about, cell.shown.all_told)
            found |= {"a table" for number in numbers if 0 < (number or 0) < smallest}
    for facts in (await town.told()).values():
        news = facts["news"]
        assert isinstance(news, list)
        for topic in news:
            found |= {"a message" for _, about, k in topic["figures"] if k > (about or k)}
    return found | {"a digest" for _, about, k in await digested(town) if k > about}


async def digested(town: Town) -> list[tuple[str, int, int]]:
    """Measure, number and smallest: all that an officer of the county was sent."""
    found = []
    for number in range(0, DAYS + 1, 7):
        async with town.desk.stores.cases() as cases:
            facts = await digest_of(
                cases,
                Seat(place=KIAMBU),
                days(number),
                signed=cast("Any", None),
                clocks=Clocks(),
                places={},
                counties={KIAMBU: KIAMBU},
            )
        lines = facts["table"]
        assert isinstance(lines, list)
        found += [tuple(cell) for _, cells in lines for cell in cells]
    return found


async def test_no_small_count_shows_in_a_table_a_message_or_a_digest() -> None:
    town = Town()
    await a_month(town)
    assert await small_numbers(town) == set()
    assert await digested(town)
    *_, last = await tables(town)
    assert any(cell.shown.about for cell in last.lines())


@dataclass(slots=True)
class DeskOfRows(Desk):
    """On a database: reports that rest are counted there by their rows."""

    async def moves(self, report: Report, to: State, day: date, detail: str | None = None) -> None:
        await super(DeskOfRows, self).moves(report, to, day, detail)
        async with self.stores.cases() as cases:
            kept = await cases.reports.get(report.id)
            assert kept is not None
            moved = replace(kept, state=to, since=day, detail=detail)
            await cases.reports.replace(kept, moved)
            await cases.commit()


async def test_nor_do_they_as_either_database_counts(database: Database) -> None:
    """By every search of this file; and it is the month that is searched in memory too."""
    in_memory = Town()
    await a_month(in_memory)
    async with database.opened() as stores:
        town = Town(desk=DeskOfRows(stores=stores))
        truth = await a_month(town)
        assert await small_numbers(town) == set()
        assert await told_by_subtracting(town) == []
        assert await beyond(town) == set()
        assert await told_by_windows(town, truth) == set()
        assert await tables(town) == await tables(in_memory) != []


async def test_a_build_that_shows_exact_numbers_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(small_counts, "rounded", lambda count, _: count or None)
    town = Town()
    await a_month(town)
    assert await small_numbers(town) == {"a table", "a message", "a digest"}


WITHIN = ((Stock.OPEN, Stock.BLOCKED), (Stock.BLOCKED, Stock.LACKS_FUEL))
"""The one is a part of the other: whoever subtracts it knows of the rest."""


async def told_by_subtracting(town: Town) -> list[str]:
    """Somebody is left, and fewer than the smallest."""
    found = []
    for table in await tables(town):
        for topic in TOPICS:
            for whole, part in WITHIN:
                shown = table.cells(topic, whole), table.cells(topic, part)
                outer, inner = (_behind(each) for each in shown)
                same_day = shown[0].until == shown[1].until
                if same_day and outer.minus(inner).tells(shown[0].k):
                    found.append(f"{topic} {whole} less {part}")
    return found


def _behind(shown: Shown) -> Between:
    return behind(shown.about, shown.k, small_counts.rounded)


async def test_no_cell_less_a_cell_within_it_leaves_a_small_count() -> None:
    town = Town()
    await a_month(town)
    assert await told_by_subtracting(town) == []


async def test_a_build_that_rounds_to_fives_where_the_smallest_is_ten_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(small_counts, "rounded", fives)
    town = Town()
    await a_month(town)
    assert "land open less blocked" in await told_by_subtracting(town)
    assert await small_numbers(town) == set(), "nothing shows it alone"


async def beyond(town: Town) -> set[Topic]:
    """Lines of no topic that anybody reported: a total, from which the rest can be subtracted."""
    return {cell.topic for table in await tables(town) for cell in table.lines()} - set(TOPICS)


async def test_no_table_has_a_total_or_an_area() -> None:
    """A cell is a county's, a topic's and a measure's: there is nothing to subtract from."""
    town = Town()
    await a_month(town)
    assert await beyond(town) == set()
    assert {table.county for table in await tables(town)} == {KIAMBU}


async def test_a_build_that_publishes_totals_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Publisher._flows

    async def with_totals(*given: Any) -> tuple[Counter[CellKey], date]:
        flows, first = await honest(*given)
        for key, number in list(flows.items()):
            flows[replace(key, topic=Topic.OTHER)] += number
        return flows, first

    monkeypatch.setattr(Publisher, "_flows", with_totals)
    town = Town()
    await a_month(town)
    assert await beyond(town) == {Topic.OTHER}


async def told_by_windows(town: Town, truth: Truth) -> set[Measure]:
    """Measures of which two numbers, one shown after the other, differ by fewer than the
    smallest: whoever knows what stands behind the one learns of those few.
    """
    kept, found = await tables(town), set[Measure]()
    for topic in TOPICS:
        for measured in KNOWN:
            shown = [
                table.cells(topic, measured)
                for table in kept
                if table.cells(topic, measured).changed == table.day
            ]
            steps = _of_stock if isinstance(measured, Stock) else _of_flow
            smallest = K * (1 + topic.is_sensitive)
            differences = list(steps(truth, topic, measured, shown))
            assert differences, f"{topic} {measured} was never shown"
            found |= {measured for step in differences if 0 < step < smallest}
    return found


def _of_stock(truth: Truth, topic: Topic, measured: Measure, shown: list[Shown]) -> Iterator[int]:
    last = 0
    for each in shown:
        assert each.until
        now = truth.at(topic, measured, each.until)
        yield abs(now - last)
        last = now


def _of_flow(truth: Truth, topic: Topic, measured: Measure, shown: list[Shown]) -> Iterator[int]:
    """Each window, and what two of them do not share."""
    spans = [_days_of(each) for each in shown]
    for one, other in pairwise(({*()}, *spans)):
        for alone in (one - other, other - one):
            yield sum(truth.at(topic, measured, day, since=day) for day in alone)


def _days_of(shown: Shown) -> set[date]:
    assert shown.since
    assert shown.until
    return {shown.since + timedelta(days=at) for at in range((shown.until - shown.since).days + 1)}


async def test_two_windows_never_differ_by_a_small_count() -> None:
    town = Town()
    assert await told_by_windows(town, await a_month(town)) == set()


def following_the_truth(
    tally: Tally | None, true: int, day: date, k: int
) -> tuple[Tally, Counted] | None:
    about = small_counts.rounded(true, k)
    if about == (small_counts.rounded(tally.count, k) if tally else None):
        return None
    kept = Tally(count=true, since=day, through=day + timedelta(days=1))
    return kept, Counted(about=about, since=day, until=day)


def never_beginning_anew(
    tally: Tally, added: int, day: date, k: int
) -> tuple[Tally, Counted | None]:
    carried = replace(tally, count=tally.count + added, through=day + timedelta(days=1))
    about = small_counts.rounded(carried.count, k)
    if not added or about is None:
        return carried, None
    return carried, Counted(about=about, since=tally.since, until=day)


def carrying_nothing(tally: Tally, added: int, day: date, k: int) -> tuple[Tally, Counted | None]:
    """A window of one report shows as if it had the smallest number."""
    after = day + timedelta(days=1)
    if not added:
        return replace(tally, through=after), None
    about = small_counts.rounded(max(added, k), k)
    kept = Tally(count=0, since=after, through=after)
    return kept, Counted(about=about, since=day, until=day)


LEAKY: dict[str, tuple[str, Callable[..., object], set[Measure]]] = {
    "follows a stock by ones": ("count_stock", following_the_truth, {Stock.OPEN, Stock.BLOCKED}),
    "begins no window anew": ("count_flow", never_beginning_anew, {Flow.NEW}),
    "carries nothing between windows": ("count_flow", carrying_nothing, {Flow.NEW}),
}


@pytest.mark.parametrize("build", LEAKY)
async def test_a_build_that_tells_by_its_windows_is_found_out(
    build: str, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    name, leaky, told = LEAKY[build]
    monkeypatch.setattr(publish, name, leaky)
    town = Town()
    assert await told_by_windows(town, await a_month(town)) == told
    record_property("leak", build)
