"""How an act that no moderator signs is kept: the citizen's by their code, an office's, the
clock's. Change, event and pending leaf, in one transaction.
"""

from dataclasses import replace
from datetime import date

from domain.ledger.leaf import event_leaf
from domain.ports.sealing import CaseSecret
from domain.ports.stores import Cases
from domain.ports.world import Entropy
from domain.reports.event import Event, EventKind
from domain.reports.report import Report
from domain.reports.state import Author
from domain.staff.member import MemberId

NONCE_BYTES = 32


async def record_act(
    cases: Cases,
    *,
    before: Report,
    after: Report,
    kind: EventKind,
    author: Author,
    day: date,
    secret: CaseSecret | None,
    entropy: Entropy,
    member: MemberId | None = None,
) -> None:
    """`secret`: where nobody has it, the leaf's nonce is chance and kept with the event.
    `member`: the officer.

    Leaves the commit to the caller. Raises Changed when somebody was quicker.
    """
    number = len(await cases.events.of(before.id))
    event = Event(
        report=before.id,
        number=number,
        kind=kind,
        author=author,
        member=member,
        state=after.state,
        detail=after.detail,
        day=day,
    )
    if secret is None:
        event = replace(event, nonce=entropy.token(NONCE_BYTES))
    nonce = event.nonce if secret is None else secret.ledger_nonce(number)
    await cases.reports.replace(before, after)
    await cases.events.add(event)
    await cases.leaves.add(event_leaf(event.signed_bytes(), b"", nonce))
