"""What an office says of a referral. None of it closes the report: only the holder of its
code says whether it is done.
"""

from dataclasses import dataclass, replace
from datetime import date

from domain.errors import DomainError
from domain.referrals.referral import Referral, ReferralState
from domain.reports.report import Report
from domain.reports.state import Author, State, check_move


class ReferralUnknown(DomainError):
    """No such number at this officer's seat."""

    key = "error.referral_unknown"


class SaidAlready(DomainError):
    """The office has said just that."""

    key = "error.said_already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`detail`: for want of what, when blocked."""

    state: ReferralState
    detail: str | None = None
    proof: bytes = b""


LEADS_TO: dict[ReferralState, State] = {
    ReferralState.TAKEN: State.IN_PROGRESS,
    ReferralState.BLOCKED: State.BLOCKED,
    ReferralState.DONE: State.CLAIMED_RESOLVED,
    ReferralState.NOT_MINE: State.IN_REVIEW,
}


def acted(referral: Referral, report: Report, said: Said, day: date) -> tuple[Referral, Report]:
    """Both as they are afterwards. Raises ReferralUnknown, SaidAlready, MoveRefused."""
    if referral.state.is_over:
        raise ReferralUnknown
    if (referral.state, referral.detail) == (said.state, said.detail):
        raise SaidAlready
    to = LEADS_TO[said.state]
    check_move(report.state, to, Author.OFFICE)
    returned = said.state is ReferralState.NOT_MINE
    detail = {State.BLOCKED: said.detail, State.IN_REVIEW: None}
    return (
        replace(referral, state=said.state, since=day, detail=said.detail, proof=said.proof),
        replace(
            report,
            state=to,
            since=day,
            detail=detail.get(to, referral.office),
            claimed_by=None if returned else report.claimed_by,
            notice_due=True,
        ),
    )
