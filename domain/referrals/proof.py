"""What an office says was done, opened for the desk it was sealed to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.ports.sealing import Session
from domain.referrals.referral import Referral, ReferralNumber
from domain.reports.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    number: ReferralNumber
    day: date
    words: str = field(repr=False)


def proofs(
    referrals: Sequence[Referral], report: Report, session: Session, shred_key: bytes
) -> tuple[Proof, ...]:
    """Oldest first. An office that has the report again has said nothing yet.
    Raises EnvelopeLost.
    """
    given = sorted((each for each in referrals if each.proof), key=lambda each: each.since)
    return tuple(
        Proof(
            number=each.number,
            day=each.since,
            words=session.proof(report, each.number, each.proof, shred_key),
        )
        for each in given
    )
