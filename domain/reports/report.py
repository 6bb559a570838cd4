"""A report as it is kept: a few plain fields to sort by, the rest sealed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NewType

from domain.desks.desk import DeskKey
from domain.ledger.leaf import LeafHash
from domain.places.county import AreaKey, CountyCode
from domain.reports.state import State
from domain.reports.topic import Subject, Topic
from domain.reports.wishes import ForumRelation, HowFar, KeptOut
from domain.staff.member import MemberId

ReportId = NewType("ReportId", bytes)
"""16 random bytes, chosen with the draft: a second *Send* finds the first."""

ReportRef = NewType("ReportRef", str)
"""What moderators call it: six Crockford characters, unrelated to code and locator."""

Locator = NewType("Locator", str)
"""The first five characters of the code; finds the row, opens nothing."""

ForumKey = NewType("ForumKey", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedReport:
    """Envelopes (protection.md, "Keys"); the wraps are under the shred key too."""

    words: bytes
    dek_for_desk: bytes
    case_for_desk: bytes
    case_for_code: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderDesk:
    """All of a report that lies under its desk's key. `files` as they are kept, if there are
    any; `proofs` by the number of their referral.
    """

    report: SealedReport
    files: bytes | None = field(default=None, repr=False)
    proofs: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Asked for on a day. `proof`: what only the code gives; the intake leaf is its hash."""

    asked: date
    proof: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`received_hour` (0-23, Nairobi) only for danger, until seen.
    `detail` is why it is stuck or closed: a word of a list, or an office's key.
    `intake_leaf`: what its right code leads to, even when the row is gone. `unread`: the
    citizen has said something since the desk last opened it. `escalated`: long overdue, and
    the national desk has been told.
    """

    id: ReportId
    ref: ReportRef
    locator: Locator
    county: CountyCode
    area: AreaKey | None
    topic: Topic
    subject: Subject | None = None
    danger: bool
    forum: ForumKey | None = None
    forum_relation: ForumRelation = ForumRelation.NONE
    kept_out: frozenset[KeptOut]
    how_far: HowFar
    received: date
    received_hour: int | None = None
    state: State = State.RECEIVED
    since: date
    detail: str | None = None
    desk: DeskKey
    generation: int
    claimed_by: MemberId | None = None
    notice_due: bool = False
    unread: bool = False
    escalated: bool = False
    withdrawal: Withdrawal | None = None
    intake_leaf: LeafHash
    sealed: SealedReport
    visits: bytes

    @property
    def is_sensitive(self) -> bool:
        return self.topic.is_sensitive or bool(self.kept_out)
