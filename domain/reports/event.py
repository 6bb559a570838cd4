"""What happened to a report, who said so, and the bytes a moderator signs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from domain.ledger.encoding import framed, text
from domain.reports.report import ReportId
from domain.reports.state import Author, State
from domain.staff.member import MemberId

EventId = NewType("EventId", bytes)


class EventKind(StrEnum):
    RECEIVED = "received"
    CLAIMED = "claimed"
    RELEASED = "released"
    MOVED = "moved"
    ASKED = "asked"
    ANSWERED = "answered"
    ADDED = "added"
    REFERRED = "referred"
    VERDICT = "verdict"
    ESCALATED = "escalated"
    ROUTED = "routed"
    WITHDRAWAL_ASKED = "withdrawal_asked"
    WITHDRAWAL_STOPPED = "withdrawal_stopped"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`number` counts within the report, from 0. `day` is coarse on purpose.
    `signature` is the member's (Ed25519) over `signed_bytes()`; empty for the
    citizen, the office and the clock, whose acts are covered by the leaf alone.
    `detail`: the report's own; of `routed`, the desk it went to; of `referred`, the report's own
    and what follows it (`domain/referrals/signed.py`).
    `nonce`: 32 random bytes for the leaf where nobody had the case secret; else empty,
    as it follows from it.
    """

    report: ReportId
    number: int
    kind: EventKind
    author: Author
    member: MemberId | None = None
    state: State
    detail: str | None = None
    day: date
    signature: bytes = b""
    nonce: bytes = b""

    def signed_bytes(self) -> bytes:
        return framed(
            b"sauti/event/v1",
            self.report,
            self.number.to_bytes(4, "big"),
            text(self.kind),
            text(self.author),
            self.member or b"",
            text(self.state),
            text(self.detail),
            text(self.day.isoformat()),
        )
