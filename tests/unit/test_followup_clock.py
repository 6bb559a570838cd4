"""Windows, quiet hours and bells: what follows from the clock alone."""

from datetime import date, datetime, time, timedelta, timezone

import pytest

from domain.followup.bells import Daily, Often, Weekly
from domain.followup.windows import Windows

NAIROBI = timezone(timedelta(hours=3))
WINDOWS = Windows(blackouts=((date(2026, 10, 26), date(2026, 11, 20)),))


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NAIROBI)


@pytest.mark.parametrize(
    ("bell", "now", "latest"),
    [
        (Often(minutes=10, past=5), at(25, 9, 4), at(25, 8, 55)),
        (Often(minutes=10, past=5), at(25, 9, 5), at(25, 9, 5)),
        (Often(minutes=10, past=5), at(25, 9, 59), at(25, 9, 55)),
        (Often(minutes=60, past=5), at(25, 9, 4), at(25, 8, 5)),
        (Daily(at=time(18)), at(25, 17, 59), at(24, 18)),
        (Daily(at=time(18)), at(25, 18), at(25, 18)),
        (Weekly(weekday=0, at=time(7)), at(25, 9), at(23, 7)),
        (Weekly(weekday=0, at=time(7)), at(23, 6), at(16, 7)),
        (Weekly(weekday=2, at=time(7)), at(25, 7), at(25, 7)),
    ],
)
def test_a_bell_knows_its_last_moment(
    bell: Often | Daily | Weekly, now: datetime, latest: datetime
) -> None:
    assert bell.latest(now) == latest


def test_the_next_window_is_never_now_and_never_in_a_blackout() -> None:
    assert WINDOWS.next_after(at(25, 17)) == at(25, 18)
    assert WINDOWS.next_after(at(25, 18)) == at(26, 18)
    assert WINDOWS.next_after(at(25, 19, month=10)) == at(21, 18)


def test_the_night_is_quiet_over_midnight_and_its_end_is_not() -> None:
    hours = [hour for hour in range(24) if WINDOWS.is_quiet(at(25, hour))]
    assert hours == [0, 1, 2, 3, 4, 5, 6, 21, 22, 23]


def test_quiet_hours_within_a_day_are_understood_too() -> None:
    noon = Windows(quiet=(time(12), time(14)))
    assert [hour for hour in range(24) if noon.is_quiet(at(25, hour))] == [12, 13]


def test_nothing_leaves_in_a_blackout_or_at_a_window_set_into_the_night() -> None:
    assert WINDOWS.is_open(at(25, 18))
    assert not WINDOWS.is_open(at(20, 18))
    assert not Windows(at=time(22)).is_open(at(25, 22))


def test_what_is_due_in_the_night_leaves_in_the_morning() -> None:
    assert Windows().leaves(at(25, 18)) == at(25, 18)
    assert Windows(at=time(22)).leaves(at(25, 22)) == at(26, 7)
    assert Windows(at=time(6)).leaves(at(25, 6)) == at(25, 7)


@pytest.mark.parametrize(
    ("windows", "last"),
    [
        (Windows(), at(25, 18)),
        (Windows(at=time(22)), at(24, 22)),
        (Windows(blackouts=((date(2026, 11, 24), date(2026, 11, 26)),)), at(23, 18)),
    ],
)
def test_the_last_window_of_a_day_is_the_one_whose_messages_leave_by_then(
    windows: Windows, last: datetime
) -> None:
    assert windows.last_on(date(2026, 11, 25), NAIROBI) == last
