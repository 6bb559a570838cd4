"""The product without Telegram, joined from its real parts on three SQLite files: a
national desk with two moderators who read, a county desk with one, and citizens.

What is slow to make (migrated files, enrolled members) is made once a process and copied.
"""

import asyncio
import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlalchemy import event

from app.reference.load import load_offices
from crypto import code as codes
from crypto import member_keys, symmetric
from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.context import Context
from crypto.custody import RootedCustody, new_invite
from crypto.keyring import Keyring
from crypto.sealer import ReportSealer
from crypto.session import MemberSession
from crypto.spelling import RECOVERY_SECRET, new_recovery, new_root, read, read_root_secret
from crypto.xwing import SEED_BYTES, KeyPair
from domain.calendar import WorkingCalendar
from domain.chats.memory import ChatMemories
from domain.chats.staff_book import StaffBook
from domain.desks.desk import NATIONAL, DeskKey
from domain.followup.mailboxes import Mailboxes
from domain.followup.notices import Notices
from domain.followup.outbox import Outbox
from domain.followup.outgoing import Addressee
from domain.followup.windows import Windows
from domain.moderation.desk import ModeratorDesk
from domain.moderation.sessions import Sessions
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.ports.sealing import FreshCode
from domain.referrals.desk import OfficerDesk
from domain.referrals.refer import Referring
from domain.reports.check import Checked, check
from domain.reports.clocks import Clocks
from domain.reports.draft import Draft
from domain.reports.event import Event
from domain.reports.own import Held, OwnReport
from domain.reports.report import Report, ReportId
from domain.reports.submit import submit
from domain.reports.topic import Topic
from domain.staff.enrol import EnrolmentDesk
from domain.staff.grant import Granted, Newcomer
from domain.staff.member import Invite, Member, MemberId, Role
from domain.staff.officer import Officers
from storage.migrate import upgrade
from storage.open import open_stores
from storage.stores import SqlStores
from tests.fakes.world import FakeClock, FakeEntropy

COUNTY = CountyCode("021")
COUNTY_DESK = DeskKey(COUNTY)
DEPLOYMENT = b"a-deployment-id-"
WORDS = ("They come at night to the Maringo bridge.", "Wanakuja na pikipiki nyeusi.")

_root_text, _ = new_root()
_recovery_text, _ = new_recovery()
ROOT = read_root_secret(_root_text)
RECOVERY = KeyPair.from_seed(read(RECOVERY_SECRET, _recovery_text, SEED_BYTES))
KEYRING = Keyring.generate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderator:
    """A person: what they know, what lies in their chat, and who they are to the product."""

    id: MemberId
    passphrase: str
    share: bytes
    chat: int


unwrap_once = cache(member_keys.unwrap)
"""Argon2id for members takes a seventh of a second; the same halves give the same seed."""

NOBODY = Moderator(id=MemberId(bytes(16)), passphrase="", share=bytes(32), chat=0)


@dataclass(slots=True, kw_only=True)
class House:
    """`first` founded the national desk and let `second` in; `neighbour` founded the
    county's. Nobody, in an empty house.
    """

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
    first: Moderator = NOBODY
    second: Moderator = NOBODY
    neighbour: Moderator = NOBODY

    @property
    def chat_seal(self) -> KeyringChatSeal:
        return KeyringChatSeal(self.keyring, Purpose.CITIZEN)

    @property
    def staff_seal(self) -> KeyringChatSeal:
        return KeyringChatSeal(self.keyring, Purpose.STAFF)

    @property
    def memories(self) -> ChatMemories:
        return ChatMemories(stores=self.stores, seal=self.chat_seal, clock=self.clock)

    @property
    def book(self) -> StaffBook:
        return StaffBook(stores=self.stores, seal=self.staff_seal, heed=lambda _: None)

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
            clock=self.clock,
            heed=lambda _: None,
        )

    def own(self, held: Held) -> OwnReport:
        return OwnReport(
            stores=self.stores,
            custody=self.custody,
            clock=self.clock,
            entropy=self.entropy,
            held=held,
        )

    async def followed(self, chat: int, **choices: Any) -> tuple[str, Report]:
        """A report that was sent, and whose holder asked for news of it."""
        code, report = await self.sent(**choices)
        checked = await self.check(code)
        to = Addressee(chat=chat, language=Language.KISWAHILI)
        await self.mailboxes.open(checked.held.secret, to)
        return code, report

    def draft(self, **choices: Any) -> Draft:
        """A whole one, of a topic that is not sensitive, for the county's own desk."""
        draft = Draft(
            nonce=ReportId(self.entropy.token(16)), words=WORDS, topic=Topic.THEFT, county=COUNTY
        )
        return replace(draft, **choices)

    async def send(self, draft: Draft, code: FreshCode) -> None:
        await submit(
            draft,
            code,
            stores=self.stores,
            sealer=self.sealer,
            clock=self.clock,
            entropy=self.entropy,
        )

    async def sent(self, **choices: Any) -> tuple[str, Report]:
        """A report that was sent: its code, and its row."""
        draft, code = self.draft(**choices), await self.sealer.mint()
        await self.send(draft, code)
        return code.text, await self.report(draft.nonce)

    async def check(self, typed: str) -> Checked:
        return await check(
            typed,
            stores=self.stores,
            sealer=self.sealer,
            custody=self.custody,
            clock=self.clock,
            calendar=self.calendar,
            clocks=self.clocks,
        )

    async def report(self, report: ReportId) -> Report:
        async with self.stores.cases() as cases:
            found = await cases.reports.get(report)
        assert found is not None
        return found

    async def events(self, report: ReportId) -> list[Event]:
        async with self.stores.cases() as cases:
            return list(await cases.events.of(report))

    async def shred_key(self, report: ReportId) -> bytes:
        async with self.stores.shreds() as shreds:
            key = await shreds.get(report)
        assert key is not None
        return key

    async def member(self, moderator: Moderator) -> Member:
        async with self.stores.cases() as cases:
            found = await cases.staff.member(moderator.id)
        assert found is not None
        return found

    async def invite(
        self,
        *,
        desk: DeskKey = NATIONAL,
        role: Role = Role.MODERATOR,
        founding: bool = False,
        expires: date | None = None,
    ) -> tuple[Invite, str]:
        """The invite as it is kept, and the payload of its link."""
        last_day = expires or self.clock.now().date() + timedelta(days=7)
        invite, payload = new_invite(
            ROOT, role=role, desk=desk, founding=founding, expires=last_day
        )
        async with self.stores.cases() as cases:
            await cases.staff.add_invite(invite)
            await cases.commit()
        return invite, payload

    def enrolment(self, chat: int) -> EnrolmentDesk:
        return EnrolmentDesk(
            chat=chat,
            language=Language.ENGLISH,
            stores=self.stores,
            custody=self.custody,
            clock=self.clock,
            entropy=self.entropy,
            book=self.book,
        )

    async def enrolled(self, chat: int, payload: str) -> Moderator:
        desk = self.enrolment(chat)
        prepared = await desk.prepare(payload)
        confirmed = await desk.confirm(prepared)
        return Moderator(
            id=confirmed.member,
            passphrase=prepared.enrolled.passphrase,
            share=confirmed.share,
            chat=chat,
        )

    def desk(self, moderator: Moderator, update: int | None = None) -> ModeratorDesk:
        """For a new update, unless it is one that came before."""
        self.updates += 1
        return ModeratorDesk(
            member=moderator.id,
            chat=moderator.chat,
            update=self.updates if update is None else update,
            stores=self.stores,
            custody=self.custody,
            sessions=self.sessions,
            clock=self.clock,
            calendar=self.calendar,
            clocks=self.clocks,
            referring=self.referring(),
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

    async def load_offices(self) -> None:
        async with self.stores.cases() as cases:
            await cases.reference.load(
                counties=(),
                forums=(),
                offices=load_offices(),
                help_lines=(),
                commitments=(),
            )
            await cases.commit()

    async def officer(self, chat: int, seat: str) -> Moderator:
        """Enrolled by a link; there is no passphrase and no share."""
        _, payload = await self.invite(desk=DeskKey(seat), role=Role.OFFICER)
        return await self.enrolled(chat, payload)

    def officer_desk(self, officer: Moderator, update: int | None = None) -> OfficerDesk:
        """For a new update, unless it is one that came before."""
        self.updates += 1
        return OfficerDesk(
            member=officer.id,
            chat=officer.chat,
            update=self.updates if update is None else update,
            stores=self.stores,
            custody=self.custody,
            sealer=self.sealer,
            book=self.book,
            clock=self.clock,
            entropy=self.entropy,
            clocks=self.clocks,
            places={"021": "Murang'a"},
            counties={"021": COUNTY},
        )

    async def unlock(self, moderator: Moderator) -> MemberSession:
        """At the moderator's own desk, with their passphrase and share."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(member_keys, "unwrap", unwrap_once)
            await self.desk(moderator).unlock(moderator.passphrase, moderator.share)
        session = self.sessions.of(moderator.id, moderator.chat, self.clock.now())
        assert isinstance(session, MemberSession)
        return session

    async def waiting(self, newcomer: Moderator, *, at: Moderator) -> Newcomer:
        """The newcomer as the card of this member shows them."""
        pending = await self.desk(at).pending()
        return next(each for each in pending if each.member == newcomer.id)

    async def let_in(self, newcomer: Moderator, *, by: Moderator) -> Granted:
        return await self.desk(by).grant(await self.waiting(newcomer, at=by))

    def rows(self, store: str, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What somebody with the file reads there."""
        with closing(sqlite3.connect(self.folder / f"{store}.db")) as file:
            return file.execute(query, values).fetchall()

    def tamper(self, store: str, statement: str, *values: object) -> None:
        """What somebody who can write to the file does; fails unless it changed something."""
        with closing(sqlite3.connect(self.folder / f"{store}.db")) as file, file:
            assert file.execute(statement, values).rowcount > 0

    def files(self) -> bytes:
        """Every byte on disk, journals included."""
        return b"\n".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


@dataclass(slots=True, kw_only=True)
class Work:
    """What one look-up cost: never times, which a busy machine would shake."""

    argon: int = 0
    opens: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)


@contextmanager
def counted(house: House) -> Iterator[Work]:
    """Argon2id derivations, AES-GCM opens by their field, and SQL statements in order."""
    work, unseal = Work(), symmetric.unseal

    def counting_derive(*given: Any, **named: Any) -> Argon2id:
        work.argon += 1
        return Argon2id(*given, **named)

    def counting_unseal(key: bytes, envelope: bytes, context: Context) -> bytes:
        work.opens.append(context.field)
        return unseal(key, envelope, context)

    def executed(*given: Any) -> None:
        work.statements.append(given[2])

    engines = [
        store.engine.sync_engine
        for store in (house.stores.cases_engine, house.stores.shreds_engine)
    ]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", executed)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(codes, "Argon2id", counting_derive)
        patched.setattr(symmetric, "unseal", counting_unseal)
        yield work
    for engine in engines:
        event.remove(engine, "before_cursor_execute", executed)


@asynccontextmanager
async def an_empty_house(folder: Path) -> AsyncIterator[House]:
    async with _opened(folder, await asyncio.to_thread(_migrated)) as house:
        yield house


@asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    template, people = await asyncio.to_thread(_staffed)
    async with _opened(folder, template) as house:
        house.first, house.second, house.neighbour = people
        yield house


@asynccontextmanager
async def a_founded_house(folder: Path, database_url: str | None) -> AsyncIterator[House]:
    """On either database: a national desk with one moderator who reads."""
    await upgrade(database_url, folder)
    async with _opened_on(folder, database_url) as house:
        _, founding = await house.invite(founding=True)
        house.first = await house.enrolled(101, founding)
        yield house


@asynccontextmanager
async def _opened(folder: Path, template: Path) -> AsyncIterator[House]:
    shutil.copytree(template, folder, dirs_exist_ok=True)
    async with _opened_on(folder, None) as house:
        yield house


@asynccontextmanager
async def _opened_on(folder: Path, database_url: str | None) -> AsyncIterator[House]:
    stores = await open_stores(database_url, folder)
    try:
        yield House(
            folder=folder,
            stores=stores,
            sealer=ReportSealer(root_public=ROOT.public, deployment_id=DEPLOYMENT),
            custody=RootedCustody(root_public=ROOT.public, recovery_public=RECOVERY.public),
        )
    finally:
        await stores.aclose()


@cache
def _migrated() -> Path:
    folder = _folder()
    asyncio.run(upgrade(None, folder))
    return folder


@cache
def _staffed() -> tuple[Path, tuple[Moderator, Moderator, Moderator]]:
    folder = _folder()
    return folder, asyncio.run(_staff(folder))


async def _staff(folder: Path) -> tuple[Moderator, Moderator, Moderator]:
    async with an_empty_house(folder) as house:
        house.updates, house.entropy = 0, FakeEntropy(Random("staff"))
        _, founding = await house.invite(founding=True)
        first = await house.enrolled(101, founding)
        _, joining = await house.invite()
        second = await house.enrolled(102, joining)
        await house.unlock(first)
        await house.let_in(second, by=first)
        _, elsewhere = await house.invite(desk=COUNTY_DESK, founding=True)
        neighbour = await house.enrolled(103, elsewhere)
    return first, second, neighbour


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="sauti-house-"))
    atexit.register(shutil.rmtree, folder)
    return folder
