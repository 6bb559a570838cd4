"""Promise 10: small counts never show, in what is published and in what followers are sent;
and this very search finds a build that shows them.
"""

from random import Random

import pytest

from domain.digest import small_counts
from domain.followup.followers import CountyFollowed
from domain.ports.chat import Language
from domain.reports.state import State
from domain.reports.topic import Topic
from tests.unit.test_follow_up import CHAT, Town
from tests.unit.test_publish import KIAMBU, days

K = 5


async def a_month(town: Town) -> None:
    """A few reports each day, of a sensitive topic and of another; some move on."""
    dice = Random(10)
    await town.followers.follow(CHAT, Language.ENGLISH, CountyFollowed(county=KIAMBU))
    for number in range(30):
        day = days(number)
        for topic in (Topic.THEFT, Topic.LAND):
            for report in await town.desk.read(dice.randrange(4), day, topic=topic):
                if dice.random() < 0.5:
                    await town.desk.moves(report, State.IN_PROGRESS, day)
                    await town.desk.moves(report, State.BLOCKED, day, "fuel")
        await town.rings(days(number + 1))


async def small_numbers(town: Town) -> list[object]:
    """Every number below its topic's smallest in tables, windows and messages."""
    found: list[object] = []
    async with town.desk.stores.cases() as cases:
        for number in range(32):
            for table in await cases.publications.of_day(days(number)):
                found += [
                    cell
                    for cell in table.lines()
                    for shown in (cell.shown.about, cell.shown.all_told)
                    if 0 < (shown or 0) < K * (1 + cell.topic.is_sensitive)
                ]
    for facts in (await town.told()).values():
        news = facts["news"]
        assert isinstance(news, list)
        found += [
            topic
            for topic in news
            for _, about, k in topic["figures"]
            if about is not None and about < k
        ]
    return found


async def test_no_small_count_shows_in_a_table_or_a_message() -> None:
    town = Town()
    await a_month(town)
    assert await small_numbers(town) == []
    async with town.desk.stores.cases() as cases:
        table = await cases.publications.newest(KIAMBU)
    assert table is not None
    assert any(cell.shown.about for cell in table.lines())


async def test_a_build_that_shows_exact_numbers_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(small_counts, "rounded", lambda count, _: count or None)
    town = Town()
    await a_month(town)
    assert await small_numbers(town) != []


async def test_no_table_has_a_total_or_an_area() -> None:
    """A cell is a county's, a topic's and a measure's: there is nothing to subtract from."""
    town = Town()
    await a_month(town)
    async with town.desk.stores.cases() as cases:
        table = await cases.publications.newest(KIAMBU)
    assert table is not None
    assert {cell.topic for cell in table.lines()} <= {Topic.THEFT, Topic.LAND}
    assert table.county == KIAMBU
