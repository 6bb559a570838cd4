"""One's own report, once its code was right: what its holder may say and ask for.

Nothing of the code is kept but the case secret, and that in memory alone.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from domain.errors import DomainError
from domain.ports.sealing import CaseSecret, Custody
from domain.ports.stores import Cases, Changed, Stores
from domain.ports.world import Clock, Entropy
from domain.reports.dialogue import MOST_SAID
from domain.reports.draft import TooLong
from domain.reports.entry import Entry, EntryKind
from domain.reports.event import EventKind
from domain.reports.history import true_history
from domain.reports.record import record_act
from domain.reports.report import Report, ReportId
from domain.reports.state import Author, State
from domain.reports.verdict import judged
from domain.reports.withdrawal import asked, stopped

TRIES = 3
"""How often an act is tried anew when the desk acts at the same moment."""


class ReportGone(DomainError):
    """Between the code and the act the report was withdrawn or has expired."""

    key = "error.report_gone"


class Own(StrEnum):
    """What a holder's act is called, in events and entries."""

    ANSWER = "answer"
    ADDITION = "addition"
    SAID_RIGHT = "said_right"
    SAID_WRONG = "said_wrong"


EVENTS: dict[Own, EventKind] = {
    Own.ANSWER: EventKind.ANSWERED,
    Own.ADDITION: EventKind.ADDED,
    Own.SAID_RIGHT: EventKind.VERDICT,
    Own.SAID_WRONG: EventKind.VERDICT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a right code leaves in memory. `said`: how many entries there were when the card
    was drawn, so that the same act twice is one. `proof`: shows that the code was here, for
    withdrawing alone.
    """

    report: ReportId
    secret: CaseSecret = field(repr=False)
    said: int
    proof: bytes = field(default=b"", repr=False)


async def tried(act: Callable[[], Awaitable[None]]) -> None:
    """Raises Changed where somebody is quicker each time."""
    for left in reversed(range(TRIES)):
        try:
            await act()
        except Changed:
            if not left:
                raise
        else:
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReport:
    stores: Stores
    custody: Custody
    clock: Clock
    entropy: Entropy
    held: Held

    async def say(self, kind: Own, words: str = "", subject: str | None = None) -> None:
        """Raises TooLong, ReportGone, RecordChanged, Changed."""
        if len(words) > MOST_SAID:
            raise TooLong(limit=MOST_SAID)
        await tried(lambda: self._say(EntryKind(kind), EVENTS[kind], words, subject))

    async def withdraw(self, *, wanted: bool) -> None:
        """Asked for, or stopped; twice is once. Raises ReportGone, RecordChanged, Changed."""
        await tried(lambda: self._withdraw(wanted=wanted))

    async def _withdraw(self, *, wanted: bool) -> None:
        today = self.clock.now().date()
        async with self.stores.cases() as cases:
            before = await self._report(cases)
            if (before.withdrawal is not None) is wanted:
                return
            await true_history(cases, before, self.custody)
            after = asked(before, self.held.proof, today) if wanted else stopped(before)
            kind = EventKind.WITHDRAWAL_ASKED if wanted else EventKind.WITHDRAWAL_STOPPED
            await self._record(cases, before, after, kind)
            await cases.commit()

    async def judge(self, to: State) -> None:
        """`confirmed` or `disputed`. Raises MoveRefused, ReportGone, RecordChanged, Changed."""
        async with self.stores.cases() as cases:
            before = await self._report(cases)
            events = await true_history(cases, before, self.custody)
            if before.state is to and events[-1].author is Author.CITIZEN:
                return
            after = judged(before, to, self.clock.now().date())
            await self._record(cases, before, after, EventKind.VERDICT)
            await cases.commit()

    async def _say(
        self, kind: EntryKind, event: EventKind, words: str, subject: str | None
    ) -> None:
        async with self.stores.cases() as cases:
            before = await self._report(cases)
            entries = await cases.entries.of(before.id)
            if self._is_said(entries, kind, words, subject):
                return
            await true_history(cases, before, self.custody)
            number = len(entries)
            await self._record(cases, before, replace(before, unread=True), event)
            await cases.entries.add(
                Entry(
                    report=before.id,
                    number=number,
                    kind=kind,
                    author=Author.CITIZEN,
                    day=self.clock.now().date(),
                    sealed=self.held.secret.seal_entry(before.id, number, words.encode()),
                    subject=subject,
                )
            )
            await cases.commit()

    def _is_said(
        self, entries: Sequence[Entry], kind: EntryKind, words: str, subject: str | None
    ) -> bool:
        """Since the card was drawn: the same update came again."""
        return any(
            (entry.kind, entry.author, entry.subject) == (kind, Author.CITIZEN, subject)
            and self.held.secret.open_entry(entry.report, entry.number, entry.sealed)
            == words.encode()
            for entry in entries[self.held.said :]
        )

    async def _report(self, cases: Cases) -> Report:
        report = await cases.reports.get(self.held.report)
        if report is None or report.state is State.WITHDRAWN:
            raise ReportGone
        return report

    async def _record(self, cases: Cases, before: Report, after: Report, kind: EventKind) -> None:
        await record_act(
            cases,
            before=before,
            after=after,
            kind=kind,
            author=Author.CITIZEN,
            day=self.clock.now().date(),
            secret=self.held.secret,
            entropy=self.entropy,
        )
