"""An officer's digest: what needs them first, then how their referrals stand. Nothing in it is
of a report that keeps their office out, as no such referral is theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.followup.outbox import Outbox
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.followup.windows import Windows
from domain.places.county import CountyCode
from domain.ports.stores import Stores
from domain.ports.world import Clock
from domain.referrals.desk import digest_of
from domain.referrals.pictured import pictures_of
from domain.referrals.signed import SignedReferrals
from domain.reports.clocks import Clocks
from domain.staff.officer import Officer, Officers


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """`places`: names by county code and area key; `counties`: the county of each."""

    stores: Stores
    officers: Officers
    outbox: Outbox
    windows: Windows
    clock: Clock
    clocks: Clocks
    places: Mapping[str, str] = field(repr=False)
    counties: Mapping[str, CountyCode] = field(repr=False)

    async def weekly(self, moment: datetime) -> int:
        """To every officer, with its pictures; again for the same moment it sends nothing new."""
        return await self._send(MessageKind.WEEKLY, moment, await self.officers.enrolled())

    async def daily(self, moment: datetime) -> int:
        """To whoever chose it."""
        wanted = tuple(each for each in await self.officers.enrolled() if each.chat.daily)
        return await self._send(MessageKind.DAILY, moment, wanted)

    async def _send(self, kind: MessageKind, moment: datetime, to: tuple[Officer, ...]) -> int:
        messages = []
        for officer in to:
            async with self.stores.cases() as cases:
                facts = await digest_of(
                    cases,
                    officer.seat,
                    moment.date(),
                    signed=SignedReferrals(
                        custody=self.officers.custody, heed=self.officers.book.heed
                    ),
                    clocks=self.clocks,
                    places=self.places,
                    counties=self.counties,
                )
            chat = officer.chat
            message = Message(
                subject=self.outbox.subject(chat.chat),
                kind=kind,
                anchor=moment.date().isoformat(),
                due=self._due(),
                to=Addressee(chat=chat.chat, language=chat.language),
                facts=facts,
            )
            messages.append(message)
            if kind is MessageKind.WEEKLY:
                messages += pictures_of(message)
        return await self.outbox.post(messages)

    def _due(self) -> datetime:
        """Now, unless nothing leaves now: then at the next window."""
        now = self.clock.now()
        closed = self.windows.is_quiet(now) or self.windows.is_blackout(now.date())
        return self.windows.next_after(now) if closed else now
