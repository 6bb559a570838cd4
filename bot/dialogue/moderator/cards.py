"""The cards a moderator can stand at. Data only: what each shows lies in the module of
its own name.
"""

from dataclasses import dataclass, field

from bot.dialogue.screen import Text
from domain.desks.desk import DeskKey
from domain.moderation.answers import OpenedReport
from domain.moderation.queue import Queue
from domain.ports.sealing import Reissued
from domain.referrals.refer import Target
from domain.reports.state import State
from domain.staff.grant import Newcomer
from domain.staff.unlock import Unlocked


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocking:
    """How to unlock; `why` this card came, unless it was asked for."""

    why: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingPassphrase:
    """`share` came with the button and goes with this card."""

    share: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WritingPassphrase:
    """The new passphrase is on the card, and does not hold yet."""

    reissued: Reissued = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingButton:
    """The message that holds the new button; shown once."""

    share: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    unlocked: Unlocked


@dataclass(frozen=True, slots=True, kw_only=True)
class Help: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingLanguage: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingOffice:
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WritingSummary:
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirming:
    """`summary` goes out as it stands here, or not at all."""

    target: Target
    summary: str = field(repr=False)


Passing = ChoosingOffice | WritingSummary | Confirming
"""How far a report is on its way to an office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingDesk:
    """`page` counts from 0."""

    desks: tuple[DeskKey, ...]
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmingDesk:
    desk: DeskKey


Routing = ChoosingDesk | ConfirmingDesk
"""How far a report is on its way to another desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """To the citizen; `refused` words are shown again, so that nothing is lost."""

    refused: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingReport:
    """The only card with a report's words. `page` counts from 0; `asking` for the reason
    of a move to that state. `question`: the next message is one.
    """

    opened: OpenedReport = field(repr=False)
    page: int = 0
    asking: State | None = None
    passing: Passing | None = None
    routing: Routing | None = None
    question: Question | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingQueue:
    queue: Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingCounts:
    total: int
    late: int
    mine: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingNewcomers:
    """`page` counts from 0."""

    newcomers: tuple[Newcomer, ...]
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmingGrant:
    newcomer: Newcomer


Locked = Unlocking | AskingPassphrase
Halves = WritingPassphrase | ShowingButton
Work = Home | ShowingReport | ShowingQueue | ShowingCounts | ShowingNewcomers | ConfirmingGrant
Card = Locked | Halves | Work | Help | ChoosingLanguage
