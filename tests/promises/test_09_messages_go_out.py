"""Promise 9, messages: each goes out at least once, rarely twice. Whoever puts them in and carries
them out is killed before each step of it, and started again: none is lost, and only what was in
hand comes a second time. Whoever turns marked reports into messages is killed so too. Builds that
mark too early, or never, are found out.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from os import urandom
from pathlib import Path

import pytest
from sqlalchemy import delete

from crypto import case_secret
from crypto.chat_seal import KeyringChatSeal, Purpose
from domain.followup.notices import FEWEST, Notices
from domain.followup.outbox import LEASE, Claimed, Outbox
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.followup.windows import Windows
from domain.ports.addresses import OutgoingKey
from domain.ports.chat import Language
from domain.ports.sealing import CaseSecret, Session
from domain.reports.report import Report
from scheduler.delivery import Delivery
from scheduler.pace import Pace
from storage.outgoing import OUTGOING, SqlOutgoing
from storage.stores import SqlAddresses, SqlCases, SqlStores
from tests.databases import Database, empty_database
from tests.disk import Disk
from tests.dying import die_at, died_in
from tests.fakes.world import FakeClock, FakeEntropy
from tests.house import Moderator, a_house, reopened
from tests.wired import KEYRING

CHATS = (7_712_345_601, 7_712_345_602, 7_712_345_602)
"""Two messages of one chat come one after the other; what is delivered together is marked
together.
"""
STARTS = 2
"""After the kill; each when the lease of the one before is over."""


@dataclass(frozen=True, slots=True)
class Telegram:
    """Whatever it has taken is in a file, which outlives whoever gave it."""

    file: Path

    async def carry(self, message: Message) -> None:
        with self.file.open("a", encoding="ascii") as file:
            file.write(f"{message.anchor}\n")

    def took(self) -> Counter[str]:
        return (
            Counter(self.file.read_text(encoding="ascii").split())
            if self.file.exists()
            else Counter()
        )


STEPS = ((SqlAddresses, "commit"), (SqlOutgoing, "done"), (Telegram, "carry"))
"""Before it is put in, taken, sent, marked, and before the mark is on the disk."""


@dataclass(slots=True, kw_only=True)
class Post:
    """`day`: which messages, so that each kill has its own."""

    database: Database
    telegram: Telegram
    clock: FakeClock = field(default_factory=FakeClock)

    def messages(self, day: int) -> list[Message]:
        return [
            Message(
                subject=chat.to_bytes(32, "big"),
                kind=MessageKind.NOTICE,
                anchor=f"{day}/{number}",
                due=self.clock.now(),
                to=Addressee(chat=chat, language=Language.KISWAHILI),
                facts={},
            )
            for number, chat in enumerate(CHATS)
        ]

    async def works(self, day: int, step: int | None = None) -> None:
        """As a job of the clock and the delivery do, each time anew. Killed before that step."""
        async with self.database.opened() as stores:
            outbox, delivery = self._delivery(stores)
            if step is not None:
                die_at(step, *STEPS)
            await outbox.post(self.messages(day))
            await delivery.run_once()

    def _delivery(self, stores: SqlStores) -> tuple[Outbox, Delivery]:
        seal = KeyringChatSeal(KEYRING, Purpose.OUTBOX)
        outbox = Outbox(stores=stores, seal=seal, clock=self.clock, entropy=FakeEntropy())
        return outbox, Delivery(
            outbox=outbox,
            carrier=self.telegram,
            windows=Windows(),
            clock=self.clock,
            log=lambda *_, **__: None,
            pace=Pace(sleep=lambda _: asyncio.sleep(0)),
        )

    def marked(self) -> set[str]:
        """What was delivered, as the rows have it."""
        disk = Disk(folder=self.database.folder, url=self.database.url)
        query = "SELECT anchor FROM outgoing WHERE stage = 'done'"
        return {anchor for (anchor,) in disk.rows("addresses", query)}


@dataclass(slots=True)
class Fates:
    """Of messages, however it was killed. `again`: twice, in hand at the kill. `too_often`: again
    although it was marked, or a third time.
    """

    lost: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)
    too_often: set[str] = field(default_factory=set)


def fates(post: Post) -> Fates:
    """A kill before each step there is."""
    found, sent = Fates(), Counter[str]()
    for step in count(1):
        if not died_in(partial(post.works, step, step)):
            assert step > len(STEPS)
            return found
        in_hand = set(post.telegram.took() - sent) - post.marked()
        for _ in range(STARTS):
            post.clock.moment += LEASE + timedelta(seconds=1)
            asyncio.run(post.works(step))
        times = post.telegram.took() - sent
        sent += times
        found.lost |= {f"{step}/{number}" for number in range(len(CHATS))} - set(times)
        found.again |= {one for one, often in times.items() if often == 2 and one in in_hand}
        found.too_often |= {one for one, often in times.items() if often > 1 + (one in in_hand)}
    raise AssertionError


def a_post(database: Database, folder: Path) -> Post:
    return Post(database=database, telegram=Telegram(folder / "telegram"))


@pytest.fixture(params=["sqlite"])
def on_sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    return empty_database(request, tmp_path)


def test_a_message_goes_out_however_its_sender_is_killed_and_only_what_was_in_hand_again(
    database: Database, tmp_path: Path
) -> None:
    found = fates(a_post(database, tmp_path))
    assert (found.lost, found.too_often) == (set(), set())
    assert found.again, "no kill came between sending and marking"


def test_a_build_that_marks_before_it_sends_is_found_out(
    on_sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hasty(delivery: Delivery, one: Claimed) -> bool:
        await delivery.recording.delivered(one.key)
        await delivery.carrier.carry(one.message)
        return True

    monkeypatch.setattr(Delivery, "_sent", hasty)
    assert fates(a_post(on_sqlite, tmp_path)).lost


def test_a_build_that_never_marks_is_found_out(
    on_sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object) -> None: ...

    monkeypatch.setattr(Outbox, "delivered", nothing)
    assert fates(a_post(on_sqlite, tmp_path)).too_often


def test_a_build_that_forgets_what_it_delivered_is_found_out(
    on_sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job that put it in is killed too, and puts it in again."""

    async def forgotten(rows: SqlOutgoing, key: OutgoingKey) -> None:
        await rows.connection.execute(delete(OUTGOING).where(OUTGOING.c.anchor == key.anchor))

    monkeypatch.setattr(SqlOutgoing, "done", forgotten)
    found = fates(a_post(on_sqlite, tmp_path))
    assert (found.lost, bool(found.too_often)) == (set(), True)


HOLDERS = [7_712_345_700 + number for number in range(FEWEST)]


async def changed(folder: Path) -> Moderator:
    """As many followed reports as make a batch, all of them marked; who reads them."""
    async with a_house(folder) as house:
        await house.unlock(house.neighbour)
        for chat in HOLDERS:
            _, report = await house.followed(chat)
            await house.desk(house.neighbour).claim(report.ref)
        return house.neighbour


async def looked(folder: Path, reader: Moderator, step: int | None = None) -> list[int]:
    """Marks are looked through while somebody reads; whom a message waits for afterwards."""
    async with reopened(folder) as house:
        await house.unlock(reader)
        if step is not None:
            die_at(step, (SqlAddresses, "commit"), (SqlCases, "commit"))
        await house.notices().run()
        house.clock.moment = Windows().next_after(house.clock.now())
        return sorted(each.message.to.chat for each in await house.outbox.claim(99))


def told_after_kills(folder: Path) -> list[list[int]]:
    """Whom a message waits for when it is looked again: by the commit it was killed before."""
    reader = asyncio.run(changed(folder / "house"))
    told = []
    for step in count(1):
        copy = folder / str(step)
        shutil.copytree(folder / "house", copy)
        if not died_in(partial(looked, copy, reader, step)):
            break
        told.append(asyncio.run(looked(copy, reader)))
    return told


def test_news_of_a_report_is_written_once_however_its_writer_is_killed(tmp_path: Path) -> None:
    assert told_after_kills(tmp_path) == [HOLDERS, HOLDERS, HOLDERS]


def test_a_build_that_takes_the_mark_away_first_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, unmark = Notices._opened, Notices._unmark

    async def unmarking(
        notices: Notices, reports: Sequence[Report], sessions: tuple[Session, ...]
    ) -> list[tuple[Report, CaseSecret]]:
        await unmark(notices, reports)
        return await written(notices, reports, sessions)

    monkeypatch.setattr(Notices, "_opened", unmarking)
    assert [] in told_after_kills(tmp_path)


def test_a_build_that_keys_each_notice_anew_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_secret.CaseSecret, "notice_id", lambda *_: urandom(32))
    assert any(len(told) > len(HOLDERS) for told in told_after_kills(tmp_path))
