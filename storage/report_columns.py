"""A report as a row, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.desks.desk import DeskKey
from domain.ledger.leaf import LeafHash
from domain.places.county import AreaKey, CountyCode
from domain.reports.report import (
    ForumKey,
    Locator,
    Report,
    ReportId,
    ReportRef,
    SealedReport,
    Withdrawal,
)
from domain.reports.state import State
from domain.reports.topic import Subject, Topic
from domain.reports.wishes import ForumRelation, HowFar, KeptOut
from domain.staff.member import MemberId

WAITING = frozenset(state for state in State if state.is_open or state is State.DISPUTED)


IN_DANGER, IN_LINE = 0, 1


def queue_rank(report: Report) -> int | None:
    if report.state not in WAITING and not report.unread:
        return None
    return IN_DANGER if report.danger else IN_LINE


def columns_of(report: Report) -> dict[str, Any]:
    return {
        "id": report.id,
        "ref": report.ref,
        "locator": report.locator,
        "county": report.county,
        "area": report.area,
        "topic": report.topic.value,
        "subject": report.subject.value if report.subject else None,
        "danger": report.danger,
        "forum": report.forum,
        "forum_relation": report.forum_relation.value,
        "kept_out": ",".join(sorted(report.kept_out)),
        "how_far": report.how_far.value,
        "received": report.received,
        "received_hour": report.received_hour,
        "state": report.state.value,
        "since": report.since,
        "detail": report.detail,
        "desk": report.desk,
        "generation": report.generation,
        "claimed_by": report.claimed_by,
        "notice_due": report.notice_due,
        "unread": report.unread,
        "escalated": report.escalated,
        "withdrawal_asked": report.withdrawal.asked if report.withdrawal else None,
        "withdrawal_proof": report.withdrawal.proof if report.withdrawal else None,
        "intake_leaf": report.intake_leaf,
        "queue_rank": queue_rank(report),
        "words": report.sealed.words,
        "dek_for_desk": report.sealed.dek_for_desk,
        "case_for_desk": report.sealed.case_for_desk,
        "case_for_code": report.sealed.case_for_code,
        "visits": report.visits,
    }


def report_from(row: Mapping[Any, Any]) -> Report:
    return Report(
        id=ReportId(row["id"]),
        ref=ReportRef(row["ref"]),
        locator=Locator(row["locator"]),
        county=CountyCode(row["county"]),
        area=AreaKey(row["area"]) if row["area"] else None,
        topic=Topic(row["topic"]),
        subject=Subject(row["subject"]) if row["subject"] else None,
        danger=row["danger"],
        forum=ForumKey(row["forum"]) if row["forum"] else None,
        forum_relation=ForumRelation(row["forum_relation"]),
        kept_out=frozenset(KeptOut(word) for word in row["kept_out"].split(",") if word),
        how_far=HowFar(row["how_far"]),
        received=row["received"],
        received_hour=row["received_hour"],
        state=State(row["state"]),
        since=row["since"],
        detail=row["detail"],
        desk=DeskKey(row["desk"]),
        generation=row["generation"],
        claimed_by=MemberId(row["claimed_by"]) if row["claimed_by"] else None,
        notice_due=row["notice_due"],
        unread=row["unread"],
        escalated=row["escalated"],
        withdrawal=_withdrawal(row["withdrawal_asked"], row["withdrawal_proof"]),
        intake_leaf=LeafHash(row["intake_leaf"]),
        sealed=SealedReport(
            words=row["words"],
            dek_for_desk=row["dek_for_desk"],
            case_for_desk=row["case_for_desk"],
            case_for_code=row["case_for_code"],
        ),
        visits=row["visits"],
    )


def _withdrawal(asked: date | None, proof: bytes | None) -> Withdrawal | None:
    return Withdrawal(asked=asked, proof=proof or b"") if asked else None
