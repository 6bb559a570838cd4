"""A report passed on to an office: what the office acts on, by a number of its own."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import NewType

from domain.offices.office import OfficeKey
from domain.ports.world import Entropy
from domain.reports.reference import ALPHABET, LENGTH, read_ref
from domain.reports.report import Report, ReportId
from domain.reports.state import State

ReferralNumber = NewType("ReferralNumber", str)
"""What officers call it: like `K7M2QX`, unrelated to REF, code and locator."""


def new_number(entropy: Entropy) -> ReferralNumber:
    """Six characters, 30 bits: unique in the store, not secret."""
    return ReferralNumber("".join(ALPHABET[byte & 31] for byte in entropy.token(LENGTH)))


def read_number(typed: str) -> ReferralNumber | None:
    """Forgives what a REF is forgiven; None when it can't be one."""
    read = read_ref(typed)
    return ReferralNumber(read) if read else None


class ReferralState(StrEnum):
    """`sent` until the office says something; `closed` once it is out of its hands."""

    SENT = "sent"
    TAKEN = "taken"
    BLOCKED = "blocked"
    DONE = "done"
    NOT_MINE = "not_mine"
    CLOSED = "closed"

    @property
    def needs_the_office(self) -> bool:
        return self in {ReferralState.SENT, ReferralState.TAKEN, ReferralState.BLOCKED}

    @property
    def is_over(self) -> bool:
        """Nothing brings it back to the office."""
        return self in {ReferralState.NOT_MINE, ReferralState.CLOSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """`place`: the county's code, the area's key, or `national`. `nudges`: how many reminders
    have gone out. The summary is not here: it lies under the case secret. `proof`: what the
    office says was done, sealed to the desk.
    """

    number: ReferralNumber
    report: ReportId
    office: OfficeKey
    place: str
    sent: date
    state: ReferralState = ReferralState.SENT
    since: date
    detail: str | None = None
    nudges: int = 0
    proof: bytes = field(default=b"", repr=False)


WITH_THE_OFFICE = frozenset(
    {
        State.REFERRED,
        State.IN_PROGRESS,
        State.BLOCKED,
        State.CLAIMED_RESOLVED,
        State.DISPUTED,
    }
)
"""A report in any other state is out of the office's hands."""


def as_it_stands(referral: Referral, report: Report | None) -> Referral:
    """What the report's own state makes of it: whoever holds the code said it is not done,
    and the clock starts again; or the report left the office's hands.
    """
    if referral.state.is_over:
        return referral
    if report is None or report.state not in WITH_THE_OFFICE:
        return replace(referral, state=ReferralState.CLOSED)
    if referral.state is ReferralState.DONE and report.state is State.DISPUTED:
        return replace(
            referral,
            state=ReferralState.SENT,
            sent=report.since,
            since=report.since,
            detail=None,
            nudges=0,
        )
    return referral
