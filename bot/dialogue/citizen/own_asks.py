"""What a code's holder asks of the domain about their own report, and what is answered."""

from dataclasses import dataclass, field
from datetime import date

from bot.dialogue.screen import Text
from domain.ports.chat import Language
from domain.ports.stores import Changed
from domain.reports.check import Checked
from domain.reports.desk import CitizenDesk
from domain.reports.own import Own
from domain.reports.state import MoveRefused, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The report as it stands after an act, and what is said of the act."""

    checked: Checked
    done: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """No news goes out by that mailbox any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    checked: Checked
    kind: Own
    done: Text
    words: str = field(default="", repr=False)
    subject: str | None = None

    async def of(self, desk: CitizenDesk) -> Looked:
        """Raises TooLong, ReportGone, RecordChanged, Changed."""
        await desk.say(self.checked.held, self.kind, self.words, self.subject)
        return Looked(checked=await desk.look_again(self.checked), done=self.done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    checked: Checked
    to: State

    async def of(self, desk: CitizenDesk) -> Looked:
        """Raises ReportGone, RecordChanged."""
        try:
            await desk.judge(self.checked.held, self.to)
        except (MoveRefused, Changed):
            done = Text("check.moved_on")
        else:
            better = self.to is State.CONFIRMED
            done = Text("check.said_better" if better else "check.said_worse")
        return Looked(checked=await desk.look_again(self.checked), done=done)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakesEffect:
    """A withdrawal asked for today would, on this day."""

    checked: Checked
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FindDay:
    checked: Checked

    async def of(self, desk: CitizenDesk) -> TakesEffect:
        return TakesEffect(checked=self.checked, day=desk.withdrawn_on())


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Asks for it, or stops it."""

    checked: Checked
    wanted: bool

    async def of(self, desk: CitizenDesk) -> Looked:
        """Raises ReportGone, RecordChanged, Changed."""
        await desk.withdraw(self.checked.held, wanted=self.wanted)
        done = Text("check.withdrawal_asked" if self.wanted else "check.kept")
        return Looked(checked=await desk.look_again(self.checked), done=done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    checked: Checked
    language: Language

    async def of(self, desk: CitizenDesk) -> Looked:
        await desk.follow_own(self.checked.held, self.language)
        return Looked(checked=await desk.look_again(self.checked), done=Text("check.followed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollow:
    checked: Checked

    async def of(self, desk: CitizenDesk) -> Looked:
        await desk.stop_notices(self.checked.held.secret.mailbox_slot())
        return Looked(checked=await desk.look_again(self.checked), done=Text("check.unfollowed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StopNotices:
    """From the button under a notice: whoever has it may stop it, in any state."""

    slot: bytes = field(repr=False)

    async def of(self, desk: CitizenDesk) -> Stopped:
        await desk.stop_notices(self.slot)
        return Stopped()
