"""The linking attack's own measures: what it finds where there is something, and where not."""

import math
from random import Random

import pytest

from bench.linkage.bounds import lower_bound, upper_bound
from bench.linkage.features import Features, features_of, joined
from bench.linkage.guessing import Group, Question, rules
from tests.promises.joins import Loot
from tests.wired import KEYRING

SIZE = 400
DICE = Random(3)


def question(mine: list[int], others: int = 0) -> Question:
    """Half of the writers are known. `others`: chats that wrote nothing."""
    reports, chats = list(range(len(mine))), list(range(len(mine) + others))
    groups = [Group(reports=DICE.sample(reports, SIZE), chats=DICE.sample(chats, len(chats)))]
    return Question.asked(groups, mine, set(reports[::2]), set(reports[1::2]))


def best(asked: Question, reports: Features, chats: Features) -> tuple[float, str]:
    """The share of what was asked for that the best rule finds."""
    found = {
        name: math.fsum(rule(asked).values()) / (SIZE / 2)
        for name, rule in rules(asked, reports, chats)
    }
    name = max(found, key=found.__getitem__)
    return found[name], name


def orders(**numbers: list[float]) -> Features:
    return Features(numbers=numbers, values={})


@pytest.mark.parametrize(("hits", "tries", "upper"), [(0, 100, 0.0295), (5, 2033, 0.0052)])
def test_the_upper_bound_is_clopper_and_pearsons(hits: int, tries: int, upper: float) -> None:
    assert upper_bound(hits, tries) == pytest.approx(upper, abs=5e-5)
    assert upper_bound(hits + 0.5, tries) == upper_bound(hits + 1, tries)


def test_the_bounds_hold_the_share_between_them() -> None:
    assert lower_bound(0, 10) == 0.0
    assert upper_bound(10, 10) == 1.0
    assert lower_bound(100, 100) == pytest.approx(0.05 ** (1 / 100))
    assert lower_bound(30, 100) < 0.3 < upper_bound(30, 100)


@pytest.mark.parametrize("way", [1, -1])
def test_an_order_both_share_is_found_though_some_chats_wrote_nothing(way: int) -> None:
    places = sorted(DICE.sample(range(SIZE + 60), SIZE))
    asked = question(places, others=60)
    xs, ys = [float(n) for n in range(SIZE)], [way * float(n) for n in range(SIZE + 60)]
    assert best(asked, orders(x=xs), orders(y=ys))[0] > 0.7


def test_orders_that_have_nothing_in_common_find_what_chance_does() -> None:
    mine = DICE.sample(range(SIZE), SIZE)
    xs = [DICE.random() for _ in range(SIZE)]
    found, _ = best(question(mine), orders(x=xs), orders(y=[DICE.random() for _ in range(SIZE)]))
    assert found < 0.05


def test_a_column_that_ties_is_not_put_right_by_the_order_of_the_list() -> None:
    mine = list(range(SIZE))
    same = orders(x=[0.0] * SIZE)
    assert best(question(mine), same, orders(y=[0.0] * SIZE))[0] < 0.05


def test_a_value_both_share_is_found_and_a_rarer_one_is_taken_first() -> None:
    everybody, own = b"all", [str(n).encode() for n in range(SIZE)]
    mine = DICE.sample(range(SIZE), SIZE)
    theirs = [frozenset({everybody, each}) for each in own]
    of_reports = [theirs[place] for place in mine]
    chats = Features(numbers={}, values={"tag": theirs})
    assert best(question(mine), Features(numbers={}, values={"v": of_reports}), chats)[0] == 1


def test_a_blind_guess_knows_who_the_known_ones_are() -> None:
    asked = question(list(range(SIZE)))
    blind = asked.blind()
    assert set(blind.values()) == {2 / SIZE}
    assert len(blind) == SIZE / 2


def test_two_columns_of_one_order_are_told_once_and_ties_are_no_order() -> None:
    """A day that ties in the order of arrival would hide the order of arrival."""
    days, arrival = [1.0, 1.0, 2.0, 3.0], [1.0, 2.0, 3.0, 4.0]
    told = joined([orders(day=days, at=arrival, later=[n + 7 for n in arrival])])
    assert list(told.numbers) == ["day", "at"]


def test_every_place_of_an_envelope_is_found_wherever_it_lies() -> None:
    rows = [{"id": DICE.randbytes(16)} for _ in range(40)]
    once = b"".join(row["id"] + bytes(DICE.randrange(9)) for row in rows)
    loot = Loot(cases={}, addresses={}, files={"a.db": once + bytes(3) + once}, keyring=KEYRING)
    numbers = features_of(loot, rows).numbers
    assert list(numbers["id first in a.db"]) == [once.index(row["id"]) + 1 for row in rows]
    assert list(numbers["id last in a.db"]) == [
        once.index(row["id"]) + 1 + len(once) + 3 for row in rows
    ]
