"""Who signed what happened to a report: only moderators who were let in to the desk that it was
with at that moment. An invite's link certifies whom its holder likes, used or not; it lets nobody
in, so with it, and the database, nobody acts as a moderator.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.desks.desk import DeskKey
from domain.ports.sealing import Custody, KeyRefused, Suspect
from domain.ports.stores import Cases
from domain.reports.event import Event, EventKind
from domain.reports.report import Report
from domain.reports.state import Author
from domain.staff.member import DeskCopy, Member, MemberId

SIGNED = frozenset({EventKind.CLAIMED, EventKind.REFERRED, EventKind.ROUTED})
"""What only a moderator does: in anybody else's name it would need no signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signers:
    cases: Cases
    custody: Custody

    async def check(self, report: Report, events: Sequence[Event]) -> None:
        """By number, none left out that sent the report on. Which desk it came to, if it was sent
        on since, only those say who acted there: all of one desk, and not of the next.

        Raises KeyRefused.
        """
        if any(each.kind in SIGNED and each.author is not Author.MODERATOR for each in events):
            raise KeyRefused(Suspect.MEMBER)
        signed = [event for event in events if event.author is Author.MODERATOR]
        known = {event.member: await self._known(event.member) for event in signed}
        was_sent_on = any(event.kind is EventKind.ROUTED for event in signed)
        desk = None if was_sent_on else report.desk
        for event in signed:
            member, held = known[event.member]
            body, signature = event.signed_bytes(), event.signature
            signer = self.custody.check_act(member, held, body, signature)
            if desk not in {None, signer}:
                raise KeyRefused(Suspect.MEMBER)
            desk = signer
            if event.kind is EventKind.ROUTED:
                if event.detail == signer:
                    raise KeyRefused(Suspect.MEMBER)
                desk = DeskKey(event.detail or "")

    async def _known(self, signer: MemberId | None) -> tuple[Member, Sequence[DeskCopy]]:
        member = await self.cases.staff.member(signer) if signer else None
        if member is None:
            raise KeyRefused(Suspect.MEMBER)
        return member, await self.cases.staff.held(member.id)
