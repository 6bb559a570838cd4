"""A citizen at their phone: says and presses, and sees the card as it is written."""

import html
import re
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from app.reference.load import (
    load_commitments,
    load_forums,
    load_gazetteer,
    load_help_lines,
)
from bot.dialogue.citizen import State, advance, begin, language_of, view
from bot.dialogue.citizen.state import Unsent
from bot.dialogue.converse import converse
from bot.dialogue.heard import Attached, Commanded, Heard, Pressed, Typed
from bot.dialogue.screen import Button, Screen
from bot.texts.catalogue import TAG, Catalogues
from crypto.case_secret import CaseSecret
from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.keyring import Keyring
from domain.desks.desk import NATIONAL, DeskKey, NobodyReads, desk_for
from domain.digest.publication import Answered
from domain.errors import DomainError
from domain.followup.followers import Followers, Following
from domain.forums.book import ForumBook
from domain.forums.commitment import Commitment
from domain.forums.forum import Forum
from domain.lines.help_line import HelpLine
from domain.places.county import AreaKey, CountyCode
from domain.places.gazetteer import Found, Gazetteer
from domain.ports.chat import Cleared, Language
from domain.ports.sealing import CodeMalformed, CodeRefused, FreshCode
from domain.reports.check import Checked
from domain.reports.desk import CitizenDesk, Forgotten, Reader, Remembered
from domain.reports.draft import Draft, Incomplete
from domain.reports.files import CleanFile, FileKind, FileRefused, FileUncleanable
from domain.reports.own import Held, Own
from domain.reports.report import Locator, ReportId
from domain.reports.state import State as ReportState
from domain.reports.submit import Sent
from domain.reports.wishes import KeptOut
from domain.reports.withdrawal import WAITS
from tests.fakes.stores import MemoryStores
from tests.fakes.world import FakeClock
from tests.spoken import SPOKEN

CATALOGUES = Catalogues.load()
OPERATOR = "Watu <Wazi> & Co"
TODAY = date(2026, 11, 2)
UNCLEAN = "unclean"
"""The handle of a file that is refused."""


HELD = Held(report=ReportId(bytes(16)), secret=CaseSecret(value=bytes(range(32))), said=0)
"""What a right code leaves in memory."""


@dataclass(frozen=True, slots=True)
class MadeUpCode:
    number: int

    @property
    def text(self) -> str:
        return f"7K3F9Q-4821-3390-5527-{self.number:04}"

    @property
    def locator(self) -> Locator:
        return Locator("7K3F9")

    @property
    def commitment(self) -> bytes:
        return bytes(32)


@dataclass(slots=True, kw_only=True)
class FakeDesk:
    """What `CitizenDesk` does, without stores. `refusals` come one a call, then none."""

    staffed: set[DeskKey] = field(default_factory=lambda: {NATIONAL, DeskKey("021")})
    standing: dict[str, Checked] = field(default_factory=dict)
    refusals: list[DomainError] = field(default_factory=list)
    unclean: dict[str, FileRefused] = field(default_factory=lambda: {UNCLEAN: FileUncleanable()})
    sent: list[tuple[Draft, str]] = field(default_factory=list)
    minted: int = 0
    tried: int = 0
    remembered: tuple[Language, bool] | None = None
    cleared: int = 0
    undeletable: int = 0
    forgotten: int = 0
    said: list[tuple[Own, str, str | None]] = field(default_factory=list)
    judged: list[ReportState] = field(default_factory=list)
    withdrawals: list[bool] = field(default_factory=list)
    followed_in: Language | None = None
    stopped: list[bytes] = field(default_factory=list)
    stands_now: Checked | None = None
    help_lines: tuple[HelpLine, ...] = field(default_factory=load_help_lines)
    gazetteer: Gazetteer = field(default_factory=load_gazetteer)
    forums: tuple[Forum, ...] = field(default_factory=load_forums)
    commitments: tuple[Commitment, ...] = field(default_factory=load_commitments)
    day: date = TODAY
    published: dict[CountyCode, Answered] = field(default_factory=dict)
    followers: Followers = field(
        default_factory=lambda: Followers(
            stores=MemoryStores(),
            seal=KeyringChatSeal(Keyring.generate(), Purpose.FOLLOWER),
            clock=FakeClock(),
        )
    )

    def new_draft(self) -> Draft:
        return Draft(nonce=ReportId(bytes(16)))

    def find_place(self, typed: str) -> Found:
        return self.gazetteer.find(typed)

    def today(self) -> date:
        return self.day

    async def forum_book(self) -> ForumBook:
        return ForumBook(
            forums=sorted(self.forums, key=lambda forum: (forum.date, forum.key)),
            commitments=self.commitments,
            gazetteer=self.gazetteer,
        )

    async def mint(self) -> FreshCode:
        self.minted += 1
        return MadeUpCode(self.minted)

    async def anybody_reads(self) -> bool:
        return NATIONAL in self.staffed

    async def reader(
        self, county: CountyCode, area: AreaKey | None, kept_out: frozenset[KeptOut]
    ) -> Reader:
        return Reader(desk=desk_for(county, area, kept_out, self.staffed))

    async def take_file(self, draft: Draft, handle: str, _: int | None) -> CleanFile:
        """Clean as it is; its content is its handle. `unclean` ones are refused."""
        draft.check_room()
        if handle in self.unclean:
            raise self.unclean[handle]
        kind = FileKind.PDF if handle.endswith("pdf") else FileKind.PHOTO
        return CleanFile(kind=kind, content=handle.encode())

    async def submit(self, draft: Draft, code: FreshCode, reader: DeskKey | None) -> Sent:
        assert reader is not None, "nobody who reads was shown"
        if self.refusals:
            raise self.refusals.pop(0)
        if not self.staffed:
            raise NobodyReads
        if draft.topic is None or draft.county is None or draft.is_empty:
            raise Incomplete
        self.sent.append((draft, code.text))
        return Sent()

    async def check(self, typed: str) -> Checked:
        self.tried += 1
        if self.refusals:
            raise self.refusals.pop(0)
        if typed in self.standing:
            return self.standing[typed]
        raise CodeRefused if len(typed) > len("7K3F9Q") else CodeMalformed

    async def look_again(self, last: Checked) -> Checked:
        return self.stands_now or last

    async def say(self, _: Held, kind: Own, words: str, subject: str | None) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.said.append((kind, words, subject))

    async def judge(self, _: Held, to: ReportState) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.judged.append(to)

    def withdrawn_on(self) -> date:
        return self.day + WAITS

    async def withdraw(self, _: Held, *, wanted: bool) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.withdrawals.append(wanted)

    async def follow_own(self, _: Held, language: Language) -> None:
        self.followed_in = language

    async def stop_notices(self, slot: bytes) -> None:
        self.stopped.append(slot)

    @property
    def following(self) -> Following:
        return Following(followers=self.followers, chat=4711)

    async def answered(self, county: CountyCode) -> Answered | None:
        return self.published.get(county)

    async def remember(self, *, language: Language, shared: bool) -> Remembered:
        self.remembered = (language, shared)
        return Remembered()

    async def clear(self) -> Cleared:
        self.cleared += 1
        return Cleared(left=self.undeletable)

    async def forget(self) -> Forgotten:
        self.forgotten += 1
        return Forgotten()


@dataclass(slots=True)
class Talk:
    """A person who has been here before, unless `state` says otherwise."""

    desk: FakeDesk = field(default_factory=FakeDesk)
    state: State = field(
        default_factory=lambda: begin(
            Language.ENGLISH, shared=False, operator=OPERATOR, spoken=SPOKEN
        )
    )

    heeded: list[DomainError] = field(default_factory=list)

    @classmethod
    def of_a_stranger(cls) -> "Talk":
        return cls(state=begin(None, shared=None, operator=OPERATOR, spoken=SPOKEN))

    @classmethod
    def in_language(cls, language: Language, *, shared: bool = False) -> "Talk":
        return cls(state=begin(language, shared=shared, operator=OPERATOR, spoken=SPOKEN))

    async def hears(self, heard: Heard) -> str:
        desk = cast("CitizenDesk", self.desk)
        self.state = await converse(self.state, heard, desk, advance, self.heeded.append)
        return self.sees()

    async def says(self, *texts: str) -> str:
        """Messages and commands, one after the other."""
        for text in texts:
            name, _, argument = text[1:].partition(" ")
            heard = Commanded(name, argument) if text.startswith("/") else Typed(text)
            await self.hears(heard)
        return self.sees()

    async def presses(self, *presses: str) -> str:
        """Buttons that are on the card: a press that is not there is the test's mistake."""
        for press in presses:
            assert press in self.buttons(), (press, self.buttons())
            await self.hears(Pressed(press))
        return self.sees()

    async def presses_old(self, press: str) -> str:
        return await self.hears(Pressed(press))

    def screen(self) -> Screen:
        return view(self.state)

    def sees(self) -> str:
        return written(self.screen(), language_of(self.state))

    def toast(self) -> str:
        toast = self.screen().toast
        return CATALOGUES.of(language_of(self.state)).plain(toast) if toast else ""

    def buttons(self) -> dict[str, str]:
        """What is written on each, by its press."""
        catalogue = CATALOGUES.of(language_of(self.state))
        return {each.press: catalogue.plain(each.label) for each in buttons_of(self.screen())}

    def files(self) -> tuple[str, ...]:
        """Their handles: what is clean is as it was."""
        report = self.state.report
        files = report.draft.files if isinstance(report, Unsent) else ()
        return tuple(file.content.decode() for file in files)

    def words(self) -> tuple[str, ...]:
        report = self.state.report
        return report.draft.words if isinstance(report, Unsent) else ()


def attached(handle: str, caption: str = "") -> Attached:
    return Attached(kind="photo", handle=handle, caption=caption)


def written(screen: Screen, language: Language) -> str:
    """The card as eyes see it: no tags, no entities."""
    said = "\n\n".join(map(CATALOGUES.of(language).say, screen.paragraphs))
    return html.unescape(re.sub(TAG, "", said))


def buttons_of(screen: Screen) -> tuple[Button, ...]:
    return tuple(button for row in screen.rows for button in row)
