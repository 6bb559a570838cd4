"""Promise 10, attacked: whoever keeps every published table learns of no change smaller than
`k`, by subtracting cells, topics or windows. The same attack succeeds on rules that leak.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.digest.small_counts import ROUND, Tally, count_flow, count_stock, rounded

DAY = date(2026, 11, 2)
MANY = 10_000

Round = Callable[[int, int], int | None]


@dataclass(frozen=True, slots=True)
class Between:
    """What an attacker knows of a true number."""

    low: int
    high: int

    def minus(self, other: "Between") -> "Between":
        return Between(self.low - other.high, self.high - other.low)

    def tells(self, k: int) -> bool:
        """Somebody is there, and they are fewer than `k`."""
        return self.low >= 1 and self.high < k


def behind(shown: int | None, k: int, rule: Round) -> Between:
    """The true numbers that would be shown so."""
    fits = [count for count in range((shown or 0) + 2 * k + 2) if rule(count, k) == shown]
    return Between(fits[0], fits[-1])


@dataclass(frozen=True, slots=True)
class Publication:
    day: int
    shown: int | None


def stocks(truth: Sequence[int], k: int) -> list[Publication]:
    tally, published = None, []
    for number, true in enumerate(truth):
        counted = count_stock(tally, true, DAY + timedelta(days=number), k)
        if counted is not None:
            tally, cell = counted
            published.append(Publication(number, cell.about))
    return published


def stocks_anew_each_window(truth: Sequence[int], k: int) -> list[Publication]:
    """Leaks: what is shown follows the truth by one."""
    return [Publication(day, rounded(true, k)) for day, true in enumerate(truth)]


def stocks_exactly(truth: Sequence[int], k: int) -> list[Publication]:
    return [Publication(day, true if true >= k else None) for day, true in enumerate(truth)]


def exact(count: int, k: int) -> int | None:
    return count if count >= k else None


def fives(count: int, k: int) -> int | None:
    """Leaks where `k` is 10."""
    return None if count < k else (2 * count + ROUND) // (2 * ROUND) * ROUND


def told_by_windows(
    published: Sequence[Publication], k: int, rule: Round, *, held: bool
) -> list[Between]:
    """How far each publication is from the one before, in either direction. `held`: a cell
    is known to move by at least `k`, so the attacker takes that into account.
    """
    changes = []
    known = [(each.day, behind(each.shown, k, rule)) for each in published]
    for (_, before), (_, after) in pairwise(known):
        up, down = after.minus(before), before.minus(after)
        if held:
            up = Between(max(up.low, k), up.high) if up.high >= k else up
            down = Between(max(down.low, k), down.high) if down.high >= k else down
        changes += [up, down]
    return changes


ks = st.sampled_from([5, 7, 10, 12, 14])
histories = st.lists(st.integers(-4, 12), min_size=1, max_size=25).map(
    lambda steps: [max(0, sum(steps[: at + 1])) for at in range(len(steps))]
)


@given(histories, ks)
def test_two_windows_of_a_stock_tell_no_small_change(truth: list[int], k: int) -> None:
    published = stocks(truth, k)
    assert not any(change.tells(k) for change in told_by_windows(published, k, rounded, held=True))
    last = 0
    for each in published:
        assert abs(truth[each.day] - last) >= k
        last = truth[each.day]


@given(histories, histories, ks)
def test_a_cell_inside_another_tells_nothing_of_the_rest(
    part: list[int], rest: list[int], k: int
) -> None:
    """*Blocked* is part of *open*, and *for want of fuel* part of *blocked*."""
    whole = [one + other for one, other in zip(part, rest, strict=False)]
    outer, inner = stocks(whole, k), stocks(part[: len(whole)], k)
    for one in outer:
        for other in inner:
            if one.day == other.day:
                known = behind(one.shown, k, rounded).minus(behind(other.shown, k, rounded))
                assert not known.tells(k)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=40), ks)
def test_a_flow_widens_its_window_until_it_can_be_shown(added: list[int], k: int) -> None:
    tally, windows, start = Tally(count=0, since=DAY, through=DAY), [], 0
    for number, new in enumerate(added):
        day = DAY + timedelta(days=number)
        tally, shown = count_flow(tally, new, day, k)
        if shown is None:
            continue
        assert shown.since == DAY + timedelta(days=start)
        windows.append(sum(added[start : number + 1]))
        assert shown.about == rounded(windows[-1], k)
        start = number + 1
    assert all(window >= k for window in windows)
    assert sum(windows) + tally.count == sum(added)
    assert tally.count < k


@given(st.lists(st.integers(0, 12), min_size=2, max_size=40), ks)
def test_what_a_day_added_to_a_flow_is_not_told_by_the_day_before(added: list[int], k: int) -> None:
    """Until yesterday it was hidden: fewer than `k`. Today it is shown."""
    tally, hidden = Tally(count=0, since=DAY, through=DAY), 0
    for number, new in enumerate(added):
        tally, shown = count_flow(tally, new, DAY + timedelta(days=number), k)
        if shown is not None and hidden:
            known = behind(shown.about, k, rounded).minus(Between(0, k - 1))
            assert not known.tells(k)
        hidden = 0 if shown else hidden + 1


@given(st.integers(0, MANY), ks)
def test_what_is_shown_is_a_multiple_of_five_never_below_k_and_near(count: int, k: int) -> None:
    shown = rounded(count, k)
    assert (shown is None) == (count < k)
    if shown is not None:
        assert shown >= k
        assert shown % ROUND == 0
        assert abs(shown - count) * 2 <= k + ROUND


def test_where_k_is_five_it_is_the_nearest_five() -> None:
    assert [rounded(count, 5) for count in (0, 4, 5, 7, 8, 12, 13)] == [
        *(None, None, 5, 5, 10, 10, 15)
    ]


@pytest.mark.parametrize("k", [5, 10])
def test_exact_numbers_are_caught(k: int) -> None:
    published = stocks_exactly([k, k + 1], k)
    assert any(change.tells(k) for change in told_by_windows(published, k, exact, held=False))


def test_totals_across_topics_are_caught() -> None:
    """A total beside its parts tells the one that is hidden: 11 less 5 less 3 hidden."""
    k = 5
    total, shown = behind(exact(11, k), k, exact), behind(exact(9, k), k, exact)
    assert total.minus(shown).tells(k)


def test_a_window_that_begins_anew_each_day_is_caught() -> None:
    """Two overlapping windows of one flow, both shown, differ by what the second added."""
    k = 5
    first, second = behind(exact(6, k), k, exact), behind(exact(8, k), k, exact)
    assert second.minus(first).tells(k)


def test_a_stock_that_follows_the_truth_is_caught() -> None:
    """At the step from one five to the next, the change of a day is laid bare to whoever
    knows the truth at its first day.
    """
    k = 5
    published = stocks_anew_each_window([7, 8], k)
    assert [each.shown for each in published] == [5, 10]
    knowing = Between(7, 7)
    assert not stocks([7, 8], k)[1:]
    assert behind(published[1].shown, k, rounded).minus(knowing).low >= 1


def test_fives_alone_are_caught_where_k_is_ten() -> None:
    k = 10
    outer, inner = behind(fives(15, k), k, fives), behind(fives(10, k), k, fives)
    assert outer.minus(inner).tells(k)
    assert not behind(rounded(15, k), k, rounded).minus(behind(rounded(10, k), k, rounded)).tells(k)
