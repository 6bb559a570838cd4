"""What the moderator's dialogue asks of the domain, and the answers that need a name here."""

from dataclasses import dataclass, field

from bot.dialogue.moderator.names import state_name
from bot.dialogue.named import named
from bot.dialogue.screen import Text
from bot.dialogue.told import told
from domain.moderation.answers import ButtonFits, LockedNow, OpenedReport
from domain.moderation.ask import NothingAsked
from domain.moderation.desk import ModeratorDesk
from domain.moderation.move import ReasonMissing
from domain.moderation.queue import Filter, Queue
from domain.ports.sealing import Reissued
from domain.referrals.refer import Target
from domain.referrals.summary import check_summary
from domain.reports.draft import TooLong
from domain.reports.exposure import GivesAway
from domain.reports.files import CleanFile
from domain.reports.state import STANDING, State
from domain.staff.grant import Newcomer, NewcomerUnknown
from domain.staff.member import MemberId
from domain.staff.reissue import PassphraseKept
from domain.staff.unlock import Unlocked


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlock:
    passphrase: str = field(repr=False)
    share: bytes = field(repr=False)

    async def of(self, desk: ModeratorDesk) -> Unlocked:
        """Raises PassphraseRefused, NotLetInYet, Revoked, KeyRefused."""
        return await desk.unlock(self.passphrase, self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckButton:
    share: bytes = field(repr=False)

    async def of(self, desk: ModeratorDesk) -> ButtonFits:
        """Raises ButtonOld."""
        return await desk.check_button(self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePassphrase:
    async def of(self, desk: ModeratorDesk) -> Reissued:
        """Raises Locked, Revoked."""
        return await desk.new_passphrase()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPassphrase:
    reissued: Reissued = field(repr=False)

    async def of(self, desk: ModeratorDesk) -> PassphraseKept:
        """Raises Locked, Revoked, Changed."""
        return await desk.keep_passphrase(self.reissued)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    async def of(self, desk: ModeratorDesk) -> LockedNow:
        return await desk.lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A report to be shown: which page of its words, what is asked about it, what was done.
    `question`: one is being written; the words of it that were refused. `files`: to be shown
    below it.
    """

    opened: OpenedReport = field(repr=False)
    page: int = 0
    asking: State | None = None
    question: str | None = field(default=None, repr=False)
    done: Text | None = None
    files: tuple[CleanFile, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeNext:
    async def of(self, desk: ModeratorDesk) -> Shown:
        """Raises Locked, NothingWaits, Changed."""
        return Shown(opened=await desk.next())


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    ref: str
    page: int = 0

    async def of(self, desk: ModeratorDesk) -> Shown:
        """Raises Locked, ReportUnknown, EnvelopeLost."""
        return Shown(opened=await desk.open(self.ref), page=self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowFiles:
    ref: str

    async def of(self, desk: ModeratorDesk) -> Shown:
        """Raises Locked, ReportUnknown, EnvelopeLost."""
        opened, files = await desk.files(self.ref)
        return Shown(opened=opened, files=files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    ref: str

    async def of(self, desk: ModeratorDesk) -> Shown:
        """Raises Locked, ReportUnknown, EnvelopeLost, Changed."""
        return Shown(opened=await desk.claim(self.ref), done=Text("moderator.claimed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    ref: str

    async def of(self, desk: ModeratorDesk) -> Shown:
        """Raises Locked, ReportUnknown, EnvelopeLost, ClaimedByAnother, Changed."""
        return Shown(opened=await desk.release(self.ref), done=Text("moderator.released"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    ref: str
    to: State
    detail: str | None = None

    async def of(self, desk: ModeratorDesk) -> Shown:
        """Without the reason it needs, nothing moves and the reason is asked for.

        Raises Locked, ReportUnknown, EnvelopeLost, ClaimedByAnother, MoveRefused,
        NeedsReferral, NeedsSecondKey, Changed.
        """
        try:
            opened = await desk.status(self.ref, self.to, self.detail)
        except ReasonMissing:
            return Shown(opened=await desk.open(self.ref), asking=self.to)
        read_as = {"state": state_name(self.to), "standing": named(STANDING[self.to])}
        return Shown(opened=opened, done=Text("moderator.moved", read_as))


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficesFound:
    opened: OpenedReport = field(repr=False)
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOffices:
    ref: str

    async def of(self, desk: ModeratorDesk) -> OfficesFound:
        """Raises Locked, ReportUnknown, EnvelopeLost, NothingMayGo."""
        opened, targets = await desk.offices(self.ref)
        return OfficesFound(opened=opened, targets=targets)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFound:
    opened: OpenedReport = field(repr=False)
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOffice:
    ref: str
    office: str

    async def of(self, desk: ModeratorDesk) -> OfficeFound:
        """Raises Locked, ReportUnknown, EnvelopeLost, NothingMayGo, OfficeUnknown,
        OfficeKeptOut, NobodyEnrolled.
        """
        opened, target = await desk.office(self.ref, self.office)
        return OfficeFound(opened=opened, target=target)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryChecked:
    opened: OpenedReport = field(repr=False)
    target: Target
    summary: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSummary:
    """A long message is refused where it was written, before anything goes out."""

    opened: OpenedReport = field(repr=False)
    target: Target
    text: str = field(repr=False)

    async def of(self, _: ModeratorDesk) -> SummaryChecked:
        """Raises SummaryEmpty, SummaryTooLong, SummaryNames, SummaryCopies, GivesAway."""
        summary = check_summary(self.text, self.opened.words.messages)
        return SummaryChecked(opened=self.opened, target=self.target, summary=summary)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassOn:
    ref: str
    office: str
    summary: str = field(repr=False)

    async def of(self, desk: ModeratorDesk) -> Shown:
        """Raises what `ModeratorDesk.refer` raises."""
        passed = await desk.refer(self.ref, self.office, self.summary)
        key = "moderator.referred_again" if passed.again else "moderator.referred"
        said = {"number": passed.number, "office": passed.target.name}
        return Shown(opened=passed.opened, done=Text(key, said))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWhat:
    """The question is still to be written."""

    ref: str

    async def of(self, desk: ModeratorDesk) -> Shown:
        """Raises Locked, ReportUnknown, EnvelopeLost."""
        return Shown(opened=await desk.open(self.ref), question="")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCitizen:
    ref: str
    words: str = field(repr=False)

    async def of(self, desk: ModeratorDesk) -> Shown:
        """What cannot be sent is shown again, with the reason.

        Raises Locked, ReportUnknown, EnvelopeLost, ClaimedByAnother, ReportClosed, Changed.
        """
        try:
            opened = await desk.ask(self.ref, self.words)
        except (NothingAsked, TooLong, GivesAway) as refusal:
            opened = await desk.open(self.ref)
            return Shown(opened=opened, question=self.words, done=told(refusal))
        return Shown(opened=opened, done=Text("moderator.asked"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FindWaiting:
    shown_by: Filter

    async def of(self, desk: ModeratorDesk) -> Queue:
        """Raises Locked."""
        return await desk.queue(self.shown_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    total: int
    late: int
    mine: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    async def of(self, desk: ModeratorDesk) -> Counted:
        """Raises Locked."""
        return Counted(
            total=(await desk.queue(Filter())).total,
            late=(await desk.queue(Filter(late=True))).total,
            mine=(await desk.queue(Filter(mine=True))).total,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomers:
    newcomers: tuple[Newcomer, ...]
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindNewcomers:
    page: int = 0

    async def of(self, desk: ModeratorDesk) -> Newcomers:
        """Raises Locked."""
        return Newcomers(newcomers=await desk.pending(), page=self.page)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindNewcomer:
    member: MemberId

    async def of(self, desk: ModeratorDesk) -> Newcomer:
        """Raises Locked, NewcomerUnknown."""
        for newcomer in await desk.pending():
            if newcomer.member == self.member:
                return newcomer
        raise NewcomerUnknown


@dataclass(frozen=True, slots=True, kw_only=True)
class LetIn:
    """The newcomer was let in; `left` still wait. `partly`: an older key is lost."""

    left: tuple[Newcomer, ...]
    partly: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """`compared`: whose six words were on the card when the button was pressed."""

    compared: Newcomer

    async def of(self, desk: ModeratorDesk) -> LetIn:
        """Raises Locked, NewcomerUnknown, HeldByAnother, KeyRefused."""
        granted = await desk.grant(self.compared)
        return LetIn(left=await desk.pending(), partly=bool(granted.lost))
