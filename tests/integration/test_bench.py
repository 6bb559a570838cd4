"""`make bench` works, each of its rows, at a size a test can wait for; and a goal can be missed."""

import json
from pathlib import Path

import pytest

from bench import groups, table
from bench.measure import Bound, Goal, Row, in_turn
from bench.sizes import TINY

OF_PROCESSES = ("answer", "conversation", "start")


def a_row(*, goal: Goal, value: float = 10.0, beside: float = 8.0) -> Row:
    return Row(
        name="a row",
        unit="ms",
        value=value,
        beside=beside,
        beside_what="the least there is",
        goal=goal,
        goes="into waiting",
    )


@pytest.mark.parametrize(
    ("bound", "met", "missed"),
    [
        (Bound.RATIO_AT_LEAST, 1.2, 1.3),
        (Bound.RATIO_AT_MOST, 1.3, 1.2),
        (Bound.VALUE_AT_LEAST, 10, 11),
        (Bound.VALUE_AT_MOST, 10, 9),
        (Bound.ABOVE_AT_MOST, 2, 1.9),
    ],
)
def test_each_kind_of_goal_is_met_and_missed(bound: Bound, met: float, missed: float) -> None:
    assert a_row(goal=Goal(bound=bound, number=met)).met
    assert not a_row(goal=Goal(bound=bound, number=missed)).met


def test_the_page_and_the_data_say_what_is_missed_and_why(tmp_path: Path) -> None:
    met = a_row(goal=Goal(bound=Bound.VALUE_AT_MOST, number=10))
    missed = a_row(goal=Goal(bound=Bound.VALUE_AT_MOST, number=9))
    results, page = tmp_path / "results" / "latest.json", tmp_path / "bench.md"
    table.save([met, missed], results, page)
    found = json.loads(results.read_text())
    assert [one["met"] for one in found] == [True, False]
    assert {"name", "unit", "value", "beside", "beside_what", "ratio", "goal"} <= set(found[0])
    assert page.read_text().count("into waiting") == 1


async def test_both_are_measured_in_turn() -> None:
    order = []

    async def one() -> None:
        order.append("a")

    async def other() -> None:
        order.append("b")

    await in_turn(one, other, runs=2, times=1)
    assert order == ["a", "b", "a", "b"]


async def test_every_row_that_one_process_gives_can_be_measured() -> None:
    names = [name for name in groups.NAMES if name not in OF_PROCESSES]
    rows = [row async for row in groups.rows(names, TINY)]
    assert len(rows) == 10
    assert all(row.value > 0 and row.beside > 0 for row in rows)


async def test_every_row_that_needs_the_bot_running_can_be_measured() -> None:
    rows = [row async for row in groups.rows(OF_PROCESSES, TINY)]
    assert len(rows) == 7
    answered = next(row for row in rows if "answered" in row.name)
    assert answered.met
    assert all(row.value > 0 and row.beside > 0 for row in rows)
