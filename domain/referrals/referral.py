"""A report passed on to an office: what the office acts on, by a number of its own."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from domain.offices.office import OfficeKey
from domain.reports.report import ReportId

ReferralNumber = NewType("ReferralNumber", str)
"""What officers call it: like `K7M2QX`, unrelated to REF, code and locator."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """`place`: the county's code, the area's key, or `national`. `nudges`: how many reminders
    have gone out. The summary is not here: it lies under the case secret.
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
