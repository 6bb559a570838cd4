"""What `app/wiring.py` joins, joined for a test: real parts on real stores."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.custody import RootedCustody
from crypto.keyring import Keyring
from crypto.sealer import ReportSealer
from domain.calendar import WorkingCalendar
from domain.chats.memory import ChatMemories
from domain.chats.staff_book import StaffBook
from domain.chats.traces import Traces
from domain.errors import DomainError
from domain.followup.mailboxes import Mailboxes
from domain.followup.notices import Notices
from domain.followup.outbox import Outbox
from domain.followup.windows import Windows
from domain.moderation.sessions import Sessions
from domain.referrals.refer import Referring
from domain.reports.clocks import Clocks
from domain.reports.own import Held, OwnReport
from domain.reports.retention import Retention
from domain.staff.member import MemberId
from domain.staff.officer import Officers
from domain.staff.renew import Renewing
from domain.staff.welcome import Welcome
from storage.stores import SqlStores
from tests.fakes.world import FakeClock, FakeEntropy

KEYRING = Keyring.generate()


def ignored(_: DomainError) -> None:
    """Alarms of a test that looks at none."""


@dataclass(slots=True, kw_only=True)
class Wired:
    folder: Path
    stores: SqlStores
    sealer: ReportSealer
    custody: RootedCustody
    keyring: Keyring = KEYRING
    clock: FakeClock = field(default_factory=FakeClock)
    entropy: FakeEntropy = field(default_factory=FakeEntropy)
    sessions: Sessions = field(default_factory=Sessions)
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    clocks: Clocks = field(default_factory=Clocks)
    updates: int = 1000
    heed: Callable[[DomainError], object] = field(default=lambda _: None)

    @property
    def chat_seal(self) -> KeyringChatSeal:
        return KeyringChatSeal(self.keyring, Purpose.CITIZEN)

    @property
    def staff_seal(self) -> KeyringChatSeal:
        return KeyringChatSeal(self.keyring, Purpose.STAFF)

    @property
    def memories(self) -> ChatMemories:
        return ChatMemories(
            stores=self.stores, seal=self.chat_seal, clock=self.clock, heed=lambda _: None
        )

    @property
    def traces(self) -> Traces:
        """A process of its own: what it knows of others lies in the rows."""
        seal = KeyringChatSeal(self.keyring, Purpose.TRACE)
        return Traces(stores=self.stores, seal=seal, clock=self.clock, heed=lambda _: None)

    @property
    def book(self) -> StaffBook:
        return StaffBook(stores=self.stores, seal=self.staff_seal, heed=self.heed)

    @property
    def mailboxes(self) -> Mailboxes:
        seal = KeyringChatSeal(self.keyring, Purpose.FORGOTTEN)
        return Mailboxes(stores=self.stores, seal=seal, clock=self.clock, heed=lambda _: None)

    @property
    def outbox(self) -> Outbox:
        seal = KeyringChatSeal(self.keyring, Purpose.OUTBOX)
        return Outbox(stores=self.stores, seal=seal, clock=self.clock, entropy=self.entropy)

    def notices(self) -> Notices:
        return Notices(
            stores=self.stores,
            sessions=self.sessions,
            mailboxes=self.mailboxes,
            outbox=self.outbox,
            windows=Windows(),
            calendar=self.calendar,
            clock=self.clock,
            heed=lambda _: None,
        )

    def renewing(self, heed: Callable[[DomainError], object] = ignored) -> Renewing:
        return Renewing(
            stores=self.stores,
            custody=self.custody,
            sessions=self.sessions,
            clock=self.clock,
            heed=heed,
        )

    def retention(self, heed: Callable[[DomainError], None]) -> Retention:
        return Retention(
            stores=self.stores,
            custody=self.custody,
            clock=self.clock,
            clocks=self.clocks,
            entropy=self.entropy,
            heed=heed,
        )

    async def revoke(self, member: MemberId) -> None:
        async with self.stores.cases() as cases:
            await cases.staff.revoke(member)
            await cases.commit()

    def welcome(self) -> Welcome:
        return Welcome(stores=self.stores, book=self.book, outbox=self.outbox, clock=self.clock)

    def own(self, held: Held) -> OwnReport:
        return OwnReport(
            stores=self.stores,
            custody=self.custody,
            clock=self.clock,
            entropy=self.entropy,
            held=held,
        )

    @property
    def officers(self) -> Officers:
        return Officers(stores=self.stores, custody=self.custody, book=self.book)

    def referring(self) -> Referring:
        return Referring(
            stores=self.stores,
            officers=self.officers,
            outbox=self.outbox,
            windows=Windows(),
            clock=self.clock,
            entropy=self.entropy,
            places={"021": "Murang'a"},
        )
