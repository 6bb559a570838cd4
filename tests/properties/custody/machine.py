"""Custody in any order: invite, let in, revoke, a new passphrase, a new key, recovery, another
desk, another service key, backup and restore, and a crash between any two writes or right after
any commit. On either database. What may come next, and how often: `acts.py`.
"""

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import pytest
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from app.backing_up import Store
from crypto.recovering import OpenedRecovery
from crypto.xwing import KeyPair
from domain.desks.desk import NATIONAL, DeskKey, NobodyReads
from domain.errors import DomainError
from domain.moderation.reroute import DeskRenewing, DeskUnread
from domain.places.county import CountyCode
from domain.ports.sealing import InviteRefused
from domain.reports.files import CleanFile, FileKind
from domain.staff import recover
from domain.staff.member import MemberId
from storage.migrate import upgrade
from tests.fakes.world import FakeEntropy
from tests.house import COUNTY_DESK, RECOVERY, ROOT, House, Moderator, an_empty_house, reopened
from tests.postgresql import Server
from tests.properties.custody.acts import ACTS, act, left_out, one_of
from tests.properties.custody.operating import Operating, settings_of, which
from tests.properties.custody.people import DESKS, Crash, Dying, Person, Sent, crashes, dying

OPENED = OpenedRecovery(root_public=ROOT.public, pair=RECOVERY)
FILES = (CleanFile(kind=FileKind.TEXT, content=b"a letter"),)
MOST = 6
"""People who are here, and reports: more of them find no more, and take long."""

MOST_EVER = 12
"""People, those who left among them."""

LOOKS_EVERY = 12
"""Steps. A look takes as long as several of them."""

places = st.sampled_from([CountyCode("001"), CountyCode("021")])
desks = st.sampled_from(DESKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Two desks read, and a report is there. `name`: of a database to be copied, on PostgreSQL."""

    folder: Path
    name: str | None
    people: tuple[Person, ...]
    used: tuple[str, ...]
    sent: tuple[Sent, ...]


class CustodyMachine(Operating, RuleBasedStateMachine):
    """On SQLite; with a server, on PostgreSQL."""

    server: ClassVar[Server | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.steps, self.renewed, self.left_out = 0, True, frozenset[str]()
        begun = _begun(self.server)
        self.people = [replace(person, kept=[], former=[]) for person in begun.people]
        self.links, self.used = list[tuple[str, DeskKey]](), list(begun.used)
        self.sent, self.ended = list(begun.sent), []
        self.chats = {person.who.id for person in self.people}
        self.shelved = {store: [] for store in Store}
        self.folder = Path(tempfile.mkdtemp(prefix="sauti-custody-"))
        self.shelf = self.folder / "shelf"
        shutil.copytree(begun.folder, self.folder / "data")
        self.runner, self.stack = asyncio.Runner(), AsyncExitStack()
        url = None
        if self.server is not None and begun.name is not None:
            url = self.stack.enter_context(self.server.copied(begun.name))
        opened = self.stack.enter_async_context(reopened(self.folder / "data", url))
        self.house: House = self.run(opened)
        self.settings = settings_of(self.house)

    def teardown(self) -> None:
        """Whatever happened, somebody unlocks again, and what should be readable is."""
        try:
            self.renews(crash=None)
            self.look()
        finally:
            self.close()

    def close(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()
        shutil.rmtree(self.folder)

    def does(
        self, work: Coroutine[Any, Any, object], crash: Dying | None, *, done: Callable[[], bool]
    ) -> bool:
        """Whether it was done. After a crash the disk says so, and memory is gone."""
        try:
            with dying(crash):
                self.run(work)
        except Crash:
            self.restart()
            return done()
        assert done()
        return True

    @property
    def here(self) -> list[Person]:
        return [person for person in self.people if not person.left]

    @property
    def readers(self) -> list[Person]:
        return [person for person in self.people if person.reads]

    def readers_of(self, desk: DeskKey) -> list[Person]:
        return [person for person in self.readers if person.desk == desk]

    @property
    def waiting(self) -> list[Person]:
        """Whom somebody can let in."""
        return [each for each in self.here if not each.reads and self.readers_of(each.desk)]

    @property
    def movable(self) -> list[int]:
        """Of the reports, those that somebody reads."""
        return [at for at, sent in enumerate(self.sent) if self.readers_of(sent.desk)]

    @property
    def more_may_come(self) -> bool:
        there = len(self.links) + len(self.here)
        return there < MOST and len(self.links) + len(self.people) < MOST_EVER

    @property
    def may_be_reopened(self) -> bool:
        return len(self.people) < MOST_EVER and not all(map(self.readers_of, DESKS))

    @property
    def exposed(self) -> frozenset[DeskKey]:
        return self.run(self._exposed())

    async def _exposed(self) -> frozenset[DeskKey]:
        async with self.house.stores.cases() as cases:
            return frozenset(await cases.staff.exposed())

    @property
    def gone(self) -> tuple[bytes, ...]:
        return tuple(person.who.id for person in self.people if person.left)

    @act(possible=lambda self: self.more_may_come, desk=desks)
    def the_root_invites(self, desk: DeskKey) -> None:
        self.links.append((self.run(self.house.invite(desk=desk))[1], desk))

    @act(2, possible=lambda self: self.links, crash=crashes)
    def somebody_enrols(self, crash: Dying | None) -> None:
        link, desk = self.links.pop()
        if self._enrolled(link, desk, crash) is None:
            self.links.append((link, desk))  # good still
            return
        with pytest.raises(InviteRefused):
            self.run(self.house.enrolled(99, link))

    def _enrolled(self, link: str, desk: DeskKey, crash: Dying | None) -> Person | None:
        """Their words and share are theirs before they say that they have them."""
        chat = 101 + len(self.people)
        enrolment = self.house.enrolment(chat)
        prepared = self.run(enrolment.prepare(link))
        made = prepared.enrolled
        who = Moderator(id=made.member.id, passphrase=made.passphrase, share=made.share, chat=chat)
        confirming = enrolment.confirm(prepared)
        if not self.does(confirming, crash, done=lambda: self._is_member(who.id)):
            return None
        self.chats.add(who.id)
        self.used.append(link)
        self.people.append(Person(who=who, desk=desk))
        return self.people[-1]

    def _is_member(self, who: MemberId) -> bool:
        return bool(self.house.rows("cases", "SELECT 1 FROM member WHERE id = ?", who))

    @act(2, possible=lambda self: self.waiting, by=which, whom=which, crash=crashes)
    def a_reader_lets_somebody_in(self, by: int, whom: int, crash: Dying | None) -> None:
        newcomer = self.waiting[whom % len(self.waiting)]
        readers = self.readers_of(newcomer.desk)
        reader = readers[by % len(readers)].who
        self.run(self.house.unlock(reader))
        work = self.house.let_in(newcomer.who, by=reader)
        newcomer.reads = self.does(work, crash, done=lambda: self.of_copies(newcomer) > 0)

    @act(2, possible=lambda self: self.more_may_come, desk=desks, by=which)
    def somebody_joins(self, desk: DeskKey, by: int) -> None:
        """All three at one go: left to chance, people go faster than they come."""
        self.the_root_invites(desk)
        self.somebody_enrols(crash=None)
        newest = len(self.waiting) - 1
        if self.people[-1] in self.waiting:
            self.a_reader_lets_somebody_in(by=by, whom=newest, crash=None)

    @act(2, possible=lambda self: self.here, whom=which, keeping=st.booleans(), crash=crashes)
    def somebody_is_revoked(self, whom: int, crash: Dying | None, *, keeping: bool) -> None:
        """`keeping`: they are unlocked, and had copied their private keys before."""
        person = self.here[whom % len(self.here)]
        if person.reads and keeping:
            session = self.run(self.house.unlock(person.who))
            pairs = session.pairs.values()
            person.kept = [KeyPair.from_seed(bytes(pair.seed)) for pair in pairs]
        if self.does(self._revoke(person), crash, done=lambda: self._is_revoked(person)):
            person.left, person.reads, self.renewed = True, False, False

    async def _revoke(self, person: Person) -> None:
        async with self.house.stores.cases() as cases:
            await cases.staff.hold(person.desk)
            await cases.staff.revoke(person.who.id)
            await cases.commit()

    def _is_revoked(self, person: Person) -> bool:
        return self.run(self.house.member(person.who)).revoked

    @act(2, possible=lambda self: not self.renewed, crash=crashes)
    def renews(self, crash: Dying | None) -> None:
        """The clock, with somebody of each desk unlocked."""
        for desk in DESKS:
            for reader in self.readers_of(desk)[:1]:
                self.run(self.house.unlock(reader.who))
        work = self.house.renewing(_unexpected)
        self.does(work.run(), crash, done=lambda: not any(map(self.readers_of, self.exposed)))
        self.renewed = not self.exposed

    @act(possible=lambda self: self.readers, whom=which, crash=crashes)
    def a_reader_gets_a_new_passphrase(self, whom: int, crash: Dying | None) -> None:
        person = self.readers[whom % len(self.readers)]
        self.run(self.house.unlock(person.who))
        desk = self.house.desk(person.who)
        new = self.run(desk.new_passphrase())
        renewed = replace(person.who, passphrase=new.passphrase, share=new.share)

        def holds() -> bool:
            return self.run(self.house.member(person.who)).wrapped_seed == new.wrapped

        if self.does(desk.keep_passphrase(new), crash, done=holds):
            person.former.append(person.who)
            person.who = renewed
        else:
            person.former.append(renewed)

    @act(possible=lambda self: self.house.sessions.unlocked(self.house.clock.now()))
    def the_bot_stops(self) -> None:
        self.restart()

    @act(2, possible=lambda self: len(self.sent) < MOST, county=places)
    def a_citizen_sends(self, county: CountyCode) -> None:
        local = DeskKey(county) == COUNTY_DESK and bool(self.readers_of(COUNTY_DESK))
        if not local and not self.readers_of(NATIONAL):
            with pytest.raises(NobodyReads):
                self.run(self.house.sent(county=county))
            return
        code, report = self.run(self.house.sent(county=county))
        assert report.desk == (COUNTY_DESK if local else NATIONAL)
        exposed = report.desk in self.exposed
        self.sent.append(Sent(report=report, code=code, exposed=exposed, gone=self.gone))

    @act(3, possible=lambda self: self.movable, report=which, by=which, crash=crashes)
    def a_reader_sends_it_to_the_other_desk(
        self, report: int, by: int, crash: Dying | None
    ) -> None:
        at = self.movable[report % len(self.movable)]
        sent = self.sent[at]
        readers, to = self.readers_of(sent.desk), _other(sent.desk)
        reader = readers[by % len(readers)].who
        self.run(self.house.unlock(reader))
        move = self.house.desk(reader).route(sent.report.ref, to)
        refusal = self._refusal(to)
        if refusal is not None:
            with pytest.raises(refusal):
                self.run(move)
            return

        def is_there() -> bool:
            return self.run(self.house.report(sent.report.id)).desk == to

        if self.does(move, crash, done=is_there):
            row = self.run(self.house.report(sent.report.id))
            self.sent[at] = replace(
                sent, report=row, exposed=False, gone=self.gone, former=sent.report
            )

    def _refusal(self, to: DeskKey) -> type[DomainError] | None:
        if not self.readers_of(to):
            return DeskUnread
        return DeskRenewing if to in self.exposed else None

    @act(2, possible=lambda self: self.may_be_reopened, desk=desks, crash=crashes)
    def custodians_open_the_desk(self, desk: DeskKey, crash: Dying | None) -> None:
        """Which nobody reads, to one more person, whom the root invited for that."""
        if self.readers_of(desk):
            desk = _other(desk)
        _, link = self.run(self.house.invite(desk=desk, founding=True))
        person = self._enrolled(link, desk, None)
        assert person is not None
        work = self._reopen(person.who, desk)
        person.reads = self.does(work, crash, done=lambda: self.of_copies(person) > 0)

    async def _reopen(self, who: Moderator, desk: DeskKey) -> None:
        words = " ".join(self.house.custody.comparison_words(await self.house.member(who)))
        stores, custody = self.house.stores, self.house.custody
        reopened = await recover.reopen(desk, words, OPENED, stores=stores, custody=custody)
        assert not reopened.lost

    @initialize(but=left_out())
    def begins(self, but: frozenset[str]) -> None:
        self.left_out = but

    @rule(data=st.data())
    def happens(self, data: st.DataObject) -> None:
        chosen = data.draw(one_of(self, self.steps, self.left_out))
        given = {name: data.draw(drawn) for name, drawn in ACTS[chosen].given.items()}
        note(f"{chosen}({', '.join(f'{name}={value}' for name, value in given.items())})")
        getattr(self, chosen)(**given)
        self.steps += 1
        if self.steps % LOOKS_EVERY == 0:
            self.look()


@cache
def _begun(server: Server | None) -> Begun:
    """Made once: its keys are the same in every order."""
    folder = Path(tempfile.mkdtemp(prefix="sauti-custody-"))
    atexit.register(shutil.rmtree, folder)
    return asyncio.run(_beginning(folder, server))


async def _beginning(folder: Path, server: Server | None) -> Begun:
    name = url = None
    if server is not None:
        name = "custody"
        url = server.created(name)
        await upgrade(url, folder)
    opened = reopened(folder, url) if url else an_empty_house(folder)
    async with opened as house:
        house.updates, house.entropy = 0, FakeEntropy(Random("custody"))
        people, used = list[Person](), list[str]()
        for desk, founding in ((NATIONAL, True), (NATIONAL, False), (COUNTY_DESK, True)):
            _, link = await house.invite(desk=desk, founding=founding)
            used.append(link)
            who = await house.enrolled(101 + len(people), link)
            people.append(Person(who=who, desk=desk, reads=True))
        first, second, _ = people
        await house.unlock(first.who)
        await house.let_in(second.who, by=first.who)
        code, report = await house.sent(county=CountyCode("001"), files=FILES)
    sent = Sent(report=report, code=code, exposed=False, gone=())
    return Begun(folder=folder, name=name, people=tuple(people), used=tuple(used), sent=(sent,))


def _other(desk: DeskKey) -> DeskKey:
    return COUNTY_DESK if desk == NATIONAL else NATIONAL


def _unexpected(refused: object) -> None:
    raise AssertionError(refused)
