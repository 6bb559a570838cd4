"""Telling a newcomer that they were let in: they wait for it, and nothing else would say so.

That they are untold is kept with their copies of the key, in one transaction of *cases*; the
message goes into the outbox, in one of *addresses*; then the mark goes. Killed in between, the
next look goes on, and the outbox keeps it to one message.
"""

from dataclasses import dataclass

from domain.chats.staff_book import StaffBook
from domain.followup.outbox import Outbox
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.ports.stores import Stores
from domain.ports.world import Clock
from domain.staff.member import MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    stores: Stores
    book: StaffBook
    outbox: Outbox
    clock: Clock

    async def run(self) -> int:
        """Whoever was let in and was not told, by a crash or by `sauti keys recover`."""
        async with self.stores.cases() as cases:
            untold = await cases.staff.untold()
        for member in untold:
            await self.tell(member)
        return len(untold)

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
        async with self.stores.cases() as cases:
            await cases.staff.drop_untold(member)
            await cases.commit()
