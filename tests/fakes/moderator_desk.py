"""A real `ModeratorDesk` on stores in memory, with keys that open without cryptography."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256, sha512
from typing import TYPE_CHECKING, cast

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
from domain.reports.clocks import Clocks
from domain.reports.event import Event, EventKind
from domain.reports.report import Locator, Report, ReportId, ReportRef, SealedReport, UnderDesk
from domain.reports.state import Author
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar
from domain.staff.member import DeskCopy, DeskPublic, Member, MemberId, Role
from tests.fakes.greeting import Greeting
from tests.fakes.moderator_stores import MemoryStores
from tests.fakes.no_offices import no_offices

if TYPE_CHECKING:
    from domain.ports.stores import Stores

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

    def reroute(self, _: Report, kept: UnderDesk, to: DeskPublic, __: bytes) -> UnderDesk:
        assert to.desk not in self.desks
        return kept

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

    def check_act(
        self, who: Member, _: Collection[DeskCopy], body: bytes, signature: bytes
    ) -> DeskKey:
        if signature != signed(body):
            raise KeyRefused(Suspect.MEMBER)
        return who.desk

    def signer(self, _: DeskPublic) -> MemberId | None:
        return None

    def check_standing(self, _: Member) -> None:
        """As they should be."""

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
    """Closed, over a signature."""
    event = Event(
        report=one.id,
        number=0,
        kind=EventKind.RECEIVED,
        author=Author.CITIZEN,
        state=one.state,
        detail=one.detail,
        day=one.received,
    )
    if not one.state.is_closed:
        return event
    event = replace(event, kind=EventKind.MOVED, author=Author.MODERATOR, member=ME)
    return replace(event, signature=signed(event.signed_bytes()))


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
