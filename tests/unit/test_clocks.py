"""What comes next, by when, and whether it is late: `due` and the queue's filter agree."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import WorkingCalendar
from domain.reports.clocks import Clocks, Due, NextStep, danger_late_since, due, late_since
from domain.reports.state import State
from tests.unit.test_report_states import report

CALENDAR, CLOCKS = WorkingCalendar(), Clocks()
FRIDAY, MONDAY, TUESDAY = date(2026, 11, 6), date(2026, 11, 9), date(2026, 11, 10)
DAYS = st.dates(min_value=date(2025, 1, 1), max_value=date(2027, 12, 31))


def awaited(state: State, since: date, today: date, *, danger: bool = False) -> Due | None:
    return due(replace(report(state), since=since, danger=danger), today, CALENDAR, CLOCKS)


SATURDAY = date(2026, 11, 7)


@pytest.mark.parametrize(("since", "by"), [(FRIDAY, FRIDAY), (SATURDAY, MONDAY)])
def test_danger_is_to_be_read_while_the_desk_is_there_and_late_the_day_after(
    since: date, by: date
) -> None:
    for today, late in ((by, False), (by + timedelta(days=1), True)):
        expected = Due(step=NextStep.READ_AT_ONCE, by=by, late=late)
        assert awaited(State.RECEIVED, since, today, danger=True) == expected


def test_a_report_of_friday_is_to_be_read_on_monday_and_late_on_tuesday() -> None:
    for day, late in ((FRIDAY, False), (MONDAY, False), (TUESDAY, True)):
        assert awaited(State.RECEIVED, FRIDAY, day) == Due(step=NextStep.READ, by=MONDAY, late=late)


def test_a_holiday_gives_the_desk_a_day_more() -> None:
    mashujaa_eve = date(2026, 10, 19)
    expected = Due(step=NextStep.READ, by=date(2026, 10, 21), late=False)
    assert awaited(State.RECEIVED, mashujaa_eve, date(2026, 10, 21)) == expected


@pytest.mark.parametrize(
    ("state", "step", "by"),
    [
        (State.IN_REVIEW, NextStep.REFER_OR_ANSWER, date(2026, 11, 16)),
        (State.REFERRED, NextStep.OFFICE_ACTS, date(2026, 11, 27)),
        (State.IN_PROGRESS, NextStep.DESK_ANSWERS, date(2026, 11, 27)),
        (State.DISPUTED, NextStep.OFFICE_ACTS, date(2026, 11, 27)),
        (State.BLOCKED, NextStep.LOOKED_AT_AGAIN, date(2026, 12, 6)),
    ],
)
def test_every_open_state_has_its_day(state: State, step: NextStep, by: date) -> None:
    assert awaited(state, FRIDAY, by) == Due(step=step, by=by, late=False)
    assert awaited(state, FRIDAY, by + timedelta(days=1)) == Due(step=step, by=by, late=True)


def test_the_holder_of_the_code_is_never_late() -> None:
    found = awaited(State.CLAIMED_RESOLVED, FRIDAY, FRIDAY + timedelta(days=900))
    assert found is not None
    assert (found.step, found.late) == (NextStep.YOU_SAY, False)


@pytest.mark.parametrize("state", [state for state in State if state.is_closed])
def test_nothing_is_awaited_of_a_closed_report(state: State) -> None:
    assert awaited(state, FRIDAY, TUESDAY) is None


@settings(deadline=None)
@given(today=DAYS, state=st.sampled_from(State), ago=st.integers(0, 45), danger=st.booleans())
def test_the_queue_shows_as_late_exactly_what_its_line_calls_late(
    today: date, state: State, ago: int, *, danger: bool
) -> None:
    since = today - timedelta(days=ago)
    line = awaited(state, since, today, danger=danger)
    bounds = late_since(today, CALENDAR, CLOCKS)
    unread_danger = danger and state is State.RECEIVED
    shown = (state in bounds and since <= bounds[state]) or (
        unread_danger and since <= danger_late_since(today, CALENDAR)
    )
    assert shown == (line is not None and line.late)
