"""How every moderator's act is kept: the change, the signed event and its pending
leaf, in one transaction.
"""

from dataclasses import replace
from datetime import date

from domain.ledger.leaf import event_leaf
from domain.ports.sealing import Session
from domain.ports.stores import Cases
from domain.reports.event import Event, EventKind
from domain.reports.report import Report
from domain.reports.state import Author


async def record(
    cases: Cases,
    session: Session,
    shred_key: bytes,
    *,
    before: Report,
    after: Report,
    kind: EventKind,
    day: date,
    detail: str | None = None,
) -> None:
    """`detail`: of the event, where it is not the report's own.

    Leaves the commit to the caller. Raises Changed when somebody was quicker.
    """
    number = len(await cases.events.of(before.id))
    event = Event(
        report=before.id,
        number=number,
        kind=kind,
        author=Author.MODERATOR,
        member=session.member,
        state=after.state,
        detail=after.detail if detail is None else detail,
        day=day,
    )
    body = event.signed_bytes()
    signature = session.sign(body)
    nonce = session.case(before, shred_key).ledger_nonce(number)
    await cases.reports.replace(before, after)
    await cases.events.add(replace(event, signature=signature))
    await cases.leaves.add(event_leaf(body, signature, nonce))
