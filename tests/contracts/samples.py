"""Reports, members and chats as examples; each call makes another one."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from domain.desks.desk import NATIONAL, DeskKey
from domain.ledger.leaf import LeafHash
from domain.places.county import CountyCode
from domain.ports.addresses import (
    ChatRow,
    OutgoingKey,
    OutgoingRow,
    StaffChatRow,
)
from domain.reports.entry import Entry, EntryKind
from domain.reports.event import Event, EventKind
from domain.reports.report import Locator, Report, ReportId, ReportRef, SealedReport
from domain.reports.state import Author, State
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar
from domain.staff.member import DeskCopy, DeskPublic, Invite, InviteId, Member, MemberId, Role

MONDAY = date(2026, 11, 2)
MIDNIGHT = datetime(2026, 11, 3, tzinfo=UTC)
NAIROBI_WEST = DeskKey("nairobi-west")
KIAMBU = DeskKey("022")

_numbers = count(1)


def number(size: int) -> bytes:
    return next(_numbers).to_bytes(size, "big")


def a_report(**different: Any) -> Report:
    mark = next(_numbers)
    values: dict[str, Any] = {
        "id": ReportId(mark.to_bytes(16, "big")),
        "ref": ReportRef(f"R{mark:05}"),
        "locator": Locator(f"L{mark:04}"),
        "county": CountyCode("022"),
        "area": None,
        "topic": Topic.THEFT,
        "danger": False,
        "kept_out": frozenset(),
        "how_far": HowFar.DESK_ONLY,
        "received": MONDAY,
        "since": MONDAY,
        "desk": NATIONAL,
        "generation": 1,
        "sealed": SealedReport(
            words=b"\x01words" * 40,
            dek_for_desk=b"\x01dek",
            case_for_desk=b"\x01case",
            case_for_code=b"\x01code",
        ),
        "visits": b"\x01none",
        "intake_leaf": LeafHash(mark.to_bytes(32, "big")),
    }
    return Report(**values | different)


def an_event(report: Report, event_number: int = 0, **different: Any) -> Event:
    values: dict[str, Any] = {
        "report": report.id,
        "number": event_number,
        "kind": EventKind.RECEIVED,
        "author": Author.CITIZEN,
        "state": State.RECEIVED,
        "day": MONDAY,
    }
    return Event(**values | different)


def an_invite(**different: Any) -> Invite:
    values: dict[str, Any] = {
        "id": InviteId(number(32)),
        "role": Role.MODERATOR,
        "desk": NATIONAL,
        "founding": True,
        "expires": MONDAY,
        "certificate": b"\x01signed by the root",
    }
    return Invite(**values | different)


def a_member(**different: Any) -> Member:
    values: dict[str, Any] = {
        "id": MemberId(number(16)),
        "role": Role.MODERATOR,
        "desk": NATIONAL,
        "sealing_public": b"sealing",
        "signing_public": b"signing",
        "certificate": b"\x01certificate",
        "wrapped_seed": b"\x01\x00\xffseed",
    }
    return Member(**values | different)


def a_desk_key(desk: DeskKey = NATIONAL, generation: int = 1) -> DeskPublic:
    return DeskPublic(
        desk=desk, generation=generation, public=b"public", certificate=b"\x01certificate"
    )


def a_copy(
    member: Member | None, desk: DeskKey = NATIONAL, generation: int = 1, sealed: bytes = b"\x01"
) -> DeskCopy:
    return DeskCopy(
        desk=desk,
        generation=generation,
        member=member.id if member else None,
        sealed=sealed,
        standing=b"\x01standing" if member else b"",
    )


def a_chat(**different: Any) -> ChatRow:
    values: dict[str, Any] = {"tag": number(32), "sealed": b"\x01chat", "expires": MIDNIGHT}
    return ChatRow(**values | different)


def a_staff_chat(member: Member, **different: Any) -> StaffChatRow:
    values: dict[str, Any] = {"tag": number(32), "member": member.id, "sealed": b"\x01chat"}
    return StaffChatRow(**values | different)


def an_entry(report: Report, entry_number: int = 0, **different: Any) -> Entry:
    values: dict[str, Any] = {
        "report": report.id,
        "number": entry_number,
        "kind": EntryKind.QUESTION,
        "author": Author.MODERATOR,
        "day": MONDAY,
        "sealed": b"\x01words",
    }
    return Entry(**values | different)


def an_outgoing(**different: Any) -> OutgoingRow:
    key = OutgoingKey(subject=number(32), kind="notice", anchor="2026-11-03")
    values: dict[str, Any] = {"key": key, "due": MIDNIGHT, "urgent": False, "sealed": b"\x01"}
    return OutgoingRow(**values | different)
