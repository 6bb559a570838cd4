"""The rules of `/status`: which steps a moderator may take alone."""

from dataclasses import replace
from datetime import date

from domain.errors import DomainError
from domain.reports.report import Report
from domain.reports.state import Author, NoActionReason, State, Want, check_move
from domain.staff.member import MemberId


class ReasonMissing(DomainError):
    """`blocked` and `no_action` need a word of their list."""

    key = "error.reason_missing"


class NeedsSecondKey(DomainError):
    """A sensitive report is not closed by one moderator alone (promise 15)."""

    key = "error.needs_second_key"


class NeedsReferral(DomainError):
    """`referred` is what `/refer` makes: a status alone would be a lie."""

    key = "error.needs_referral"


class ClaimedByAnother(DomainError):
    key = "error.claimed_by_another"


REASONS: dict[State, frozenset[str]] = {
    State.BLOCKED: frozenset(Want),
    State.NO_ACTION: frozenset(NoActionReason),
}


def moved(
    report: Report,
    to: State,
    detail: str | None,
    member: MemberId,
    today: date,
    *,
    sensitive: bool,
) -> Report:
    """The report after the step. `sensitive`: by what the citizen sealed; a plain column
    can be changed by whoever writes to the database.

    Raises ClaimedByAnother, MoveRefused, NeedsReferral, NeedsSecondKey, ReasonMissing.
    """
    if report.claimed_by not in {None, member}:
        raise ClaimedByAnother
    if to is State.REFERRED:
        raise NeedsReferral
    check_move(report.state, to, Author.MODERATOR)
    if to.is_closed and (sensitive or report.is_sensitive):
        raise NeedsSecondKey
    reasons = REASONS.get(to)
    if reasons is not None and detail not in reasons:
        raise ReasonMissing(state=to)
    return replace(
        report,
        state=to,
        since=today,
        detail=detail if reasons else None,
        claimed_by=member,
        received_hour=None,
        notice_due=True,
    )


def claimed(report: Report, member: MemberId, today: date) -> Report:
    """The report in this member's hands; reading begins with the first claim."""
    if report.state is State.RECEIVED:
        free = replace(report, claimed_by=None)
        return moved(free, State.IN_REVIEW, None, member, today, sensitive=True)
    return replace(report, claimed_by=member)


def released(report: Report, member: MemberId) -> Report:
    """Raises ClaimedByAnother."""
    if report.claimed_by != member:
        raise ClaimedByAnother
    return replace(report, claimed_by=None)
