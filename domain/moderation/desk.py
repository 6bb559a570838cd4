"""What a moderator can ask of the product, from the chat they enrolled in."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from domain.calendar import WorkingCalendar
from domain.desks.desk import DeskKey
from domain.errors import DomainError
from domain.moderation.answers import ButtonFits, LockedNow, OpenedReport, PassedOn
from domain.moderation.ask import asked, check_question, question
from domain.moderation.files import files_of
from domain.moderation.move import ClaimedByAnother, claimed, moved, released
from domain.moderation.queue import PAGE, Filter, Line, Queue
from domain.moderation.record import record
from domain.moderation.reroute import Rerouted, check_movable, desks_for, read_desk, reroute
from domain.moderation.sessions import Sessions
from domain.ports.sealing import Custody, EnvelopeLost, Reissued, Session, Words
from domain.ports.stores import (
    Cases,
    Changed,
    Stores,
    Wanted,
)
from domain.ports.world import Clock
from domain.referrals.proof import proofs
from domain.referrals.refer import Referring, Target, live_at, refer, summary_of
from domain.referrals.summary import check_summary
from domain.reports.clocks import Clocks, danger_late_since, due, late_since
from domain.reports.dialogue import opened as said_in
from domain.reports.event import EventKind
from domain.reports.files import CleanFile
from domain.reports.history import true_history
from domain.reports.reference import read_ref
from domain.reports.report import Report, ReportRef
from domain.reports.state import State
from domain.staff.grant import Granted, Newcomer, grant, newcomers
from domain.staff.member import MemberId
from domain.staff.reissue import PassphraseKept, keep, reissue
from domain.staff.renew import take_up
from domain.staff.unlock import Revoked, Unlocked, unlock
from domain.staff.welcome import Welcome


class ReportUnknown(DomainError):
    """No such REF at this member's desks."""

    key = "error.report_unknown"


class NothingWaits(DomainError):
    key = "error.nothing_waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeratorDesk:
    """One per update of one enrolled member. `update` makes a redelivery harmless."""

    member: MemberId
    chat: int
    update: int
    stores: Stores
    custody: Custody
    sessions: Sessions
    clock: Clock
    calendar: WorkingCalendar
    clocks: Clocks
    referring: Referring
    welcome: Welcome

    async def unlock(self, passphrase: str, share: bytes) -> Unlocked:
        """Raises PassphraseRefused, KeyRefused."""
        return await unlock(
            self.member,
            passphrase,
            share,
            chat=self.chat,
            stores=self.stores,
            custody=self.custody,
            sessions=self.sessions,
            clock=self.clock,
            heed=self.welcome.book.heed,
        )

    async def lock(self) -> LockedNow:
        self.sessions.lock(self.member)
        return LockedNow()

    async def next(self) -> OpenedReport:
        """Claims and opens what matters most. Raises Locked, NothingWaits; Changed, when a
        report cannot be taken although nobody took it.
        """
        missed = None
        while True:
            async with self.stores.cases() as cases:
                session = await self._session(cases)
                free = await cases.reports.waiting(Wanted(desks=session.desks, free=True), limit=1)
            if not free:
                raise NothingWaits
            try:
                return await self._change(free[0].ref, EventKind.CLAIMED, self._if_free)
            except (ClaimedByAnother, Changed):  # somebody was quicker: the next one, then
                if free[0] == missed:
                    raise
                missed = free[0]

    async def queue(self, shown_by: Filter) -> Queue:
        """Raises Locked."""
        today = self.clock.now().date()
        async with self.stores.cases() as cases:
            wanted = Wanted(
                desks=(await self._session(cases)).desks,
                topic=shown_by.topic,
                held_by=self.member if shown_by.mine else None,
                late_since=late_since(today, self.calendar, self.clocks) if shown_by.late else None,
                danger_late_since=danger_late_since(today, self.calendar),
            )
            total = await cases.reports.count_waiting(wanted)
            page = min(max(shown_by.page, 0), max(0, total - 1) // PAGE)
            found = await cases.reports.waiting(wanted, limit=PAGE, offset=page * PAGE)
        return Queue(
            lines=tuple(self._line(report) for report in found),
            total=total,
            shown_by=replace(shown_by, page=page),
            member=self.member,
        )

    async def open(self, typed_ref: str) -> OpenedReport:
        """What the citizen said counts as read. Raises Locked, ReportUnknown, EnvelopeLost."""
        async with self.stores.cases() as cases:
            session = await self._session(cases)
            report = await self._report(cases, session, typed_ref)
        opened = await self._opened(report, session, await self._shred_key(report))
        if report.unread:
            await self._read(report)
        return opened

    async def files(self, typed_ref: str) -> tuple[OpenedReport, tuple[CleanFile, ...]]:
        """Raises what `open` raises."""
        opened = await self.open(typed_ref)
        report = opened.line.report
        shred_key = await self._shred_key(report)
        async with self.stores.cases() as cases:
            session = await self._session(cases)
            return opened, await files_of(cases, session, report, opened.words, shred_key)

    async def claim(self, typed_ref: str) -> OpenedReport:
        """Takes the report into this member's hands, from another's too: the event says so."""
        return await self._change(
            typed_ref,
            EventKind.CLAIMED,
            lambda report, _: claimed(report, self.member, self.clock.now().date()),
        )

    async def release(self, typed_ref: str) -> OpenedReport:
        return await self._change(
            typed_ref, EventKind.RELEASED, lambda report, _: released(report, self.member)
        )

    async def status(self, typed_ref: str, to: State, detail: str | None = None) -> OpenedReport:
        """Raises MoveRefused, NeedsReferral, NeedsSecondKey, ReasonMissing, ClaimedByAnother."""
        today = self.clock.now().date()
        return await self._change(
            typed_ref,
            EventKind.MOVED,
            lambda report, words: moved(
                report, to, detail, self.member, today, sensitive=words.is_sensitive
            ),
        )

    async def offices(self, typed_ref: str) -> tuple[OpenedReport, tuple[Target, ...]]:
        """Where this report may be passed on to. Raises Locked, ReportUnknown, NothingMayGo."""
        opened = await self.open(typed_ref)
        report = opened.line.report
        return opened, await self.referring.choices(report, opened.words)

    async def office(self, typed_ref: str, office: str) -> tuple[OpenedReport, Target]:
        """Raises what `offices` raises, OfficeUnknown, OfficeKeptOut, NobodyEnrolled."""
        opened = await self.open(typed_ref)
        report = opened.line.report
        return opened, await self.referring.target(report, opened.words, office)

    async def refer(self, typed_ref: str, office: str, summary: str) -> PassedOn:
        """Again for an office that has it already sends the same summary once more, to whom it
        did not go out yet.

        Raises what `office` raises, and what `check_summary` and `refer` do.
        """
        opened, target = await self.office(typed_ref, office)
        summary = check_summary(summary, opened.words.messages)
        async with self.stores.cases() as cases:
            session = await self._session(cases)
            report = await self._report(cases, session, typed_ref)
            shred_key = await self._shred_key(report)
            referral = await live_at(cases, report, target)
            again = referral is not None
            if referral is None:
                if not await cases.handled.add(self.update):
                    raise Changed
                await true_history(cases, report, self.custody)
                report, referral = await refer(
                    cases,
                    session,
                    shred_key,
                    before=report,
                    target=target,
                    summary=summary,
                    today=self.clock.now().date(),
                    entropy=self.referring.entropy,
                )
                await cases.commit()
            else:
                sent = await summary_of(cases, session, shred_key, report, referral.number)
                summary = sent or summary
        secret = session.case(report, shred_key)
        await self.referring.post(report, referral.number, summary, target, secret)
        opened = await self._opened(report, session, shred_key)
        return PassedOn(opened=opened, number=referral.number, target=target, again=again)

    async def desks(self, typed_ref: str) -> tuple[OpenedReport, tuple[DeskKey, ...]]:
        """Where this report may be sent to. Raises Locked, ReportUnknown, and what
        `check_movable` does.
        """
        opened = await self.open(typed_ref)
        report = opened.line.report
        check_movable(report, opened.words, self.member)
        async with self.stores.cases() as cases:
            return opened, await desks_for(cases, report)

    async def other_desk(self, typed_ref: str, typed: str) -> tuple[OpenedReport, DeskKey]:
        """Raises what `desks` raises, and DeskUnknown."""
        opened = await self.open(typed_ref)
        to = read_desk(typed, self.referring.places)
        check_movable(opened.line.report, opened.words, self.member, to)
        return opened, to

    async def route(self, typed_ref: str, to: DeskKey) -> Rerouted:
        """Once it is with the other desk, this one does not find it any more. Raises Locked,
        ReportUnknown, and what `reroute` does.
        """
        async with self.stores.cases() as cases:
            session = await self._session(cases)
            if not await cases.handled.add(self.update):
                return Rerouted(ref=ReportRef(typed_ref), to=to)
            before = await self._report(cases, session, typed_ref)
            shred_key = await self._shred_key(before)
            day, custody = self.clock.now().date(), self.custody
            rerouted = await reroute(
                *(cases, session, shred_key), before=before, to=to, today=day, custody=custody
            )
            await cases.commit()
        return rerouted

    async def ask(self, typed_ref: str, words: str) -> OpenedReport:
        """Keeps a question to the citizen. Raises NothingAsked, TooLong, GivesAway before
        anything else; Locked, ReportUnknown, ClaimedByAnother, ReportClosed.
        """
        words, today = check_question(words), self.clock.now().date()
        async with self.stores.cases() as cases:
            session = await self._session(cases)
            before = after = await self._report(cases, session, typed_ref)
            shred_key = await self._shred_key(before)
            if await cases.handled.add(self.update):
                await true_history(cases, before, self.custody)
                after = asked(before, self.member, today)
                await record(
                    cases,
                    session,
                    shred_key,
                    before=before,
                    after=after,
                    kind=EventKind.ASKED,
                    day=today,
                )
                number = len(await cases.entries.of(before.id))
                secret = session.case(before, shred_key)
                await cases.entries.add(question(before, number, words, secret, today))
                await cases.commit()
        return await self._opened(after, session, shred_key)

    async def pending(self) -> tuple[Newcomer, ...]:
        """Newcomers of this member's desks who wait to be let in. Raises Locked."""
        async with self.stores.cases() as cases:
            session = await self._session(cases)
        heed = self.welcome.book.heed
        return await newcomers(session, stores=self.stores, custody=self.custody, heed=heed)

    async def grant(self, compared: Newcomer) -> Granted:
        """Lets a newcomer in, and tells them.

        Raises Locked, NewcomerUnknown, HeldByAnother, KeyRefused.
        """
        async with self.stores.cases() as cases:
            session = await self._session(cases)
        granted = await grant(
            compared, session, stores=self.stores, custody=self.custody, update=self.update
        )
        await self.welcome.tell(granted.member)
        return granted

    async def check_button(self, share: bytes) -> ButtonFits:
        """Before the passphrase is asked for. Raises ButtonOld."""
        async with self.stores.cases() as cases:
            member = await cases.staff.member(self.member)
        if member is not None:
            self.custody.check_button(member, share)
        return ButtonFits(share=share)

    async def new_passphrase(self) -> Reissued:
        """Made, and not kept yet. Raises Locked."""
        async with self.stores.cases() as cases:
            return await reissue(await self._session(cases), cases)

    async def keep_passphrase(self, reissued: Reissued) -> PassphraseKept:
        """From now on it holds, and the old one does not. Raises Locked, Changed."""
        async with self.stores.cases() as cases:
            return await keep(reissued, await self._session(cases), cases)

    async def _session(self, cases: Cases) -> Session:
        """Raises Locked; Revoked, and then the keys are wiped at once."""
        session = self.sessions.of(self.member, self.chat, self.clock.now())
        member = await cases.staff.member(self.member)
        if member is None or member.revoked:
            self.sessions.lock(self.member)
            raise Revoked
        await take_up(session, cases)
        return session

    def _if_free(self, report: Report, _: Words) -> Report:
        if report.claimed_by is not None:
            raise ClaimedByAnother
        return claimed(report, self.member, self.clock.now().date())

    def _line(self, report: Report) -> Line:
        today = self.clock.now().date()
        return Line(report=report, due=due(report, today, self.calendar, self.clocks))

    async def _change(
        self, typed_ref: str, kind: EventKind, change: Callable[[Report, Words], Report]
    ) -> OpenedReport:
        """One signed act; carried out once however often the update comes."""
        async with self.stores.cases() as cases:
            session = await self._session(cases)
            before = await self._report(cases, session, typed_ref)
            shred_key = await self._shred_key(before)
            after = before
            if await cases.handled.add(self.update):
                await true_history(cases, before, self.custody)
                after = change(before, session.words(before, shred_key))
                after = replace(after, unread=False)
                await record(
                    cases,
                    session,
                    shred_key,
                    before=before,
                    after=after,
                    kind=kind,
                    day=self.clock.now().date(),
                )
                await cases.commit()
        return await self._opened(after, session, shred_key, news=before.unread)

    async def _read(self, report: Report) -> None:
        """Whoever was quicker has read it, or the citizen has said more."""
        async with self.stores.cases() as cases:
            with suppress(Changed):
                await cases.reports.replace(report, replace(report, unread=False))
                await cases.commit()

    async def _report(self, cases: Cases, session: Session, typed_ref: str) -> Report:
        ref = read_ref(typed_ref)
        report = await cases.reports.by_ref(ref) if ref else None
        if report is None or report.desk not in session.desks or report.state is State.WITHDRAWN:
            raise ReportUnknown
        return report

    async def _shred_key(self, report: Report) -> bytes:
        async with self.stores.shreds() as shreds:
            key = await shreds.get(report.id)
        if key is None:
            raise EnvelopeLost
        return key

    async def _opened(
        self, report: Report, session: Session, shred_key: bytes, *, news: bool = False
    ) -> OpenedReport:
        async with self.stores.cases() as cases:
            entries = await cases.entries.of(report.id)
            referrals = await cases.referrals.of(report.id)
        return OpenedReport(
            line=self._line(report),
            words=session.words(report, shred_key),
            mine=report.claimed_by == self.member,
            dialogue=said_in(entries, session.case(report, shred_key)) if entries else (),
            news=news or report.unread,
            proofs=proofs(referrals, report, session, shred_key),
        )
