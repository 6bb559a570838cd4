"""Promise 12, of a chat: after `/forget` nothing of *addresses* leads to it but what the documents
say stays: a tombstone for 123 days. No notice and no news goes there again, though its report goes
on moving, what it followed does too, and both lay in the outbox when it was said.

The thief has every file and every service key, and kept what the rows of that chat were before:
they are looked for in the files, and so are the chat's tags. Who said nothing goes on hearing.
Staff have rows of their own, and `/forget` is none of their commands.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from app.wiring import House
from bot.telegram.talk import TelegramChat
from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.keyring import Keyring
from domain.calendar import NAIROBI
from domain.desks.desk import NATIONAL
from domain.followup.followers import Followers, Following, ForumFollowed
from domain.followup.mailboxes import Mailboxes
from domain.followup.outbox import Outbox
from domain.forums.forum import Forum
from domain.forums.forum_date import ForumDate
from domain.ledger.encoding import framed, text
from domain.moderation.desk import ModeratorDesk
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.ports.sealing import EnvelopeLost
from domain.ports.stores import Wanted
from domain.reports.report import ForumKey, ReportRef
from domain.reports.state import State, Want
from storage import engines
from storage.stores import SqlStores
from storage.tables.metadata import STORES
from tests.chat_world import SAY, World, a_world
from tests.disk import Disk
from tests.promises.days import Days, days_of
from tests.sandbox_client import Phone

COUNTY = CountyCode("021")
FORUMS = ("2026-11-13", "2026-11-20", "2027-02-01", "2027-03-22")
"""Whoever follows one hears of it seven days before, at the window."""
PIECE = 32
OF_THE_DESK = Wanted(desks=frozenset({NATIONAL}))


def on(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """November to March; 2 November 2026 is a Monday."""
    year = 2026 if month == 11 else 2027
    return datetime(year, month, day, hour, minute, tzinfo=NAIROBI)


@dataclass(frozen=True, slots=True)
class Found:
    """`opens`: tables with a row that a service key opens to the chat. `tags`: of which purposes
    its tag is somewhere in the files. `remnants`: whether a piece of an envelope of before is.
    `heard`: notices and news since. `known`: what the bot still knows of how to speak to it.
    """

    opens: frozenset[str]
    tags: frozenset[Purpose]
    remnants: bool
    heard: tuple[int, int]
    known: tuple[object, object]


CLEAN = Found(
    opens=frozenset(),
    tags=frozenset({Purpose.FORGOTTEN}),
    remnants=False,
    heard=(0, 0),
    known=(None, None),
)
"""A tombstone has no number in it, but whoever knows the number and the key makes its tag."""
AFTER_123_DAYS = replace(CLEAN, tags=frozenset())


@dataclass(slots=True, kw_only=True)
class Life:
    """`leaver` says `/forget`, `stayer` does not; both asked for the same."""

    world: World
    disk: Disk
    days: Days
    leaver: Phone
    stayer: Phone
    refs: tuple[ReportRef, ...]
    former: frozenset[bytes] = frozenset()
    updates: "count[int]" = field(default_factory=lambda: count(5_000))
    moves: int = 0

    async def moves_on(self, at: datetime) -> None:
        """Both reports do, by the desk: from blocked to in progress and back."""
        await self.days.look(at, unlocked=True)
        if not self.moves:
            for ref in self.refs:
                await self._desk().claim(ref)
        self.moves += 1
        to = (State.IN_PROGRESS, None) if self.moves % 2 else (State.BLOCKED, Want.FUEL)
        for ref in self.refs:
            await self._desk().status(ref, *to)

    def _desk(self) -> ModeratorDesk:
        house, reader = self.world.house, self.days.reader
        return house.moderator_desk(self.world.reader.member, reader.id, next(self.updates))

    async def told(self, day: int, *, month: int = 11) -> None:
        """Somebody reads in the morning, and the window comes."""
        await self.days.look(on(day, 10, month=month), unlocked=True)
        await self.days.look(on(day, 18, month=month))

    async def is_forgotten(self) -> None:
        """While a notice and news lie in the outbox: at that window Telegram was away."""
        sandbox = self.world.sandbox
        await self.days.look(on(4, 10))
        await self.leaver.delete((await self.leaver.last())["message_id"])
        await self.world.says(self.leaver, "/help")
        await self.days.look(on(6, 10), unlocked=True)
        await sandbox.fail("sendMessage", drop_before=True, times=100_000)
        await self.days.look(on(6, 18))
        await sandbox.fail("sendMessage", times=0)
        self.former = frozenset(sealed for _, sealed in self._opened())
        assert {table for table, _ in self._opened()} == {"chat", "subscription", "outgoing"}
        await self.world.says(self.leaver, "/forget")
        await self.days.look(on(6, 19))

    async def found(self) -> Found:
        memory = await self.world.house.memories().of(self.leaver.id)
        files = self.disk.files()
        return Found(
            opens=frozenset(table for table, _ in self._opened()),
            tags=frozenset(
                seal.purpose
                for seal in self._seals()
                if any(tag in files for tag in seal.tags(self.leaver.id))
            ),
            remnants=any(piece in files for piece in self._pieces()),
            heard=await heard(self.leaver),
            known=(memory.language, memory.shared),
        )

    @property
    def keyring(self) -> Keyring:
        return self.world.house.chat_seal.keyring

    def mailboxes(self) -> int:
        return len(self.disk.rows("addresses", "SELECT 1 FROM mailbox"))

    def _opened(self) -> Iterator[tuple[str, bytes]]:
        """Rows that are the chat's once they are opened: the table, and the envelope."""
        for table in STORES["addresses"].sorted_tables:
            if "sealed" not in table.c:
                continue
            columns = [column.name for column in table.c]
            query = f"SELECT {', '.join(columns)} FROM {table.name}"  # noqa: S608 - names of ours
            for row in self.disk.rows("addresses", query):
                values = dict(zip(columns, row, strict=True))
                if str(self.leaver.id).encode() in self._plain(values):
                    yield table.name, values["sealed"]

    def _plain(self, row: dict[str, object]) -> bytes:
        """Under any service key, as any purpose, bound to any value of the row."""
        bound = {value for value in row.values() if isinstance(value, bytes)}
        if {"subject", "kind", "anchor"} <= set(row):
            subject, kind, anchor = row["subject"], row["kind"], row["anchor"]
            assert isinstance(subject, bytes)
            bound.add(framed(subject, text(str(kind)), text(str(anchor))))
        for seal in self._seals():
            for value in bound:
                with suppress(EnvelopeLost):
                    return seal.open(value, row["sealed"])  # type: ignore[arg-type] # bytes
        return b""

    def _seals(self) -> list[KeyringChatSeal]:
        return [KeyringChatSeal(self.keyring, purpose) for purpose in Purpose]

    def _pieces(self) -> Iterator[bytes]:
        for sealed in self.former:
            for at in range(0, len(sealed) - PIECE + 1, max(PIECE, len(sealed) // 4)):
                yield sealed[at : at + PIECE]


async def heard(phone: Phone) -> tuple[int, int]:
    said = await phone.texts()
    return tuple(  # type: ignore[return-value] # two of them
        sum(SAY(key) in each for each in said) for key in ("notice.news", "news.title")
    )


async def asks_for_news(world: World, name: str) -> Phone:
    """Of a report, and of forums."""
    phone = await world.citizen(name)
    code = await world.sent(phone, f"{name} saw them at the bridge")
    await world.taps(phone, SAY("button.written"))
    await world.says(phone, f"/check {code}")
    await world.taps(phone, SAY("button.tell_me"))
    for day in FORUMS:
        await world.house.followers().follow(
            phone.id, Language.ENGLISH, ForumFollowed(forum=ForumKey(f"muranga-{day}"))
        )
    return phone


async def announced(house: House) -> None:
    """The forums that are to come."""
    forums = [
        Forum(
            key=ForumKey(f"muranga-{day}"),
            counties=(COUNTY,),
            date=ForumDate.parse(day),
            national_number=None,
            concerns="",
        )
        for day in FORUMS
    ]
    async with house.stores.cases() as cases:
        await cases.reference.load(
            counties=house.gazetteer.counties(),
            forums=forums,
            offices=(),
            help_lines=house.help_lines,
            commitments=(),
        )
        await cases.commit()


Lives = Callable[[], AbstractAsyncContextManager[Life]]


@pytest.fixture
def sqlite_lives(tmp_path: Path) -> Lives:
    return lives_on(Disk(folder=tmp_path))


@pytest.fixture(params=["sqlite", "postgresql"])
def lives(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lives]:
    if request.param == "sqlite":
        yield lives_on(Disk(folder=tmp_path))
        return
    server = request.getfixturevalue("postgresql")
    with server.empty("forgotten") as url:
        yield lives_on(Disk(folder=tmp_path, url=url, server=server))


def lives_on(disk: Disk) -> Lives:
    """However careless the build is by then."""

    @asynccontextmanager
    async def live() -> AsyncIterator[Life]:
        async with a_world(disk.folder, disk.url) as world:
            await announced(world.house)
            leaver = await asks_for_news(world, "Amina")
            stayer = await asks_for_news(world, "Baraka")
            days = await days_of(world)
            async with world.house.stores.cases() as cases:
                reports = await cases.reports.waiting(OF_THE_DESK, limit=9)
            life = Life(
                world=world,
                disk=replace(disk, folder=world.house.settings.data_dir),
                days=days,
                leaver=leaver,
                stayer=stayer,
                refs=tuple(report.ref for report in reports),
            )
            try:
                await life.moves_on(on(2, 11))
                await life.is_forgotten()
                yield life
            finally:
                await days.end()

    return live


async def test_of_a_forgotten_chat_only_what_is_said_to_stay_does_and_nothing_goes_there(
    lives: Lives,
) -> None:
    async with lives() as life:
        await life.days.night(on(7, 5))
        assert await life.found() == CLEAN
        await life.moves_on(on(9, 10))
        assert life.mailboxes() == 1, "the leaver's goes as soon as somebody reads"
        await life.days.night(on(10, 5))
        assert await life.found() == CLEAN
        await life.told(13)
        await life.moves_on(on(20, 10, month=1))
        await life.told(25, month=1)
        await life.days.night(on(8, 5, month=3))
        assert await life.found() == CLEAN
        await life.days.night(on(9, 5, month=3))
        assert await life.found() == AFTER_123_DAYS
        await life.moves_on(on(10, 10, month=3))
        await life.told(15, month=3)
        assert await life.found() == AFTER_123_DAYS
        assert await heard(life.stayer) == (4, 4), "each time somebody else was told"


async def test_a_chat_of_staff_stays_as_it_is_and_leaves_no_mark(sqlite_lives: Lives) -> None:
    """Their row goes when they are revoked; a tombstone would be a second one of theirs."""
    async with sqlite_lives() as life:
        reader = life.days.reader
        of_staff = life.disk.rows("addresses", "SELECT tag FROM staff_chat")
        await life.world.says(reader, "/forget")
        assert life.disk.rows("addresses", "SELECT tag FROM staff_chat") == of_staff
        tags = KeyringChatSeal(life.keyring, Purpose.FORGOTTEN).tags(reader.id)
        assert not any(tag in life.disk.files() for tag in tags)


async def nothing(*_: object) -> int:
    return 0


async def yes(*_: object) -> bool:
    return True


async def test_a_build_that_keeps_what_was_followed_is_found_out(
    sqlite_lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Following, "drop", nothing)
    async with sqlite_lives() as life:
        found = await life.found()
        assert "subscription" in found.opens
        assert Purpose.FOLLOWER in found.tags
        await life.told(13)
        assert await heard(life.leaver) == (0, 1)


async def test_a_build_that_leaves_no_tombstone_for_mailboxes_is_found_out(
    sqlite_lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Mailboxes, "forget", nothing)
    async with sqlite_lives() as life:
        await life.moves_on(on(9, 10))
        assert life.mailboxes() == 2
        await life.told(13)
        assert await heard(life.leaver) == (1, 0)


async def test_a_build_that_lets_go_what_waited_is_found_out(
    sqlite_lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in (Mailboxes, Followers):
        monkeypatch.setattr(part, "still_wanted", yes)
    monkeypatch.setattr(Outbox, "forget", nothing)
    async with sqlite_lives() as life:
        assert await heard(life.leaver) == (1, 1)


async def test_a_build_that_remembers_whom_it_wrote_to_is_found_out(
    sqlite_lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Outbox, "forget", nothing)
    async with sqlite_lives() as life:
        found = await life.found()
        assert found.heard == (0, 0)
        assert Purpose.OUTBOX in found.tags


async def test_a_build_that_keeps_the_language_of_a_forgotten_chat_is_found_out(
    sqlite_lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TelegramChat, "forget", nothing)
    async with sqlite_lives() as life:
        assert (await life.found()).known == (Language.ENGLISH, False)


async def test_a_build_that_only_marks_rows_as_gone_is_found_out(
    sqlite_lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As SQLite does unless it is told otherwise, and until its file is written anew."""
    monkeypatch.setattr(SqlStores, "remix", nothing)
    careless = [each.replace("secure_delete=ON", "secure_delete=OFF") for each in engines.PRAGMAS]
    monkeypatch.setattr(engines, "PRAGMAS", careless)
    async with sqlite_lives() as life:
        assert (await life.found()).remnants
