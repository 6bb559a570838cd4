"""Custody in any order: invite, let in, revoke, a new passphrase, a new key, recovery, and a
crash between any two writes. No report is lost to whoever reads, and none comes to who left.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crypto import code as codes
from crypto import member_keys, shred, xwing
from crypto.errors import EnvelopeRefused
from crypto.recovering import OpenedRecovery
from crypto.sealer import desk_context
from crypto.session import copy_context
from crypto.shred import ShredKey
from crypto.xwing import KeyPair
from domain.desks.desk import NATIONAL, NobodyReads
from domain.moderation.sessions import Sessions
from domain.places.county import CountyCode
from domain.ports.sealing import InviteRefused, PassphraseRefused
from domain.reports.report import Report
from domain.staff.recover import reopen
from domain.staff.renew import Renewing
from domain.staff.unlock import NotLetInYet, Revoked
from storage.staff import SqlStaffRegister
from tests.house import RECOVERY, ROOT, WORDS, House, Moderator, an_empty_house

NOWHERE = {"county": CountyCode("001")}
WRITES = ("add_copy", "add_desk_key", "add_member", "use_invite", "rewrap", "revoke")
OPENED = OpenedRecovery(root_public=ROOT.public, pair=RECOVERY)
MOST = 6
"""People, and reports: more of them find no more, and take long."""

Answer = TypeVar("Answer")
never_or_at = st.one_of(st.none(), st.integers(0, 3))
which = st.integers(0, 99)


class Crash(BaseException):
    """The process is gone between two writes."""


@dataclass(slots=True, kw_only=True)
class Person:
    """`kept`: the private keys they copied while they read. `former`: halves that were theirs
    and should open nothing any more.
    """

    who: Moderator
    reads: bool = False
    left: bool = False
    kept: list[KeyPair] = field(default_factory=list)
    former: list[Moderator] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """`exposed`: while the desk's key was to be made anew; `gone`: who had left by then."""

    report: Report
    exposed: bool
    gone: tuple[bytes, ...]


@contextmanager
def dying(at: int | None) -> Iterator[None]:
    """After so many writes of custody; every write before is not committed yet, or is."""
    with pytest.MonkeyPatch.context() as patched:
        left = [at]

        def counted(really: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
            async def write(*given: Any) -> None:
                await really(*given)
                if left[0] == 0:
                    raise Crash
                left[0] = None if left[0] is None else left[0] - 1

            return write

        for name in WRITES if at is not None else ():
            patched.setattr(SqlStaffRegister, name, counted(getattr(SqlStaffRegister, name)))
        yield


class CustodyMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.people: list[Person] = []
        self.links: list[str] = []
        self.sent: list[Sent] = []
        self.folder = Path(tempfile.mkdtemp(prefix="sauti-custody-"))
        self.runner, self.stack = asyncio.Runner(), AsyncExitStack()
        opened = self.stack.enter_async_context(an_empty_house(self.folder / "data"))
        self.house: House = self.run(opened)

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return self.runner.run(work)

    def teardown(self) -> None:
        """Whatever happened, somebody unlocks again, and what should be readable is."""
        try:
            self.renews(crash=None)
            self.looks()
        finally:
            self.run(self.stack.aclose())
            self.runner.close()
            shutil.rmtree(self.folder)

    def restart(self) -> None:
        self.house.sessions = Sessions()

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

    @property
    def exposed(self) -> bool:
        return bool(self.run(self._exposed()))

    async def _exposed(self) -> frozenset[str]:
        async with self.house.stores.cases() as cases:
            return frozenset(await cases.staff.exposed())

    @initialize()
    def two_read_and_a_report_is_there(self) -> None:
        for founding in (True, False):
            _, link = self.run(self.house.invite(founding=founding))
            who = self.run(self.house.enrolled(100 + len(self.people), link))
            self.people.append(Person(who=who, reads=founding))
        self.a_reader_lets_somebody_in(by=0, whom=0, crash=None)
        self.a_citizen_sends()

    @rule()
    @precondition(lambda self: len(self.links) + len(self.people) < MOST)
    def the_root_invites(self) -> None:
        self.links.append(self.run(self.house.invite())[1])

    @rule(crash=never_or_at)
    @precondition(lambda self: self.links)
    def somebody_enrols(self, crash: int | None) -> None:
        link = self.links.pop()
        who = self.survives(self.house.enrolled(100 + len(self.people), link), crash)
        if who is None:
            self.links.append(link)  # good still
            return
        self.people.append(Person(who=who))
        with pytest.raises(InviteRefused):
            self.run(self.house.enrolled(99, link))

    @rule(by=which, whom=which, crash=never_or_at)
    @precondition(lambda self: self.readers)
    def a_reader_lets_somebody_in(self, by: int, whom: int, crash: int | None) -> None:
        waiting = [each for each in self.people if not each.reads and not each.left]
        if waiting:
            newcomer, reader = waiting[whom % len(waiting)], self.readers[by % len(self.readers)]
            self.run(self.house.unlock(reader.who))
            granted = self.survives(self.house.let_in(newcomer.who, by=reader.who), crash)
            newcomer.reads = granted is not None

    @rule(whom=which, keeping=st.booleans(), crash=never_or_at)
    @precondition(lambda self: self.people)
    def somebody_is_revoked(self, whom: int, crash: int | None, *, keeping: bool) -> None:
        """`keeping`: they had copied their private keys before."""
        person = self.people[whom % len(self.people)]
        if person.reads and keeping:
            session = self.run(self.house.unlock(person.who))
            pairs = session.pairs.values()
            person.kept = [KeyPair.from_seed(bytes(pair.seed)) for pair in pairs]
        if self.survives(self._revoke(person), crash):
            person.left, person.reads = True, False

    async def _revoke(self, person: Person) -> bool:
        async with self.house.stores.cases() as cases:
            await cases.staff.revoke(person.who.id)
            await cases.commit()
        return True

    @rule(crash=never_or_at)
    def renews(self, crash: int | None) -> None:
        """The clock, with somebody unlocked."""
        for reader in self.readers[:2]:
            self.run(self.house.unlock(reader.who))
        work = Renewing(
            stores=self.house.stores,
            custody=self.house.custody,
            sessions=self.house.sessions,
            clock=self.house.clock,
            heed=_unexpected,
        )
        if self.survives(work.run(), crash) is not None and self.readers:
            assert not self.exposed

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

    @rule()
    @precondition(lambda self: len(self.sent) < MOST)
    def a_citizen_sends(self) -> None:
        if not self.readers:
            with pytest.raises(NobodyReads):
                self.run(self.house.sent(**NOWHERE))
            return
        gone = tuple(person.who.id for person in self.people if person.left)
        _, report = self.run(self.house.sent(**NOWHERE))
        self.sent.append(Sent(report=report, exposed=self.exposed, gone=gone))

    @rule(crash=never_or_at)
    @precondition(lambda self: not self.readers and len(self.people) < MOST + 2)
    def custodians_open_the_desk(self, crash: int | None) -> None:
        """To one more person, whom the root invited for that."""
        _, link = self.run(self.house.invite(founding=True))
        who = self.run(self.house.enrolled(100 + len(self.people), link))
        person = Person(who=who)
        self.people.append(person)
        person.reads = self.survives(self._reopen(who), crash) is not None

    async def _reopen(self, who: Moderator) -> bool:
        words = " ".join(self.house.custody.comparison_words(await self.house.member(who)))
        stores, custody = self.house.stores, self.house.custody
        reopened = await reopen(NATIONAL, words, OPENED, stores=stores, custody=custody)
        return not reopened.lost

    @rule()
    def looks(self) -> None:
        for person in self.people:
            if person.left:
                self._opens_nothing_new(person)
            elif person.reads:
                self._reads_everything(person)
            else:
                with pytest.raises(NotLetInYet):
                    self.run(self.house.unlock(person.who))
            for former in person.former:
                with pytest.raises((PassphraseRefused, Revoked)):
                    self.run(self.house.unlock(former))
        self._the_recovery_key_opens_every_generation()

    def _reads_everything(self, person: Person) -> None:
        self.run(self.house.unlock(person.who))
        for each in self.sent:
            opened = self.run(self.house.desk(person.who).open(each.report.ref))
            assert opened.words.messages == WORDS

    def _opens_nothing_new(self, person: Person) -> None:
        """Neither with what is on disk and their own halves, nor with keys they had kept."""
        with pytest.raises(Revoked):
            self.run(self.house.unlock(person.who))
        row = self.run(self.house.member(person.who))
        with pytest.raises(PassphraseRefused):
            self.run(
                self.house.custody.unlock(row, person.who.passphrase, person.who.share, (), ())
            )
        for each in self.sent:
            if person.who.id in each.gone and not each.exposed:
                assert not self._opens(person.kept, each.report)

    def _opens(self, pairs: list[KeyPair], report: Report) -> bool:
        key = ShredKey(self.run(self.house.shred_key(report.id)))
        for pair in pairs:
            context = desk_context(report.id, "dek_for_desk", report.desk, report.generation)
            inner = shred.unwrap(key, report.sealed.dek_for_desk, context)
            try:
                xwing.unseal(pair, inner, context)
            except EnvelopeRefused:
                continue
            return True
        return False

    def _the_recovery_key_opens_every_generation(self) -> None:
        keys, copies = self.run(self._kept())
        assert keys.keys() == copies.keys()
        for generation, sealed in copies.items():
            context = copy_context(None, NATIONAL, generation)
            pair = KeyPair.from_seed(xwing.unseal(RECOVERY, sealed, context))
            assert pair.public.raw == keys[generation]

    async def _kept(self) -> tuple[dict[int, bytes], dict[int, bytes]]:
        async with self.house.stores.cases() as cases:
            keys = await cases.staff.desk_keys(NATIONAL)
            copies = await cases.staff.copies(None)
        return (
            {key.generation: key.public for key in keys},
            {copy.generation: copy.sealed for copy in copies},
        )


def _unexpected(refused: object) -> None:
    raise AssertionError(refused)


def test_no_order_loses_a_report_or_gives_one_to_who_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """`CUSTODY=500` tries so many orders, of up to sixty steps; a few of fifteen otherwise."""
    for module in (codes, member_keys):
        monkeypatch.setattr(module, "MEMORY_KIB", 8)
        monkeypatch.setattr(module, "ITERATIONS", 1)
    orders = int(os.environ.get("CUSTODY", "0"))
    run_state_machine_as_test(
        CustodyMachine,
        settings=settings(
            max_examples=orders or 3,
            stateful_step_count=60 if orders else 15,
            suppress_health_check=list(HealthCheck),
            deadline=None,
        ),
    )
