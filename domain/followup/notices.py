"""News of one's own report. A change marks its report, followed or not; the notices are
written later, many at once, so that no message meets the change it belongs to.
"""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from domain.calendar import WorkingCalendar
from domain.desks.desk import DeskKey
from domain.errors import DomainError
from domain.followup.mailboxes import KEPT, Mailboxes
from domain.followup.outbox import Outbox
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.followup.windows import Windows
from domain.moderation.sessions import Sessions
from domain.ports.sealing import CaseSecret, EnvelopeLost, Session
from domain.ports.stores import Cases, Changed, Stores
from domain.ports.world import Clock
from domain.reports.event import Event, EventKind
from domain.reports.report import Report, ReportId, Withdrawal
from domain.reports.withdrawal import is_recorded, last_day_to_tell, takes_effect

FEWEST = 5
"""Due reports of one desk in a batch, followed or not: a chat that follows a county stands beside
that county's desk, whatever else is in the batch.
"""

LONGEST = timedelta(days=4)
"""After these a batch may be smaller: nobody waits for ever at a quiet desk. No hour is kept
beside a change, so 72 hours have surely passed only when its day is the fourth before.
"""

NOON = time(12)
"""A window before it comes before the hours of its own day, in which somebody reads."""

NEWS = frozenset(
    {
        EventKind.ASKED,
        EventKind.REFERRED,
        EventKind.ESCALATED,
        EventKind.ROUTED,
        EventKind.WITHDRAWAL_ASKED,
    }
)
"""Events that are news even where the state stays."""


@dataclass(slots=True, kw_only=True)
class Notices:
    """Lives in the process in which moderators unlock: only there is a case secret opened.
    `lost`: reports whose secret does not open; the alarm is raised once.
    """

    stores: Stores
    sessions: Sessions
    mailboxes: Mailboxes
    outbox: Outbox
    windows: Windows
    calendar: WorkingCalendar
    clock: Clock
    heed: Callable[[DomainError], object]
    lost: set[ReportId] = field(default_factory=set)
    swept: dict[DeskKey, date] = field(default_factory=dict)

    async def run(self) -> int:
        """1. Which unlocked desks' time has come, and what is due there. 2. Whom it goes to, in
        memory alone. 3. One shuffled batch of all these desks, keyed by secret and window, so
        that a crash writes none twice. 4. Only then their marks are taken away, where nothing
        has happened since; what is due at other desks keeps its own.

        How many notices were written.
        """
        sessions = self.sessions.unlocked(self.clock.now())
        desks = frozenset(desk for session in sessions for desk in session.desks)
        if not desks:
            return 0
        async with self.stores.cases() as cases:
            ripe: list[Report] = []
            for of_desk in _by_desk(await cases.reports.notice_due(desks)):
                if await self._is_time(cases, of_desk):
                    ripe += of_desk
        if not ripe:
            return 0
        due = await self._opened(ripe, sessions)
        resolved = self.clock.now()  # whoever says /forget while we look is not written to
        addressees = await self.mailboxes.addressees([secret for _, secret in due])
        pairs = zip(due, addressees, strict=True)
        written = await self.outbox.post(
            [self._notice(secret, to, resolved) for (_, secret), to in pairs if to is not None]
        )
        await self._unmark([report for report, _ in due])
        return written

    async def sweep(self) -> int:
        """Mailboxes of reports that have not moved for ninety days, and of chats that were
        forgotten; once a day for each desk. The others are kept a while longer, all of them
        alike: what nobody keeps goes by itself. How many went.
        """
        today, sessions = self.clock.now().date(), self.sessions.unlocked(self.clock.now())
        unlocked = {desk for session in sessions for desk in session.desks}
        desks = {desk for desk in unlocked if self.swept.get(desk) != today}
        if not desks:
            return 0
        async with self.stores.cases() as cases:
            there = await cases.reports.unmoved(today, desks=desks)
        moved = {report.id for report in there if report.since > today - KEPT}
        opened = await self._opened(there, sessions)
        gone = await self.mailboxes.keep([s for report, s in opened if report.id in moved])
        over = [secret for report, secret in opened if report.id not in moved]
        gone += await self.mailboxes.close([secret.mailbox_slot() for secret in over])
        self.swept |= dict.fromkeys(desks, today)
        return gone

    async def _is_time(self, cases: Cases, marked: Iterable[Report]) -> bool:
        there = [report for report in marked if report.id not in self.lost]
        if len(there) >= FEWEST:
            return True
        return any([await self._waits_no_longer(cases, report) for report in there])

    async def _waits_no_longer(self, cases: Cases, report: Report) -> bool:
        """A withdrawal that a row alone speaks of would hasten a batch by one UPDATE, and
        nothing will be destroyed for it: it waits like the others.
        """
        events = await cases.events.of(report.id)
        asked = report.withdrawal
        if asked and self._is_last_call(asked) and is_recorded(report, events):
            return True
        return _since(report, events) <= self.clock.now().date() - LONGEST

    def _is_last_call(self, withdrawal: Withdrawal) -> bool:
        """Whether the next window is the last that leaves its holder a whole day to stop it, or
        no working day, on which somebody reads, lies before a later one. As late as that, so
        that others may join; but too late for a whole day is better than after the end.
        """
        now = self.clock.now()
        window = self.windows.next_after(now)
        if self.windows.leaves(window).date() >= takes_effect(withdrawal):
            return False
        last = self.windows.last_on(last_day_to_tell(withdrawal), now.tzinfo)
        return self.calendar.working_days_between(_day_before(window), _day_before(last)) <= 0

    async def _opened(
        self, reports: Iterable[Report], sessions: tuple[Session, ...]
    ) -> list[tuple[Report, CaseSecret]]:
        opened = []
        for report in reports:
            session = _reader(report, sessions)
            async with self.stores.shreds() as shreds:
                key = await shreds.get(report.id)
            try:
                opened.append((report, session.case(report, key or b"")))
            except EnvelopeLost as lost:
                if report.id not in self.lost:
                    self.lost.add(report.id)
                    self.heed(lost)
        return opened

    def _notice(self, secret: CaseSecret, to: Addressee, resolved: datetime) -> Message:
        window = self.windows.next_after(self.clock.now())
        anchor = window.isoformat()
        slot = base64.urlsafe_b64encode(secret.mailbox_slot()).decode().rstrip("=")
        return Message(
            subject=secret.notice_id(anchor),
            kind=MessageKind.NOTICE,
            anchor=anchor,
            due=window,
            to=to,
            facts={"slot": slot, "written": resolved.isoformat()},
        )

    async def _unmark(self, reports: Iterable[Report]) -> None:
        """In bulk. Whatever changed meanwhile keeps its mark, and is resolved again."""
        async with self.stores.cases() as cases:
            for report in reports:
                try:
                    await cases.reports.replace(report, replace(report, notice_due=False))
                except Changed:
                    continue
            await cases.commit()


def _by_desk(reports: Iterable[Report]) -> list[list[Report]]:
    found: dict[DeskKey, list[Report]] = {}
    for report in reports:
        found.setdefault(report.desk, []).append(report)
    return list(found.values())


def _reader(report: Report, sessions: Iterable[Session]) -> Session:
    """One who holds this generation, if anybody does: a new one reaches them within seconds."""
    of_desk = [each for each in sessions if report.desk in each.desks]
    generation = (report.desk, report.generation)
    return next((each for each in of_desk if generation in each.generations), of_desk[0])


def _day_before(window: datetime) -> date:
    """The last one whose hours lie before this window."""
    return window.date() - timedelta(days=window.time() < NOON)


def _since(report: Report, events: Iterable[Event]) -> date:
    """The day of the last event that is news: a question leaves the report's `since` alone."""
    news, state = report.since, None
    for event in events:
        if event.kind in NEWS or event.state is not state:
            news = event.day
        state = event.state
    return news
