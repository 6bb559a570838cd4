"""What a citizen can ask of the product, from one chat."""

from dataclasses import dataclass, field
from datetime import date

from domain.calendar import WorkingCalendar
from domain.desks.desk import NATIONAL, DeskKey, desk_for
from domain.digest.publication import Answered
from domain.followup.followers import Following
from domain.followup.mailboxes import Mailboxes
from domain.followup.outbox import Outbox
from domain.followup.outgoing import Addressee
from domain.forums.book import ForumBook
from domain.lines.help_line import HelpLine
from domain.places.county import AreaKey, CountyCode
from domain.places.gazetteer import Found, Gazetteer
from domain.ports.chat import Chat, Cleared, Language
from domain.ports.media import Media
from domain.ports.sealing import Custody, FreshCode, Sealer
from domain.ports.stores import Stores
from domain.ports.world import Clock, Entropy
from domain.reports.check import Checked, check, look_again
from domain.reports.clocks import Clocks
from domain.reports.draft import Draft
from domain.reports.files import CleanFile
from domain.reports.own import Held, Own, OwnReport
from domain.reports.report import ReportId
from domain.reports.state import State
from domain.reports.submit import Sent, submit
from domain.reports.tries import ChatTries
from domain.reports.wishes import KeptOut
from domain.reports.withdrawal import WAITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who will read a report: the national desk, or a place's own."""

    desk: DeskKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The chat's language and whether the phone is shared are kept (48 hours)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """Nothing is kept for this chat any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenDesk:
    """One per chat and update; holds no state of its own. `number` is the chat's, for its
    mailbox, and for what goes with `/forget` or stays of it. `tries` are the chat's wrong
    codes of late, of which its next desk must know.
    """

    stores: Stores
    sealer: Sealer
    custody: Custody
    clock: Clock
    entropy: Entropy
    calendar: WorkingCalendar
    clocks: Clocks
    gazetteer: Gazetteer
    help_lines: tuple[HelpLine, ...]
    chat: Chat
    media: Media
    number: int = field(repr=False)
    mailboxes: Mailboxes
    following: Following
    outbox: Outbox
    tries: ChatTries = field(default_factory=ChatTries)

    def new_draft(self) -> Draft:
        return Draft(nonce=ReportId(self.entropy.token(16)))

    def find_place(self, typed: str) -> Found:
        return self.gazetteer.find(typed)

    def today(self) -> date:
        return self.calendar.day_of(self.clock.now())

    async def forum_book(self) -> ForumBook:
        """Read anew each time: the operator imports forums while the bot runs."""
        async with self.stores.cases() as cases:
            return ForumBook(
                forums=await cases.reference.forums(),
                commitments=await cases.reference.commitments(),
                gazetteer=self.gazetteer,
            )

    async def take_file(self, draft: Draft, handle: str, size: int | None) -> CleanFile:
        """One that has room in the draft. Raises FileRefused."""
        draft.check_room()
        file = await self.media.clean(await self.chat.fetch(handle, size))
        draft.check_room(len(file.content))
        return file

    async def mint(self) -> FreshCode:
        """A code whose locator no live report has."""
        while True:
            code = await self.sealer.mint()
            async with self.stores.cases() as cases:
                if await cases.reports.by_locator(code.locator) is None:
                    return code

    async def anybody_reads(self) -> bool:
        """The national desk stands behind every other: without it a place or a wish could
        turn out, after all was written, to have nobody who reads.
        """
        async with self.stores.cases() as cases:
            return NATIONAL in await cases.staff.staffed()

    async def reader(
        self, county: CountyCode, area: AreaKey | None, kept_out: frozenset[KeptOut]
    ) -> Reader:
        """Raises NobodyReads."""
        async with self.stores.cases() as cases:
            return Reader(desk=desk_for(county, area, kept_out, await cases.staff.staffed()))

    async def submit(self, draft: Draft, code: FreshCode, reader: DeskKey | None) -> Sent:
        return await submit(
            draft,
            code,
            stores=self.stores,
            sealer=self.sealer,
            clock=self.clock,
            entropy=self.entropy,
            reader=reader,
        )

    async def check(self, typed: str) -> Checked:
        """Raises TooManyTries before any work, and what `check` raises."""
        with self.tries.counted(self.clock.now()):
            return await check(
                typed,
                stores=self.stores,
                sealer=self.sealer,
                custody=self.custody,
                clock=self.clock,
                calendar=self.calendar,
                clocks=self.clocks,
            )

    async def look_again(self, last: Checked) -> Checked:
        """Raises ReportGone, RecordChanged, EnvelopeLost, Changed."""
        return await look_again(
            last,
            stores=self.stores,
            custody=self.custody,
            clock=self.clock,
            calendar=self.calendar,
            clocks=self.clocks,
        )

    async def say(self, held: Held, kind: Own, words: str, subject: str | None) -> None:
        """Raises TooLong, ReportGone, RecordChanged, Changed."""
        await self._own(held).say(kind, words, subject)

    async def judge(self, held: Held, to: State) -> None:
        """Raises MoveRefused, ReportGone, RecordChanged, Changed."""
        await self._own(held).judge(to)

    def withdrawn_on(self) -> date:
        """The day on which a withdrawal asked for now takes effect."""
        return self.clock.now().date() + WAITS

    async def withdraw(self, held: Held, *, wanted: bool) -> None:
        """Asked for, or stopped. Raises ReportGone, RecordChanged, Changed."""
        await self._own(held).withdraw(wanted=wanted)

    async def follow_own(self, held: Held, language: Language) -> None:
        await self.mailboxes.open(held.secret, Addressee(chat=self.number, language=language))

    async def stop_notices(self, slot: bytes) -> None:
        await self.mailboxes.close([slot])

    def _own(self, held: Held) -> OwnReport:
        return OwnReport(
            stores=self.stores,
            custody=self.custody,
            clock=self.clock,
            entropy=self.entropy,
            held=held,
        )

    async def answered(self, county: CountyCode) -> Answered | None:
        """What became of a county's concerns, by the newest published table."""
        async with self.stores.cases() as cases:
            table = await cases.publications.newest(county)
        return table.answered() if table else None

    async def remember(self, *, language: Language, shared: bool) -> Remembered:
        """On a shared phone nothing is followed any more: others would read the news."""
        if shared:
            await self.following.drop()
        await self.chat.remember(language=language, shared=shared)
        return Remembered()

    async def clear(self) -> Cleared:
        return await self.chat.clear()

    async def forget(self) -> Forgotten:
        await self.mailboxes.forget(self.number)
        await self.following.drop()
        await self.outbox.forget(self.number)
        await self.chat.forget()
        return Forgotten()
