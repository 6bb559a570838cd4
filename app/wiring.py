"""The one place that joins the parts: ports to what stands behind them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from app import timetable
from app.dry_stores import DryStores
from app.log import Log
from app.place_names import county_codes, place_names
from app.settings import Settings
from app.world import SystemEntropy
from bot.telegram.alarms import heeding
from bot.telegram.application import Line
from bot.telegram.carrier import TelegramCarrier
from bot.telegram.citizens import CitizenChats
from bot.telegram.front import Front
from bot.telegram.keeping import Keeping
from bot.telegram.officers import OfficerChats
from bot.telegram.staff import StaffChats
from bot.texts.catalogue import Catalogues
from crypto.chat_seal import KeyringChatSeal
from crypto.custody import RootedCustody
from crypto.sealer import ReportSealer
from domain.calendar import WorkingCalendar
from domain.chats.memory import ChatMemories
from domain.chats.staff_book import StaffBook
from domain.chats.traces import Traces
from domain.digest.publish import Publisher
from domain.followup.follow_up import FollowUp
from domain.followup.followers import Followers, Following
from domain.followup.mailboxes import Mailboxes
from domain.followup.notices import Notices
from domain.followup.outbox import Outbox
from domain.followup.outgoing import Message
from domain.lines.help_line import HelpLine
from domain.moderation.desk import ModeratorDesk
from domain.moderation.sessions import Sessions
from domain.places.gazetteer import Gazetteer
from domain.ports.chat import Chat, Language
from domain.ports.lead import Lead
from domain.ports.media import Media
from domain.ports.stores import Stores
from domain.ports.world import Clock
from domain.referrals.chase import Chase
from domain.referrals.desk import OfficerDesk
from domain.referrals.digest import Digests
from domain.referrals.refer import Referring
from domain.reports.clocks import Clocks
from domain.reports.desk import CitizenDesk
from domain.reports.tries import Tries
from domain.staff.enrol import EnrolmentDesk
from domain.staff.member import MemberId
from domain.staff.officer import Officers
from domain.staff.renew import Renewing
from domain.staff.welcome import Welcome
from media.cleaner import ChildCleaner
from scheduler.clock import BellJob, Job
from scheduler.delivery import Delivery
from scheduler.ringing import Ringing
from storage.leading import open_lead


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything but Telegram, put together once a process."""

    settings: Settings
    log: Log
    stores: Stores
    clock: Clock
    sealer: ReportSealer
    custody: RootedCustody
    chat_seal: KeyringChatSeal
    trace_seal: KeyringChatSeal
    staff_seal: KeyringChatSeal
    outbox_seal: KeyringChatSeal
    follower_seal: KeyringChatSeal
    forgotten_seal: KeyringChatSeal
    gazetteer: Gazetteer
    help_lines: tuple[HelpLine, ...]
    entropy: SystemEntropy = field(default_factory=SystemEntropy)
    sessions: Sessions = field(default_factory=Sessions)
    media: Media = field(default_factory=ChildCleaner)
    tries: Tries = field(default_factory=Tries)
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    clocks: Clocks = field(default_factory=Clocks)
    catalogues: Catalogues = field(default_factory=Catalogues.load)
    ring_every: timedelta = timedelta(seconds=20)
    notice_every: timedelta = timedelta(seconds=15)
    deliver_every: timedelta = timedelta(seconds=2)
    leaps: bool = False
    """Its clock does: somebody moves it, in the demo."""

    def citizen_desk(self, number: int, chat: Chat) -> CitizenDesk:
        return CitizenDesk(
            stores=self.stores,
            sealer=self.sealer,
            custody=self.custody,
            clock=self.clock,
            entropy=self.entropy,
            calendar=self.calendar,
            clocks=self.clocks,
            gazetteer=self.gazetteer,
            help_lines=self.help_lines,
            chat=chat,
            media=self.media,
            number=number,
            mailboxes=self.mailboxes(),
            following=Following(followers=self.followers(), chat=number),
            outbox=self.outbox(),
            tries=self.tries.of(number),
        )

    def moderator_desk(self, member: MemberId, chat: int, update: int) -> ModeratorDesk:
        return ModeratorDesk(
            member=member,
            chat=chat,
            update=update,
            stores=self.stores,
            custody=self.custody,
            sessions=self.sessions,
            clock=self.clock,
            calendar=self.calendar,
            clocks=self.clocks,
            referring=self.referring(),
            welcome=self.welcome(),
        )

    def welcome(self) -> Welcome:
        return Welcome(
            stores=self.stores, book=self.staff_book(), outbox=self.outbox(), clock=self.clock
        )

    def officers(self) -> Officers:
        return Officers(stores=self.stores, custody=self.custody, book=self.staff_book())

    def renewing(self) -> Renewing:
        return Renewing(
            stores=self.stores,
            custody=self.custody,
            sessions=self.sessions,
            clock=self.clock,
            heed=heeding(self.log),
        )

    def referring(self) -> Referring:
        return Referring(
            stores=self.stores,
            officers=self.officers(),
            outbox=self.outbox(),
            windows=self.settings.windows,
            clock=self.clock,
            entropy=self.entropy,
            places=place_names(self.gazetteer),
        )

    def chase(self) -> Chase:
        return Chase(
            stores=self.stores,
            officers=self.officers(),
            outbox=self.outbox(),
            windows=self.settings.windows,
            clock=self.clock,
            calendar=self.calendar,
            clocks=self.clocks,
            entropy=self.entropy,
        )

    def digests(self) -> Digests:
        return Digests(
            stores=self.stores,
            officers=self.officers(),
            outbox=self.outbox(),
            windows=self.settings.windows,
            clock=self.clock,
            clocks=self.clocks,
            places=place_names(self.gazetteer),
            counties=county_codes(self.gazetteer),
        )

    def officer_desk(self, member: MemberId, chat: int, update: int) -> OfficerDesk:
        return OfficerDesk(
            member=member,
            chat=chat,
            update=update,
            stores=self.stores,
            custody=self.custody,
            sealer=self.sealer,
            book=self.staff_book(),
            outbox=self.outbox(),
            clock=self.clock,
            entropy=self.entropy,
            clocks=self.clocks,
            places=place_names(self.gazetteer),
            counties=county_codes(self.gazetteer),
        )

    def enrolment_desk(self, chat: int, language: Language) -> EnrolmentDesk:
        return EnrolmentDesk(
            chat=chat,
            language=language,
            stores=self.stores,
            custody=self.custody,
            clock=self.clock,
            entropy=self.entropy,
            book=self.staff_book(),
        )

    def staff_book(self) -> StaffBook:
        return StaffBook(stores=self.stores, seal=self.staff_seal, heed=heeding(self.log))

    def memories(self) -> ChatMemories:
        return ChatMemories(
            stores=self.stores, seal=self.chat_seal, clock=self.clock, heed=heeding(self.log)
        )

    def traces(self) -> Traces:
        return Traces(
            stores=self.stores, seal=self.trace_seal, clock=self.clock, heed=heeding(self.log)
        )

    def outbox(self) -> Outbox:
        return Outbox(
            stores=self.stores, seal=self.outbox_seal, clock=self.clock, entropy=self.entropy
        )

    def mailboxes(self) -> Mailboxes:
        return Mailboxes(
            stores=self.stores,
            seal=self.forgotten_seal,
            clock=self.clock,
            heed=heeding(self.log),
        )

    def notices(self) -> Notices:
        return Notices(
            stores=self.stores,
            sessions=self.sessions,
            mailboxes=self.mailboxes(),
            outbox=self.outbox(),
            windows=self.settings.windows,
            calendar=self.calendar,
            clock=self.clock,
            heed=heeding(self.log),
        )

    def followers(self) -> Followers:
        return Followers(stores=self.stores, seal=self.follower_seal, clock=self.clock)

    def follow_up(self) -> FollowUp:
        return FollowUp(
            stores=self.stores,
            publisher=self.publisher(),
            followers=self.followers(),
            outbox=self.outbox(),
            windows=self.settings.windows,
            gazetteer=self.gazetteer,
            clock=self.clock,
        )

    def publisher(self) -> Publisher:
        return Publisher(
            stores=self.stores,
            calendar=self.calendar,
            clocks=self.clocks,
            k=self.settings.min_count,
        )

    def front(self, line: Line) -> Front:
        citizens = CitizenChats(
            bot=line.bot,
            keeping=Keeping(memories=self.memories(), traces=self.traces()),
            desk=self.citizen_desk,
            clock=self.clock,
            operator=self.settings.operator_name,
            catalogues=self.catalogues,
            log=self.log,
        )
        staff = StaffChats(
            bot=line.bot,
            book=self.staff_book(),
            sessions=self.sessions,
            enrolment_desk=self.enrolment_desk,
            moderator_desk=self.moderator_desk,
            places=place_names(self.gazetteer),
            clock=self.clock,
            catalogues=self.catalogues,
            log=self.log,
        )
        officers = OfficerChats(
            bot=line.bot,
            book=self.staff_book(),
            desk=self.officer_desk,
            catalogues=self.catalogues,
            log=self.log,
        )
        return Front(citizens=citizens, staff=staff, officers=officers)

    def jobs(self, front: Front) -> tuple[Job, ...]:
        return timetable.jobs(self, front)

    def errands(
        self, ringing: Ringing, delivery: Delivery, stay: Callable[[], Awaitable[object]]
    ) -> tuple[Job, ...]:
        return timetable.errands(self, ringing, delivery, stay)

    def bells(self) -> tuple[BellJob, ...]:
        return timetable.bells(self)

    def ringing(self, lead: Lead) -> Ringing:
        return Ringing(
            jobs=self.bells(),
            stores=self.stores,
            clock=self.clock,
            lead=lead,
            log=self.log,
            leaps=self.leaps,
        )

    def delivery(self, line: Line, front: Front) -> Delivery:
        return Delivery(
            outbox=self.outbox(),
            carrier=TelegramCarrier(
                bot=line.bot,
                catalogues=self.catalogues,
                note=front.note,
                doubt=front.doubt,
                log=self.log,
            ),
            windows=self.settings.windows,
            clock=self.clock,
            log=self.log,
            wanted=self._wanted,
            on_gone=self._gone,
        )

    async def _wanted(self, message: Message) -> bool:
        """Until it leaves whoever asked for it may take that back."""
        still = self.mailboxes().still_wanted, self.followers().still_wanted
        return all([await asked(message) for asked in still])

    async def _gone(self, chat: int) -> None:
        """Whoever has blocked the bot follows nothing, and no notice goes there."""
        await self.followers().drop(chat)
        await self.mailboxes().forget(chat)

    def lead(self, name: str) -> Lead:
        """Among all processes on this database."""
        return open_lead(self.settings.database, self.settings.data_dir, name)

    def dry(self) -> "House":
        """Does everything and keeps nothing."""
        return replace(self, stores=DryStores(self.stores))
