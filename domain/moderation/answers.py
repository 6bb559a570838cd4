"""What a moderator's desk answers."""

from dataclasses import dataclass, field

from domain.moderation.queue import Line
from domain.ports.sealing import Words
from domain.referrals.proof import Proof
from domain.referrals.refer import Target
from domain.referrals.referral import ReferralNumber
from domain.reports.dialogue import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedReport:
    """The words of a report, for an unlocked member's eyes. `dialogue`: what was said since,
    by number. `news`: the citizen has said something that nobody has read. `proofs`: what
    offices say they did.
    """

    line: Line
    words: Words
    mine: bool
    dialogue: tuple[Said, ...] = ()
    news: bool = False
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """`again`: the office had it already."""

    opened: OpenedReport
    number: ReferralNumber
    target: Target
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonFits:
    """The passphrase that goes with this share may be asked for."""

    share: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedNow:
    """The keys are wiped; the channel deletes what was opened."""
