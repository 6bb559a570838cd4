"""What comes next for a report, by when, and whether that is late."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import WorkingCalendar
from domain.reports.report import Report
from domain.reports.state import State


class NextStep(StrEnum):
    READ = "read"
    READ_AT_ONCE = "read_at_once"
    REFER_OR_ANSWER = "refer_or_answer"
    DESK_ANSWERS = "desk_answers"
    OFFICE_ACTS = "office_acts"
    LOOKED_AT_AGAIN = "looked_at_again"
    YOU_SAY = "you_say"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Working days from `since`, except those that end in `_days`: plain days.
    `claim`: working days for which a report stays in the hands of a moderator who does
    nothing with it. `kept_days`: how long a report is kept once it is closed or confirmed.
    """

    review: int = 1
    referral: int = 6
    claim: int = 3
    office_days: int = 21
    nudges: tuple[int, ...] = (3, 10, 24)
    review_days: int = 30
    kept_days: int = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    step: NextStep
    by: date
    late: bool


def due(report: Report, today: date, calendar: WorkingCalendar, clocks: Clocks) -> Due | None:
    """None for a closed report: nothing is awaited."""
    match report.state:
        case State.RECEIVED if report.danger:
            step, by = NextStep.READ_AT_ONCE, _desk_is_there(report.since, calendar)
        case State.RECEIVED:
            step, by = NextStep.READ, calendar.add_working_days(report.since, clocks.review)
        case State.IN_REVIEW:
            by = calendar.add_working_days(report.since, clocks.referral)
            step = NextStep.REFER_OR_ANSWER
        case State.IN_PROGRESS:
            step, by = NextStep.DESK_ANSWERS, _plain(report.since, clocks.office_days)
        case State.REFERRED | State.DISPUTED:
            step, by = NextStep.OFFICE_ACTS, _plain(report.since, clocks.office_days)
        case State.BLOCKED:
            step, by = NextStep.LOOKED_AT_AGAIN, _plain(report.since, clocks.review_days)
        case State.CLAIMED_RESOLVED:
            return Due(step=NextStep.YOU_SAY, by=report.since, late=False)
        case _:
            return None
    return Due(step=step, by=by, late=today > by)


def danger_late_since(today: date, calendar: WorkingCalendar) -> date:
    """The newest `since` of an unread danger that is late today. It is to be seen within an
    hour of the desk's hours; dates are kept, so it is late from the next day on.
    """
    since = _plain(today, -1)
    while _desk_is_there(since, calendar) >= today:
        since = _plain(since, -1)
    return since


def late_since(today: date, calendar: WorkingCalendar, clocks: Clocks) -> dict[State, date]:
    """For each state that has a clock, the newest `since` that is late today."""
    working = {State.RECEIVED: clocks.review, State.IN_REVIEW: clocks.referral}
    plain = {
        State.REFERRED: clocks.office_days,
        State.IN_PROGRESS: clocks.office_days,
        State.DISPUTED: clocks.office_days,
        State.BLOCKED: clocks.review_days,
    }
    late = {state: _plain(today, -days - 1) for state, days in plain.items()}
    for state, days in working.items():
        late[state] = over_since(today, days, calendar)
    return late


def over_since(today: date, days: int, calendar: WorkingCalendar) -> date:
    """The newest day after which this many working days are over by today."""
    since = today
    while calendar.add_working_days(since, days) >= today:
        since = _plain(since, -1)
    return since


def _desk_is_there(day: date, calendar: WorkingCalendar) -> date:
    """This day, if it is a working day, else the next one."""
    return calendar.add_working_days(_plain(day, -1), 1)


def _plain(since: date, days: int) -> date:
    return date.fromordinal(since.toordinal() + days)
