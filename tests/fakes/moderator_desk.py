"""A real `ModeratorDesk` on stores in memory, with keys that open without cryptography."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256, sha512
from typing import cast

from crypto.case_secret import CaseSecret as Secret
from domain.calendar import NAIROBI, WorkingCalendar
from domain.desks.desk import NATIONAL, DeskKey
from domain.errors import DomainError
from domain.ledger.leaf import LeafHash
from domain.moderation.desk import ModeratorDesk
from domain.moderation.sessions import Sessions
from domain.places.county import CountyCode
from domain.ports.sealing import (
    ButtonOld,
    CaseSecret,
    Custody,
    KeyRefused,
    PassphraseRefused,
    Reissued,
    Session,
    Suspect,
    Words,
)
from domain.ports.stores import (
    Cases,
    Changed,
    Stores,
    Wanted,
)
from domain.reports.clocks import Clocks
from domain.reports.entry import Entry
from domain.reports.event import Event, EventKind
from domain.reports.report import Locator, Report, ReportId, ReportRef, SealedReport
from domain.reports.state import Author, State
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar
from domain.staff.member import DeskCopy, DeskPublic, Member, MemberId, Role
from tests.fakes.greeting import Greeting
from tests.fakes.no_offices import no_offices

CHAT = 101
TODAY = date(2026, 11, 3)
YESTERDAY = date(2026, 11, 2)
ME, OTHER = MemberId(b"m" * 16), MemberId(b"o" * 16)
PASSPHRASE = "ulcer bolster yodel kept amber zen"
SHARE = bytes(range(32))
NEW_PASSPHRASE = "onion ladle pivot crisp mango dusk"
NEW_SHARE = bytes(range(1, 33))
SECRET = "They came at dusk with pangas"


def report(ref: str = "7KQ2M9", **given: object) -> Report:
    plain = Report(
        id=ReportId(ref.encode().ljust(16, b".")),
        ref=ReportRef(ref),
        locator=Locator(ref[:5]),
        county=CountyCode("021"),
        area=None,
        topic=Topic.THEFT,
        danger=False,
        kept_out=frozenset(),
        how_far=HowFar.DESK_ONLY,
        received=YESTERDAY,
        since=YESTERDAY,
        desk=NATIONAL,
        generation=1,
        intake_leaf=LeafHash(ref.encode().ljust(32, b".")),
        sealed=SealedReport(words=b"", dek_for_desk=b"", case_for_desk=b"", case_for_code=b""),
        visits=b"",
    )
    return replace(plain, **given)  # type: ignore[arg-type]  # tests name the fields they change


def wrap(passphrase: str, share: bytes) -> bytes:
    """What both halves open; nothing is hidden in it here."""
    return share + passphrase.encode()


def member(who: MemberId = OTHER, desk: DeskKey = NATIONAL, *, revoked: bool = False) -> Member:
    return Member(
        id=who,
        role=Role.MODERATOR,
        desk=desk,
        sealing_public=b"",
        signing_public=b"",
        certificate=b"",
        wrapped_seed=wrap(PASSPHRASE, SHARE),
        revoked=revoked,
    )


@dataclass(slots=True)
class Kept:
    """What is in the stores."""

    reports: dict[ReportRef, Report] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    handled: set[int] = field(default_factory=set)
    members: dict[MemberId, Member] = field(default_factory=dict)
    copies: dict[MemberId, DeskCopy] = field(default_factory=dict)


@dataclass(slots=True)
class MemoryEntries:
    kept: Kept

    async def add(self, entry: Entry) -> None:
        self.kept.entries.append(entry)

    async def of(self, one: ReportId) -> Sequence[Entry]:
        return [entry for entry in self.kept.entries if entry.report == one]


@dataclass(slots=True)
class MemoryCases:
    """The parts of *cases* a moderator's desk uses, all in one; kept on commit alone."""

    stores: "MemoryStores"
    kept: Kept

    @property
    def reports(self) -> "MemoryCases":
        return self

    @property
    def entries(self) -> MemoryEntries:
        return MemoryEntries(self.kept)

    @property
    def referrals(self) -> MemoryEntries:
        return MemoryEntries(Kept())

    events = leaves = staff = handled = reports

    async def by_ref(self, ref: ReportRef) -> Report | None:
        return self.kept.reports.get(ref)

    async def get(self, one: ReportId) -> Report | None:
        return next((each for each in self.kept.reports.values() if each.id == one), None)

    async def replace(self, before: Report, after: Report) -> None:
        if self.stores.quicker:
            raise Changed
        assert self.kept.reports[before.ref] == before
        self.kept.reports[after.ref] = after

    async def waiting(self, wanted: Wanted, *, limit: int, offset: int = 0) -> Sequence[Report]:
        found = [each for each in self.kept.reports.values() if _is_wanted(each, wanted)]
        found.sort(key=lambda each: (not each.danger, each.received, each.ref))
        return found[offset : offset + limit]

    async def count_waiting(self, wanted: Wanted) -> int:
        return sum(_is_wanted(each, wanted) for each in self.kept.reports.values())

    async def of(self, one: ReportId) -> Sequence[Event]:
        return [event for event in self.kept.events if event.report == one]

    async def add(self, what: Event | int | bytes) -> bool:
        """An event, an update's number or a leaf."""
        if isinstance(what, Event):
            self.kept.events.append(what)
        if not isinstance(what, int):
            return True
        new = what not in self.kept.handled
        self.kept.handled.add(what)
        return new

    async def member(self, who: MemberId) -> Member | None:
        return self.kept.members.get(who)

    async def members(self, desk: DeskKey | None = None) -> Sequence[Member]:
        return [each for each in self.kept.members.values() if desk in {None, each.desk}]

    async def copies(self, who: MemberId) -> Sequence[DeskCopy]:
        return [self.kept.copies[who]] if who in self.kept.copies else []

    async def desk_keys(self, desk: DeskKey | None = None) -> Sequence[DeskPublic]:
        return [DeskPublic(desk=desk or NATIONAL, generation=1, public=b"", certificate=b"")]

    async def hold(self, what: DeskKey | MemberId) -> None:
        assert what

    add_untold = hold

    async def rewrap(self, who: MemberId, before: bytes, after: bytes) -> None:
        assert self.kept.members[who].wrapped_seed == before
        self.kept.members[who] = replace(self.kept.members[who], wrapped_seed=after)

    async def add_copy(self, copy: DeskCopy) -> None:
        assert copy.member is not None
        self.kept.copies[copy.member] = copy

    async def commit(self) -> None:
        self.stores.kept = deepcopy(self.kept)


def _is_late_danger(report: Report, late: date | None) -> bool:
    unread = report.danger and report.state is State.RECEIVED
    return unread and late is not None and report.since <= late


def _is_wanted(one: Report, wanted: Wanted) -> bool:
    late = wanted.late_since
    return (
        (one.state.is_open or one.state is State.DISPUTED or one.unread)
        and one.desk in wanted.desks
        and wanted.topic in {None, one.topic}
        and wanted.held_by in {None, one.claimed_by}
        and not (wanted.free and one.claimed_by)
        and (
            late is None
            or (one.state in late and one.since <= late[one.state])
            or _is_late_danger(one, wanted.danger_late_since)
        )
    )


@dataclass(slots=True)
class MemoryStores:
    """`quicker`: somebody else changes every report first. `shredded`: no key is left."""

    kept: Kept = field(default_factory=Kept)
    quicker: bool = False
    shredded: bool = False

    @asynccontextmanager
    async def cases(self) -> AsyncIterator[Cases]:
        yield cast("Cases", MemoryCases(self, deepcopy(self.kept)))

    @asynccontextmanager
    async def shreds(self) -> AsyncIterator["MemoryStores"]:
        yield self

    async def get(self, _: ReportId) -> bytes | None:
        return None if self.shredded else b"shred"


def signed(body: bytes) -> bytes:
    return sha512(body).digest()


@dataclass(slots=True)
class OpenSession:
    """Opens everything of its desks."""

    member: MemberId
    desks: frozenset[DeskKey]
    messages: dict[ReportRef, tuple[str, ...]]

    @property
    def generations(self) -> frozenset[tuple[DeskKey, int]]:
        return frozenset((desk, 1) for desk in self.desks)

    async def reissue(self, who: Member) -> Reissued:
        return Reissued(
            before=who.wrapped_seed,
            wrapped=wrap(NEW_PASSPHRASE, NEW_SHARE),
            passphrase=NEW_PASSPHRASE,
            share=NEW_SHARE,
        )

    def words(self, one: Report, _: bytes) -> Words:
        messages = self.messages.get(one.ref, (SECRET,))
        return Words(messages=messages, topic=one.topic, kept_out=one.kept_out, how_far=one.how_far)

    def case(self, one: Report, _: bytes) -> CaseSecret:
        return Secret(value=sha256(one.id).digest())

    def sign(self, body: bytes) -> bytes:
        return signed(body)

    def grant(self, newcomer: Member, key: DeskPublic) -> DeskCopy:
        return copy_for(newcomer.id, key.desk)

    def wipe(self) -> None:
        self.messages = {}


@dataclass(slots=True)
class OpenCustody:
    """One passphrase and one share fit; `refusal` comes before them."""

    desks: frozenset[DeskKey]
    messages: dict[ReportRef, tuple[str, ...]] = field(default_factory=dict)
    refusal: DomainError | None = None

    async def unlock(
        self,
        who: Member,
        passphrase: str,
        share: bytes,
        _: Collection[DeskPublic],
        copies: Collection[DeskCopy],
    ) -> Session:
        if self.refusal is not None:
            raise self.refusal
        if wrap(passphrase, share) != who.wrapped_seed:
            raise PassphraseRefused
        desks = self.desks if copies else frozenset[DeskKey]()
        return cast("Session", OpenSession(who.id, desks, dict(self.messages)))

    def check_act(self, _: Member, body: bytes, signature: bytes) -> None:
        if signature != signed(body):
            raise KeyRefused(Suspect.MEMBER)

    def check_desk(self, key: DeskPublic) -> None:
        assert key.desk in self.desks

    def check_button(self, who: Member, share: bytes) -> None:
        if share in {SHARE, NEW_SHARE} and not who.wrapped_seed.startswith(share):
            raise ButtonOld

    def comparison_words(self, who: Member) -> tuple[str, ...]:
        """Of the certificate, as they should be."""
        six, mark = ("one", "two", "six", "ten", "red", "sea"), who.certificate.decode()
        return tuple(f"{word}{who.id[-1]}{mark}" for word in six)


def ids(reports: Collection[Report]) -> frozenset[ReportId]:
    return frozenset(each.id for each in reports)


def as_it_stands(one: Report) -> Event:
    return Event(
        report=one.id,
        number=0,
        kind=EventKind.RECEIVED,
        author=Author.CITIZEN,
        state=one.state,
        detail=one.detail,
        day=one.received,
    )


def copy_for(who: MemberId, desk: DeskKey = NATIONAL) -> DeskCopy:
    return DeskCopy(desk=desk, generation=1, member=who, sealed=b"")


@dataclass(slots=True)
class StoppedClock:
    moment: datetime = datetime(2026, 11, 3, 9, 0, tzinfo=NAIROBI)

    def now(self) -> datetime:
        return self.moment

    def passes(self, time: timedelta) -> None:
        self.moment += time


@dataclass(slots=True)
class Office:
    """Everything behind one member's chat: stores, keys, clock, who is unlocked."""

    stores: MemoryStores = field(default_factory=MemoryStores)
    custody: OpenCustody = field(default_factory=lambda: OpenCustody(frozenset({NATIONAL})))
    sessions: Sessions = field(default_factory=Sessions)
    clock: StoppedClock = field(default_factory=StoppedClock)
    welcome: Greeting = field(default_factory=Greeting)
    updates: int = 0

    def __post_init__(self) -> None:
        self.stores.kept.members[ME] = member(ME)
        self.stores.kept.copies[ME] = copy_for(ME)

    def keeps(self, *reports: Report) -> None:
        """Each with one event, which says what its row says."""
        self.stores.kept.reports |= {each.ref: each for each in reports}
        others = [event for event in self.stores.kept.events if event.report not in ids(reports)]
        self.stores.kept.events = others + [as_it_stands(each) for each in reports]

    def has_newcomers(self, *members: Member) -> None:
        self.stores.kept.members |= {each.id: each for each in members}

    def of(self, ref: str = "7KQ2M9") -> Report:
        return self.stores.kept.reports[ReportRef(ref)]

    def desk(self, *, again: bool = False) -> ModeratorDesk:
        """For one more update, or for the last one once more."""
        self.updates += not again
        return ModeratorDesk(
            member=ME,
            chat=CHAT,
            update=self.updates,
            stores=cast("Stores", self.stores),
            custody=cast("Custody", self.custody),
            sessions=self.sessions,
            clock=self.clock,
            calendar=WorkingCalendar(),
            clocks=Clocks(),
            referring=no_offices(),
            welcome=self.welcome.as_welcome(),
        )
