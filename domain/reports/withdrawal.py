"""Withdrawing: asked for by whoever holds the code, stopped by the same, and carried out by the
clock after 72 hours. Nobody else can ask for it: the proof follows from the code alone, and
its hash is the intake leaf. The desk cannot hasten it. Whoever writes to the database can, once it
is asked for: its day is signed by nobody.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from domain.errors import DomainError
from domain.ledger.leaf import intake_leaf
from domain.reports.event import Event, EventKind
from domain.reports.report import Report, Withdrawal
from domain.reports.state import State

WAITS = timedelta(days=4)
"""Days are kept, not hours: three whole days lie between the day it was asked for and this
one, so never fewer than 72 hours.
"""

TO_STOP_IT = timedelta(days=1)
"""Whoever wants news of the report is to have a whole day between hearing of it and this end."""

_ASKING = frozenset({EventKind.WITHDRAWAL_ASKED, EventKind.WITHDRAWAL_STOPPED})


class WithdrawalAsked(DomainError):
    """Nothing new leaves the desk meanwhile."""

    key = "error.withdrawal_asked"


def takes_effect(withdrawal: Withdrawal) -> date:
    """The day in whose first hours the report is destroyed."""
    return withdrawal.asked + WAITS


def last_day_to_tell(withdrawal: Withdrawal) -> date:
    """Told on this day, its holder still has the whole of the next one."""
    return takes_effect(withdrawal) - TO_STOP_IT - timedelta(days=1)


def asked_by(today: date) -> date:
    """The newest day of asking that takes effect today."""
    return today - WAITS


def asked(report: Report, proof: bytes, today: date) -> Report:
    """The desk is to see it, and so is whoever wants news of it: it may not be their wish."""
    withdrawal = Withdrawal(asked=today, proof=proof)
    return replace(report, withdrawal=withdrawal, unread=True, notice_due=True)


def stopped(report: Report) -> Report:
    return replace(report, withdrawal=None, unread=True)


def withdrawn(report: Report, today: date) -> Report:
    """`withdrawal` stays until the row goes: by it the clock finds what it left half done."""
    return replace(
        report,
        state=State.WITHDRAWN,
        since=today,
        detail=None,
        claimed_by=None,
        unread=False,
        notice_due=False,
    )


def is_recorded(report: Report, events: Sequence[Event]) -> bool:
    """Whether the row says of a withdrawal what the events say, and by the code."""
    last = next((event for event in reversed(events) if event.kind in _ASKING), None)
    wanted = last is not None and last.kind is EventKind.WITHDRAWAL_ASKED
    if report.withdrawal is None or last is None:
        return report.withdrawal is None and not wanted
    return (
        wanted
        and last.day == report.withdrawal.asked
        and intake_leaf(report.withdrawal.proof) == report.intake_leaf
    )
