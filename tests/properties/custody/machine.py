"""Custody in any order: invite, let in, revoke, a new passphrase, a new key, recovery, another
desk, another service key, backup and restore, and a crash between any two writes.
"""

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

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
from domain.staff.renew import Renewing
from tests.fakes.world import FakeEntropy
from tests.house import COUNTY_DESK, RECOVERY, ROOT, House, Moderator, an_empty_house, reopened
from tests.properties.custody.looking import Answer
from tests.properties.custody.operating import Operating, never_or_at, settings_of, which
from tests.properties.custody.people import DESKS, Crash, Person, Sent, dying

OPENED = OpenedRecovery(root_public=ROOT.public, pair=RECOVERY)
FILES = (CleanFile(kind=FileKind.TEXT, content=b"a letter"),)
MOST = 6
"""People, and reports: more of them find no more, and take long."""

places = st.sampled_from([CountyCode("001"), CountyCode("021")])
desks = st.sampled_from(DESKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Two desks read, and a report is there."""

    folder: Path
    people: tuple[Person, ...]
    used: tuple[str, ...]
    sent: tuple[Sent, ...]


class CustodyMachine(Operating, RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        begun = _begun()
        self.people = [replace(person, kept=[], former=[]) for person in begun.people]
        self.links, self.used = list[tuple[str, DeskKey]](), list(begun.used)
        self.sent, self.ended = list(begun.sent), []
        self.chats = {person.who.id for person in self.people}
        self.shelved = {store: [] for store in Store}
        self.enrolments = len(self.people)
        self.folder = Path(tempfile.mkdtemp(prefix="sauti-custody-"))
        self.shelf = self.folder / "shelf"
        shutil.copytree(begun.folder, self.folder / "data")
        self.runner, self.stack = asyncio.Runner(), AsyncExitStack()
        opened = self.stack.enter_async_context(reopened(self.folder / "data"))
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

    def survives(self, work: Coroutine[Any, Any, Answer], crash: int | None) -> Answer | None:
        """None after a crash, and then memory is gone."""
        try:
            with dying(crash):
                return self.run(work)
        except Crash:
            self.restart()
            return None

    @property
    def readers(self) -> list[Person]:
        return [person for person in self.people if person.reads]

    def readers_of(self, desk: DeskKey) -> list[Person]:
        return [person for person in self.readers if person.desk == desk]

    @property
    def exposed(self) -> frozenset[DeskKey]:
        return self.run(self._exposed())

    async def _exposed(self) -> frozenset[DeskKey]:
        async with self.house.stores.cases() as cases:
            return frozenset(await cases.staff.exposed())

    @property
    def gone(self) -> tuple[bytes, ...]:
        return tuple(person.who.id for person in self.people if person.left)

    @rule(desk=desks)
    @precondition(lambda self: len(self.links) + len(self.people) < MOST)
    def the_root_invites(self, desk: DeskKey) -> None:
        self.links.append((self.run(self.house.invite(desk=desk))[1], desk))

    @rule(crash=never_or_at)
    @precondition(lambda self: self.links)
    def somebody_enrols(self, crash: int | None) -> None:
        link, desk = self.links.pop()
        try:
            self._enrolled(link, desk, crash)
        except Crash:
            self.links.append((link, desk))  # good still
            return
        with pytest.raises(InviteRefused):
            self.run(self.house.enrolled(99, link))

    def _enrolled(self, link: str, desk: DeskKey, crash: int | None) -> Person:
        self.enrolments += 1
        who = self.survives(self.house.enrolled(100 + self.enrolments, link), crash)
        if who is None:
            raise Crash
        self.chats.add(who.id)
        self.used.append(link)
        self.people.append(Person(who=who, desk=desk))
        return self.people[-1]

    @rule(by=which, whom=which, crash=never_or_at)
    @precondition(lambda self: self.readers)
    def a_reader_lets_somebody_in(self, by: int, whom: int, crash: int | None) -> None:
        waiting = [each for each in self.people if not each.reads and not each.left]
        if not waiting:
            return
        newcomer = waiting[whom % len(waiting)]
        if readers := self.readers_of(newcomer.desk):
            reader = readers[by % len(readers)]
            self.run(self.house.unlock(reader.who))
            granted = self.survives(self.house.let_in(newcomer.who, by=reader.who), crash)
            newcomer.reads = granted is not None

    @rule(whom=which, keeping=st.booleans(), crash=never_or_at)
    @precondition(lambda self: self.people)
    def somebody_is_revoked(self, whom: int, crash: int | None, *, keeping: bool) -> None:
        """`keeping`: they are unlocked, and had copied their private keys before."""
        person = self.people[whom % len(self.people)]
        if person.reads and keeping:
            session = self.run(self.house.unlock(person.who))
            pairs = session.pairs.values()
            person.kept = [KeyPair.from_seed(bytes(pair.seed)) for pair in pairs]
        if self.survives(self._revoke(person), crash):
            person.left, person.reads = True, False

    async def _revoke(self, person: Person) -> bool:
        async with self.house.stores.cases() as cases:
            await cases.staff.hold(person.desk)
            await cases.staff.revoke(person.who.id)
            await cases.commit()
        return True

    @rule(crash=never_or_at)
    def renews(self, crash: int | None) -> None:
        """The clock, with somebody of each desk unlocked."""
        for desk in DESKS:
            for reader in self.readers_of(desk)[:1]:
                self.run(self.house.unlock(reader.who))
        work = Renewing(
            stores=self.house.stores,
            custody=self.house.custody,
            sessions=self.house.sessions,
            clock=self.house.clock,
            heed=_unexpected,
        )
        if self.survives(work.run(), crash) is not None:
            assert not {desk for desk in self.exposed if self.readers_of(desk)}

    @rule(whom=which, crash=never_or_at)
    @precondition(lambda self: self.readers)
    def a_reader_gets_a_new_passphrase(self, whom: int, crash: int | None) -> None:
        person = self.readers[whom % len(self.readers)]
        self.run(self.house.unlock(person.who))
        desk = self.house.desk(person.who)
        new = self.run(desk.new_passphrase())
        renewed = replace(person.who, passphrase=new.passphrase, share=new.share)
        if self.survives(desk.keep_passphrase(new), crash) is not None:
            person.former.append(person.who)
            person.who = renewed
        else:
            person.former.append(renewed)

    @rule()
    def the_bot_stops(self) -> None:
        self.restart()

    @rule(county=places)
    @precondition(lambda self: len(self.sent) < MOST)
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

    @rule(report=which, by=which, crash=never_or_at)
    @precondition(lambda self: self.sent and self.readers)
    def a_reader_sends_it_to_the_other_desk(self, report: int, by: int, crash: int | None) -> None:
        at = report % len(self.sent)
        sent = self.sent[at]
        readers, to = self.readers_of(sent.desk), _other(sent.desk)
        if not readers:
            return
        reader = readers[by % len(readers)].who
        self.run(self.house.unlock(reader))
        move = self.house.desk(reader).route(sent.report.ref, to)
        refusal = self._refusal(to)
        if refusal is not None:
            with pytest.raises(refusal):
                self.run(move)
        elif self.survives(move, crash) is not None:
            row = self.run(self.house.report(sent.report.id))
            assert row.desk == to
            self.sent[at] = replace(
                sent, report=row, exposed=False, gone=self.gone, former=sent.report
            )

    def _refusal(self, to: DeskKey) -> type[DomainError] | None:
        if not self.readers_of(to):
            return DeskUnread
        return DeskRenewing if to in self.exposed else None

    @rule(desk=desks, crash=never_or_at)
    @precondition(lambda self: len(self.people) < MOST + 2)
    def custodians_open_the_desk(self, desk: DeskKey, crash: int | None) -> None:
        """Which nobody reads, to one more person, whom the root invited for that."""
        if not self.readers_of(desk):
            _, link = self.run(self.house.invite(desk=desk, founding=True))
            person = self._enrolled(link, desk, None)
            person.reads = self.survives(self._reopen(person.who, desk), crash) is not None

    async def _reopen(self, who: Moderator, desk: DeskKey) -> bool:
        words = " ".join(self.house.custody.comparison_words(await self.house.member(who)))
        stores, custody = self.house.stores, self.house.custody
        reopened = await recover.reopen(desk, words, OPENED, stores=stores, custody=custody)
        assert not reopened.lost
        return True

    @rule()
    def looks(self) -> None:
        self.look()


@cache
def _begun() -> Begun:
    """Made once: its keys are the same in every order."""
    folder = Path(tempfile.mkdtemp(prefix="sauti-custody-"))
    atexit.register(shutil.rmtree, folder)
    return asyncio.run(_beginning(folder))


async def _beginning(folder: Path) -> Begun:
    async with an_empty_house(folder) as house:
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
    return Begun(folder=folder, people=tuple(people), used=tuple(used), sent=(sent,))


def _other(desk: DeskKey) -> DeskKey:
    return COUNTY_DESK if desk == NATIONAL else NATIONAL


def _unexpected(refused: object) -> None:
    raise AssertionError(refused)
