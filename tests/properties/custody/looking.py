"""What must hold at every moment: whoever reads here reads all of it; whoever left, and every
other desk, nothing of it; and nothing that ended comes back.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from crypto import shred, symmetric, xwing
from crypto.errors import EnvelopeRefused
from crypto.sealer import WORDS_LABEL, code_context, desk_context
from crypto.session import copy_context
from crypto.shred import ShredKey
from crypto.xwing import KeyPair
from domain.desks.desk import DeskKey
from domain.moderation.desk import ReportUnknown
from domain.moderation.queue import Filter
from domain.moderation.sessions import Locked
from domain.ports.sealing import InviteRefused, PassphraseRefused
from domain.reports.check import ReportExpired
from domain.reports.report import Report, ReportId
from domain.staff.unlock import NotLetInYet, Revoked
from tests.house import RECOVERY, WORDS, House
from tests.properties.custody.people import DESKS, Person, Sent

Answer = TypeVar("Answer")
PIECE = 32


class Looking:
    """Whatever was done before, on this house with these people and these reports. `chats`: whose
    chat is known; `used`: links that enrolled somebody.
    """

    house: House
    runner: asyncio.Runner
    people: list[Person]
    sent: list[Sent]
    ended: list[Sent]
    used: list[str]
    chats: set[bytes]
    _slots: dict[ReportId, bytes]

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return self.runner.run(work)

    def look(self) -> None:
        self._slots = {each.report.id: self._its_code_opens_it(each) for each in self.sent}
        for person in self.people:
            if person.left:
                self._opens_nothing_new(person)
            elif person.reads:
                self._reads_what_is_theirs(person)
            else:
                with pytest.raises(NotLetInYet):
                    self.run(self.house.unlock(person.who))
            for former in person.former:
                with pytest.raises((PassphraseRefused, Revoked)):
                    self.run(self.house.unlock(former))
        for each in self.sent:
            self._the_former_desk_has_nothing(each)
        self._what_ended_is_gone()
        self._the_recovery_key_opens_every_generation()
        self._chats_are_known()
        for link in self.used[-1:]:
            with pytest.raises(InviteRefused):
                self.run(self.house.enrolment(99).prepare(link))

    def _reads_what_is_theirs(self, person: Person) -> None:
        session = self.run(self.house.unlock(person.who))
        for each in self.sent:
            desk = self.house.desk(person.who)
            if each.desk == person.desk:
                opened, files = self.run(desk.files(each.report.ref))
                assert opened.words.messages == WORDS
                assert len(files) == len(opened.words.files)
                key = self.run(self.house.shred_key(each.report.id))
                case = session.case(opened.line.report, key)
                assert self._slots[each.report.id] == case.mailbox_slot()
            else:
                with pytest.raises(ReportUnknown):
                    self.run(desk.open(each.report.ref))

    def _opens_nothing_new(self, person: Person) -> None:
        """Neither in a chat that was unlocked, nor with what is on disk and their own halves, nor
        with keys they had kept.
        """
        with pytest.raises((Revoked, Locked)):
            self.run(self.house.desk(person.who).queue(Filter()))
        with pytest.raises(Revoked):
            self.run(self.house.unlock(person.who))
        row = self.run(self.house.member(person.who))
        with pytest.raises(PassphraseRefused):
            self.run(
                self.house.custody.unlock(row, person.who.passphrase, person.who.share, (), ())
            )
        assert self.of_copies(person) == 0
        for each in self.sent:
            if person.who.id in each.gone and not each.exposed:
                assert not self._opens(person.kept, each.report)

    def of_copies(self, person: Person) -> int:
        query = "SELECT count(*) FROM desk_copy WHERE holder = ? AND length(sealed) > 0"
        ((count,),) = self.house.rows("cases", query, person.who.id)
        return int(count)

    def _opens(self, pairs: list[KeyPair], report: Report) -> bool:
        return any(self._dek(pair, report) is not None for pair in pairs)

    def _dek(self, pair: KeyPair, report: Report) -> bytes | None:
        key = ShredKey(self.run(self.house.shred_key(report.id)))
        context = desk_context(report.id, "dek_for_desk", report.desk, report.generation)
        inner = shred.unwrap(key, report.sealed.dek_for_desk, context)
        try:
            return xwing.unseal(pair, inner, context)
        except EnvelopeRefused:
            return None

    def _its_code_opens_it(self, each: Sent) -> bytes:
        """What follows from its secret."""
        checked = self.run(self.house.check(each.code))
        assert checked.held.report == each.report.id
        assert (checked.rerouted is None) == (each.former is None)
        return checked.held.secret.mailbox_slot()

    def _the_former_desk_has_nothing(self, each: Sent) -> None:
        """Its wraps are in no file of SQLite's, and in no row of PostgreSQL's, where the night's
        `retention` writes dead rows over; what they gave opens nothing that is there now.
        """
        former = each.former
        if former is None:
            return
        wrap = former.sealed.dek_for_desk
        there = self._all_of_cases()
        assert not any(wrap[at : at + PIECE] in there for at in range(0, len(wrap) - PIECE, PIECE))
        dek = self._dek(self._recovered(former.desk)[former.generation], former)
        assert dek is not None
        now = self.run(self.house.report(former.id)).sealed.words
        with pytest.raises(EnvelopeRefused):
            symmetric.unseal(
                symmetric.expand(dek, WORDS_LABEL), now, code_context(former.id, "words")
            )

    def _all_of_cases(self) -> bytes:
        if self.house.url is None:
            return self.house.disk.store("cases")
        return b"\n".join(self.house.disk.values("cases"))

    def _what_ended_is_gone(self) -> None:
        for each in self.ended:
            assert self.run(self._left_of(each.report.id)) == (None, None)
            with pytest.raises(ReportExpired):
                self.run(self.house.check(each.code))

    async def _left_of(self, report: ReportId) -> tuple[Report | None, bytes | None]:
        async with self.house.stores.cases() as cases:
            row = await cases.reports.get(report)
        async with self.house.stores.shreds() as shreds:
            return row, await shreds.get(report)

    def _the_recovery_key_opens_every_generation(self) -> None:
        for desk in DESKS:
            recovered = self._recovered(desk)
            keys = {key.generation: key.public for key in self.run(self._keys(desk))}
            assert {number: pair.public.raw for number, pair in recovered.items()} == keys

    def _recovered(self, desk: DeskKey) -> dict[int, KeyPair]:
        found = {}
        for copy in self.run(self._recovery_copies()):
            if copy.desk == desk:
                context = copy_context(None, desk, copy.generation)
                found[copy.generation] = KeyPair.from_seed(
                    xwing.unseal(RECOVERY, copy.sealed, context)
                )
        return found

    async def _keys(self, desk: DeskKey) -> Any:
        async with self.house.stores.cases() as cases:
            return await cases.staff.desk_keys(desk)

    async def _recovery_copies(self) -> Any:
        async with self.house.stores.cases() as cases:
            return await cases.staff.copies(None)

    def _chats_are_known(self) -> None:
        """By whichever service key there is."""
        for person in self.people:
            if person.who.id in self.chats:
                entry = self.run(self.house.book.of_chat(person.who.chat))
                assert entry is not None
                assert entry.member == person.who.id
