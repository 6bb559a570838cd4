"""The clocks of what was passed on: reminders to the office, and what is long overdue goes up
to the national desk. Run again for the same day it sends and marks nothing new.

1. What is due is read.
2. The messages go into the outbox, once for each day and chat.
3. Only then it is marked, each in a transaction of its own: a crash in between finds the
   messages there already.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.calendar import WorkingCalendar
from domain.desks.desk import NATIONAL
from domain.followup.outbox import Outbox
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.followup.windows import Windows
from domain.ports.stores import Changed, Stores, Wanted
from domain.ports.world import Clock, Entropy
from domain.referrals.desk import ReferralLine, facts_of, line
from domain.referrals.reach import may_have
from domain.referrals.referral import Referral, as_it_stands
from domain.referrals.signed import SignedReferrals
from domain.reports.clocks import Clocks, late_since
from domain.reports.event import EventKind
from domain.reports.record import record_act
from domain.reports.report import Report
from domain.reports.state import Author, State
from domain.staff.member import Role
from domain.staff.officer import Officer, Officers
from domain.staff.seat import Seat

WITH_AN_OFFICE = (State.REFERRED, State.IN_PROGRESS, State.DISPUTED, State.BLOCKED)
PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Chase:
    stores: Stores
    officers: Officers
    outbox: Outbox
    windows: Windows
    clock: Clock
    calendar: WorkingCalendar
    clocks: Clocks
    entropy: Entropy

    async def run(self, moment: datetime) -> int:
        """How many referrals were reminded of, and how many reports went up."""
        today = moment.date()
        return await self._nudge(today) + await self._escalate(today)

    async def _nudge(self, today: date) -> int:
        due = await self._to_be_nudged(today, await self.officers.enrolled())
        told: dict[bytes, tuple[Officer, list[ReferralLine]]] = {}
        for _, after, report, officers in due:
            for officer in officers:
                _, lines = told.setdefault(officer.member, (officer, []))
                lines.append(line(after, report, today))
        await self.outbox.post(
            [
                self._message(officer, MessageKind.NUDGE, today, {"lines": facts_of(lines)})
                for officer, lines in told.values()
            ]
        )
        for before, after, *_ in due:
            await self._keep(before, after)
        return len(due)

    async def _to_be_nudged(
        self, today: date, enrolled: Collection[Officer]
    ) -> list[tuple[Referral, Referral, Report, tuple[Officer, ...]]]:
        """As it is kept, as it is to be kept, its report, and whom it reaches; not what was
        changed by hand.
        """
        signed = SignedReferrals(custody=self.officers.custody, heed=self.officers.book.heed)
        found = []
        async with self.stores.cases() as cases:
            for kept in await cases.referrals.live():
                report = await cases.reports.get(kept.report)
                now = as_it_stands(kept, report)
                days = (today - now.sent).days
                passed = sum(days >= each for each in self.clocks.nudges)
                if not (report and now.state.needs_the_office and passed > now.nudges):
                    continue
                officers = reached(enrolled, now, report)
                if not officers or await signed.shows(cases, officers[0].seat, now, report):
                    found.append((kept, replace(now, nudges=passed), report, officers))
        return found

    async def _keep(self, before: Referral, after: Referral) -> None:
        async with self.stores.cases() as cases:
            try:
                await cases.referrals.replace(before, after)
            except Changed:  # the office has just said something: it is reminded of no more
                return
            await cases.commit()

    async def _escalate(self, today: date) -> int:
        overdue = await self._long_overdue(today)
        if not overdue:
            return 0
        desks = [
            [desk, number] for desk, number in sorted(Counter(r.desk for r in overdue).items())
        ]
        await self.outbox.post(
            [
                self._message(entry, MessageKind.ESCALATION, today, {"desks": desks})
                for entry in await self._national_desk()
            ]
        )
        return sum([await self._raised(report, today) for report in overdue])

    async def _long_overdue(self, today: date) -> list[Report]:
        late = late_since(today, self.calendar, self.clocks)
        found: list[Report] = []
        async with self.stores.cases() as cases:
            wanted = Wanted(
                desks=frozenset(key.desk for key in await cases.staff.desk_keys()),
                late_since={state: late[state] for state in WITH_AN_OFFICE},
            )
            total = await cases.reports.count_waiting(wanted)
            for offset in range(0, total, PAGE):
                page = await cases.reports.waiting(wanted, limit=PAGE, offset=offset)
                found += [report for report in page if not report.escalated]
        return found

    async def _raised(self, report: Report, today: date) -> bool:
        async with self.stores.cases() as cases:
            try:
                await record_act(
                    cases,
                    before=report,
                    after=replace(report, escalated=True),
                    kind=EventKind.ESCALATED,
                    author=Author.CLOCK,
                    day=today,
                    secret=None,
                    entropy=self.entropy,
                )
            except Changed:
                return False
            await cases.commit()
        return True

    async def _national_desk(self) -> list[Addressee]:
        async with self.stores.cases() as cases:
            members = {
                member.id
                for member in await cases.staff.members(NATIONAL)
                if member.role is Role.MODERATOR and not member.revoked
            }
        return [
            Addressee(chat=entry.chat, language=entry.language)
            for entry in await self.officers.book.all()
            if entry.member in members
        ]

    def _message(
        self, to: Officer | Addressee, kind: MessageKind, today: date, facts: dict[str, object]
    ) -> Message:
        if isinstance(to, Officer):
            to = Addressee(chat=to.chat.chat, language=to.chat.language)
        return Message(
            subject=self.outbox.subject(to.chat),
            kind=kind,
            anchor=today.isoformat(),
            due=self.windows.next_after(self.clock.now()),
            to=to,
            facts=facts,
        )


def reached(
    enrolled: Collection[Officer], referral: Referral, report: Report
) -> tuple[Officer, ...]:
    """Whoever sits where it was passed on to; else the officer of the place, unless anybody
    is kept out.
    """
    for seat in (
        Seat(place=referral.place, office=referral.office),
        Seat(place=referral.place),
    ):
        officers = tuple(each for each in enrolled if each.seat == seat)
        if officers and may_have(seat.office, report.kept_out):
            return officers
    return ()
