"""Kenyan working days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import WorkingCalendar

CALENDAR = WorkingCalendar()
UNHURRIED = settings(deadline=None)  # the first call fills a cache
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2032, 12, 31))


@pytest.mark.parametrize(
    "holiday",
    [
        date(2026, 1, 1),
        date(2026, 3, 20),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 6, 1),
        date(2026, 10, 10),
        date(2026, 10, 20),
        date(2026, 12, 12),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ],
)
def test_a_public_holiday_of_2026_is_no_working_day(holiday: date) -> None:
    assert not CALENDAR.is_working_day(holiday)


def test_the_monday_after_a_holiday_on_a_sunday_is_free() -> None:
    assert date(2027, 12, 12).weekday() == 6
    assert not CALENDAR.is_working_day(date(2027, 12, 13))


def test_an_ordinary_week_has_five_working_days() -> None:
    week = [date(2026, 11, 23) + timedelta(days=ahead) for ahead in range(7)]
    assert [CALENDAR.is_working_day(day) for day in week] == [True] * 5 + [False] * 2


def test_easter_is_stepped_over() -> None:
    assert CALENDAR.add_working_days(date(2026, 4, 2), 1) == date(2026, 4, 7)


def test_a_proclaimed_day_is_stepped_over_too() -> None:
    voting = date(2027, 8, 10)
    assert CALENDAR.is_working_day(voting)
    calendar = WorkingCalendar(proclaimed=frozenset({voting}))
    assert not calendar.is_working_day(voting)
    assert calendar.add_working_days(date(2027, 8, 9), 1) == date(2027, 8, 11)


def test_late_evening_in_london_is_already_tomorrow_in_nairobi() -> None:
    assert CALENDAR.day_of(datetime(2026, 11, 23, 21, 30, tzinfo=UTC)) == date(2026, 11, 24)


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 23, 12, 0, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.day_of(naive)


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_days(date(2026, 11, 23), -1)


@UNHURRIED
@given(start=DAYS, n=st.integers(min_value=1, max_value=60))
def test_the_day_reached_is_a_working_day_and_counts_back_to_n(start: date, n: int) -> None:
    reached = CALENDAR.add_working_days(start, n)
    assert reached > start
    assert CALENDAR.is_working_day(reached)
    assert CALENDAR.working_days_between(start, reached) == n


@UNHURRIED
@given(start=DAYS, n=st.integers(0, 30), more=st.integers(0, 30))
def test_two_steps_reach_as_far_as_one(start: date, n: int, more: int) -> None:
    twice = CALENDAR.add_working_days(CALENDAR.add_working_days(start, n), more)
    assert twice == CALENDAR.add_working_days(start, n + more)


@UNHURRIED
@given(start=DAYS)
def test_no_working_days_later_is_the_same_day(start: date) -> None:
    assert CALENDAR.add_working_days(start, 0) == start
    assert CALENDAR.working_days_between(start, start) == 0


@UNHURRIED
@given(start=DAYS, length=st.integers(0, 60))
def test_the_same_days_are_counted_from_either_end(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    there = CALENDAR.working_days_between(start, end)
    assert 0 <= there <= length
    assert CALENDAR.working_days_between(end, start) == -there
