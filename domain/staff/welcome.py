"""Telling a newcomer that they were let in: they wait for it, and nothing else would say so."""

from dataclasses import dataclass

from domain.chats.staff_book import StaffBook
from domain.followup.outbox import Outbox
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.ports.world import Clock
from domain.staff.member import MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    book: StaffBook
    outbox: Outbox
    clock: Clock

    async def tell(self, member: MemberId) -> None:
        """Once a member, and at night too: they have just compared their words by voice."""
        await self.outbox.post(
            [
                Message(
                    subject=self.outbox.subject(entry.chat),
                    kind=MessageKind.LET_IN,
                    anchor=member.hex(),
                    due=self.clock.now(),
                    to=Addressee(chat=entry.chat, language=entry.language),
                    facts={},
                    urgent=True,
                )
                for entry in await self.book.all()
                if entry.member == member
            ]
        )
