"""What a moderator signed when a report was passed on, and who sees the referral by it: columns
can be changed by whoever writes to the database, and would show a number and a topic to an office
that is kept out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.errors import DomainError
from domain.offices.office import OfficeKey
from domain.ports.sealing import Custody, KeyRefused
from domain.ports.stores import Cases
from domain.referrals.referral import Referral
from domain.reports.event import Event, EventKind
from domain.reports.history import RecordChanged
from domain.reports.report import Report
from domain.reports.signers import Signers
from domain.staff.seat import Seat

ALONE = "alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFor:
    """The detail of a `referred` event. `alone`: somebody is kept out, by what the citizen sealed,
    so the officer of the place, whose office nobody knows, does not see it. `place` None: signed
    before December 2026, when the office alone was.
    """

    office: OfficeKey
    place: str | None
    alone: bool

    def spelled(self) -> str:
        return " ".join([self.office, self.place or "", *([ALONE] if self.alone else [])]).strip()

    @classmethod
    def read(cls, detail: str) -> "SignedFor":
        office, _, rest = detail.partition(" ")
        place, _, alone = rest.partition(" ")
        return cls(office=OfficeKey(office), place=place or None, alone=alone == ALONE)

    def shows(self, seat: Seat, referral: Referral) -> bool:
        """Of columns changed since: nothing. What was signed before says no place, and who else
        is kept out is known by the column alone.
        """
        if self.office != referral.office or self.place not in {None, referral.place}:
            return False
        if seat.office is None:
            return seat.place == referral.place and not self.alone
        return seat == Seat(place=referral.place, office=self.office)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedReferrals:
    custody: Custody
    heed: Callable[[DomainError], object]

    async def shows(self, cases: Cases, seat: Seat, referral: Referral, report: Report) -> bool:
        """Whether the last time the report was passed on is this referral, and to this seat. If
        not, nobody sees it, and it is an alarm, unless it was passed on elsewhere meanwhile.
        """
        events = await cases.events.of(report.id)
        passed = next((e for e in reversed(events) if e.kind is EventKind.REFERRED), None)
        said = SignedFor.read(passed.detail or "") if passed else None
        told = [each for each in events if each is passed or each.kind is EventKind.ROUTED]
        if said and said.shows(seat, referral) and await self._holds(cases, report, told):
            return True
        now = await cases.referrals.get(referral.number)
        if now is not None and not now.state.is_over:
            self.heed(RecordChanged())
        return False

    async def _holds(self, cases: Cases, report: Report, events: Sequence[Event]) -> bool:
        """Whether it was signed at the desk that the report was with then."""
        try:
            await Signers(cases=cases, custody=self.custody).check(report, events)
        except KeyRefused:
            return False
        return True
