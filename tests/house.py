"""The product without Telegram, joined from its real parts on three SQLite files: a
national desk with two moderators who read, a county desk with one, and citizens.

What is slow to make (migrated files, enrolled members) is made once a process and copied.
"""

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.reference.load import load_offices
from crypto import member_keys
from crypto.custody import RootedCustody, new_invite
from crypto.sealer import ReportSealer
from crypto.session import MemberSession
from crypto.spelling import RECOVERY_SECRET, new_recovery, new_root, read, read_root_secret
from crypto.xwing import SEED_BYTES, KeyPair
from domain.desks.desk import NATIONAL, DeskKey
from domain.followup.outgoing import Addressee
from domain.moderation.desk import ModeratorDesk
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.ports.sealing import FreshCode
from domain.ports.stores import Wanted
from domain.referrals.desk import OfficerDesk
from domain.reports.check import Checked, check
from domain.reports.draft import Draft
from domain.reports.event import Event
from domain.reports.report import Report, ReportId
from domain.reports.submit import submit
from domain.reports.topic import Topic
from domain.staff.enrol import EnrolmentDesk
from domain.staff.grant import Granted, Newcomer
from domain.staff.member import Invite, Member, MemberId, Role
from storage.migrate import upgrade
from storage.open import open_stores
from tests.databases import Database
from tests.disk import Disk
from tests.fakes.world import FakeEntropy
from tests.postgresql import Server
from tests.quick_passphrases import at_quick_cost
from tests.wired import Wired

COUNTY = CountyCode("021")
COUNTY_DESK = DeskKey(COUNTY)
DEPLOYMENT = b"a-deployment-id-"
WORDS = ("They come at night to the Maringo bridge.", "Wanakuja na pikipiki nyeusi.")

_root_text, _ = new_root()
_recovery_text, _ = new_recovery()
ROOT = read_root_secret(_root_text)
RECOVERY = KeyPair.from_seed(read(RECOVERY_SECRET, _recovery_text, SEED_BYTES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderator:
    """A person: what they know, what lies in their chat, and who they are to the product."""

    id: MemberId
    passphrase: str
    share: bytes
    chat: int


unwrap_once = cache(member_keys.unwrap)
"""Argon2id for members takes a seventh of a second; the same halves give the same seed."""

People = tuple[Moderator, Moderator, Moderator]
"""First, second and neighbour."""

NOBODY = Moderator(id=MemberId(bytes(16)), passphrase="", share=bytes(32), chat=0)


@dataclass(slots=True, kw_only=True)
class House(Wired):
    """`first` founded the national desk and let `second` in; `neighbour` founded the
    county's. Nobody, in an empty house.
    """

    url: str | None = None
    server: Server | None = None
    first: Moderator = NOBODY
    second: Moderator = NOBODY
    neighbour: Moderator = NOBODY

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

    async def reports(self) -> list[Report]:
        async with self.stores.cases() as cases:
            return list(await cases.reports.waiting(Wanted(desks=frozenset({NATIONAL})), limit=99))

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
            welcome=self.welcome(),
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
            outbox=self.outbox,
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

    @property
    def disk(self) -> Disk:
        return Disk(folder=self.folder, url=self.url, server=self.server)

    def rows(self, store: str, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What somebody with the file reads there."""
        return self.disk.rows(store, query, *values)

    def tamper(self, store: str, statement: str, *values: object) -> None:
        """What somebody who can write to the file does; fails unless it changed something."""
        assert self.disk.tamper(store, statement, *values) > 0

    def files(self) -> bytes:
        """Every byte on disk, journals included."""
        return self.disk.files()


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
async def a_house_on(disk: Disk, people: People) -> AsyncIterator[House]:
    """As `a_house`, on a copy of what `staffed` left."""
    async with _opened_on(disk) as house:
        house.first, house.second, house.neighbour = people
        yield house


@asynccontextmanager
async def a_founded_house(folder: Path, database_url: str | None) -> AsyncIterator[House]:
    """On either database: a national desk with one moderator who reads."""
    await upgrade(database_url, folder)
    async with _opened_on(Disk(folder=folder, url=database_url)) as house:
        _, founding = await house.invite(founding=True)
        house.first = await house.enrolled(101, founding)
        yield house


@asynccontextmanager
async def a_founded_house_on(database: Database) -> AsyncIterator[House]:
    """As `a_founded_house`, where the shape is there already."""
    async with _opened_on(Disk(folder=database.folder, url=database.url)) as house:
        _, founding = await house.invite(founding=True)
        house.first = await house.enrolled(101, founding)
        yield house


@asynccontextmanager
async def reopened(folder: Path, database_url: str | None = None) -> AsyncIterator[House]:
    """A house that was made before, as another process finds it."""
    async with _opened_on(Disk(folder=folder, url=database_url)) as house:
        yield house


@asynccontextmanager
async def _opened(folder: Path, template: Path) -> AsyncIterator[House]:
    shutil.copytree(template, folder, dirs_exist_ok=True)
    async with _opened_on(Disk(folder=folder)) as house:
        yield house


@asynccontextmanager
async def _opened_on(disk: Disk) -> AsyncIterator[House]:
    stores = await open_stores(disk.url, disk.folder)
    try:
        yield House(
            folder=disk.folder,
            url=disk.url,
            server=disk.server,
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
def _staffed() -> tuple[Path, People]:
    folder = _folder()
    shutil.copytree(_migrated(), folder, dirs_exist_ok=True)
    return folder, asyncio.run(staffed(Disk(folder=folder)))


async def staffed(disk: Disk) -> People:
    """Who reads at the desks of a house, enrolled where there is nobody yet."""
    with at_quick_cost():
        async with _opened_on(disk) as house:
            house.updates, house.entropy = 0, FakeEntropy(Random("staff"))
            _, founding = await house.invite(founding=True)
            first = await house.enrolled(101, founding)
            _, joining = await house.invite()
            second = await house.enrolled(102, joining)
            await house.unlock(first)
            await house.let_in(second, by=first)
            house.tamper("addresses", "DELETE FROM outgoing")  # read long ago
            _, elsewhere = await house.invite(desk=COUNTY_DESK, founding=True)
            neighbour = await house.enrolled(103, elsewhere)
    return first, second, neighbour


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="sauti-house-"))
    atexit.register(shutil.rmtree, folder)
    return folder
