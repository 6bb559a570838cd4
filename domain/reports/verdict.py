"""Only whoever holds the code says whether it is better; silence is never a yes."""

from dataclasses import replace
from datetime import date

from domain.reports.report import Report
from domain.reports.state import Author, State, check_move


def judged(report: Report, to: State, today: date) -> Report:
    """`confirmed`, or `disputed`: then the clock starts again.

    Raises MoveRefused when nobody claims that it is done.
    """
    check_move(report.state, to, Author.CITIZEN)
    return replace(report, state=to, since=today, detail=None, unread=True, escalated=False)
