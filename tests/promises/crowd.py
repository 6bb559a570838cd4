"""Fifty citizens who send, opt in, follow and are written to, on either database; and the
copy a thief takes away.
"""

import json
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier
from sqlalchemy.ext.asyncio import AsyncConnection

from crypto.chat_seal import KeyringChatSeal, Purpose
from domain.chats.memory import ChatMemory
from domain.followup.followers import CountyFollowed, Followers
from domain.followup.mailboxes import Mailboxes
from domain.followup.outbox import Outbox
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.ports.sealing import CaseSecret
from domain.reports.files import CleanFile, FileKind
from domain.reports.report import ReportId
from storage.tables.metadata import STORES
from tests.house import House
from tests.postgresql import Server
from tests.promises.joins import Loot, Row, Truth

CITIZENS = 50
FIRST_CHAT = 7_712_345_000
FIRST_MESSAGE = 41_000
"""Telegram numbers a bot's messages through all its chats."""

A_FILE = CleanFile(kind=FileKind.TEXT, content=b"Names were read out at the bridge.\n")

NEXT_TO = 4
"""How many others come between somebody's *Send* and their opting in, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    chat: int
    code: str
    report: ReportId
    leaf: bytes
    secret: CaseSecret


@dataclass(slots=True, kw_only=True)
class Crowd:
    """`server` None: SQLite files. Chance is seeded: what the crowd does is the same each time."""

    house: House
    server: Server | None
    citizens: list[Citizen] = field(default_factory=list)
    dice: Random = field(default_factory=lambda: Random(20251003))

    async def live(self) -> None:
        """Who sent early is likely to opt in and to follow early: so does a real crowd."""
        for number in range(CITIZENS):
            self.house.clock.passes(minutes=3)
            self.citizens.append(await self._sends(number))
        for citizen in self._one_after_another():
            self.house.clock.passes(minutes=3)
            await self.house.check(citizen.code)
            await self._opts_in(citizen)
        for citizen in self._one_after_another():
            self.house.clock.passes(minutes=1)
            await self._follows(citizen)
        await self._notices()

    def _one_after_another(self) -> Sequence[Citizen]:
        places = {c.chat: at + self.dice.uniform(0, NEXT_TO) for at, c in enumerate(self.citizens)}
        return sorted(self.citizens, key=lambda citizen: places[citizen.chat])

    async def _sends(self, number: int) -> Citizen:
        chat = FIRST_CHAT + self.dice.randrange(10**6)
        memory = ChatMemory(chat=chat, language=Language.KISWAHILI, shared=False)
        await self.house.memories.keep(memory)
        await self.house.traces.note(chat, frozenset({FIRST_MESSAGE + number}))
        code, report = await self.house.sent(
            words=(f"It happened at house {number}",), files=(A_FILE,)
        )
        tried = await self.house.sealer.try_code(self.house.sealer.read_code(code))
        opened = tried.open(
            report, await self.house.shred_key(report.id), self.house.clock.now().date()
        )
        return Citizen(
            chat=chat, code=code, report=report.id, leaf=report.intake_leaf, secret=opened.case
        )

    async def _opts_in(self, citizen: Citizen) -> None:
        house, seal = self.house, self.seal(Purpose.FORGOTTEN)
        mailboxes = Mailboxes(
            stores=house.stores, seal=seal, clock=house.clock, heed=lambda _: None
        )
        to = Addressee(chat=citizen.chat, language=Language.KISWAHILI)
        await mailboxes.open(citizen.secret, to)

    async def _follows(self, citizen: Citizen) -> None:
        house, seal = self.house, self.seal(Purpose.FOLLOWER)
        followers = Followers(stores=house.stores, seal=seal, clock=house.clock)
        subject = CountyFollowed(county=CountyCode("021"))
        await followers.follow(citizen.chat, Language.KISWAHILI, subject)

    async def _notices(self) -> None:
        now = self.house.clock.now()
        await self.outbox.post(
            [
                Message(
                    subject=citizen.secret.notice_id("2026-11-02"),
                    kind=MessageKind.NOTICE,
                    anchor="2026-11-02",
                    due=now.replace(hour=18, minute=0),
                    to=Addressee(chat=citizen.chat, language=Language.KISWAHILI),
                    facts={},
                )
                for citizen in self.citizens
            ]
        )

    @property
    def outbox(self) -> Outbox:
        house = self.house
        return Outbox(
            stores=house.stores,
            seal=self.seal(Purpose.OUTBOX),
            clock=house.clock,
            entropy=house.entropy,
        )

    def seal(self, purpose: Purpose) -> KeyringChatSeal:
        return KeyringChatSeal(self.house.keyring, purpose)

    async def _put(self, table: str, **values: object) -> None:
        async with self.house.stores.addresses() as addresses:
            await addresses.connection.execute(
                STORES["addresses"].tables[f"addresses.{table}"].insert().values(values)
            )
            await addresses.commit()

    async def leaked(self, leak: "Leak") -> None:
        """The rows of every citizen, written again by a build that leaks."""
        for number, citizen in enumerate(self.citizens):
            async with (
                self.house.stores.cases() as cases,
                self.house.stores.addresses() as addresses,
            ):
                await leak(self, cases.connection, addresses.connection, citizen, number)
                await cases.commit()
                await addresses.commit()

    async def remix(self) -> None:
        await self.house.stores.remix(self.house.clock.now())

    def truths(self) -> list[Truth]:
        return [
            Truth(
                report=citizen.report,
                leaf=citizen.leaf,
                keys={
                    "mailbox": citizen.secret.mailbox_slot(),
                    "subscription": self.seal(Purpose.FOLLOWER).tags(citizen.chat)[0],
                    "chat": self.house.chat_seal.tags(citizen.chat)[0],
                    "outgoing": citizen.secret.notice_id("2026-11-02"),
                },
            )
            for citizen in self.citizens
        ]

    def copied(self) -> Loot:
        """What lies on the disk now."""
        rows = {store: self._rows(store) for store in ("cases", "addresses")}
        rows["cases"]["shred"] = self._rows("shreds")["shred"]
        del rows["cases"]["handled_update"]
        return Loot(
            cases=rows["cases"],
            addresses=rows["addresses"],
            files=self._files(),
            keyring=self.house.keyring,
        )

    def _rows(self, store: str) -> dict[str, list[Row]]:
        names = [table.name for table in STORES[store].sorted_tables]
        if self.server is None:
            with closing(sqlite3.connect(self.house.folder / f"{store}.db")) as file:
                file.row_factory = sqlite3.Row
                return {
                    name: [dict(row) for row in file.execute(f"SELECT * FROM {name}")]  # noqa: S608 - names of ours
                    for name in names
                }
        query = SQL("SELECT xmin::text::bigint AS xmin, ctid::text AS ctid, * FROM {}")
        with psycopg.connect(self.server.url, row_factory=dict_row) as connection:
            return {
                name: [
                    _placed(row)
                    for row in connection.execute(query.format(Identifier(store, name)))
                ]
                for name in names
            }

    def _files(self) -> Mapping[str, bytes]:
        """Of PostgreSQL the heaps of ours, dead ones too, and the write-ahead log in order."""
        if self.server is None:
            files = sorted(self.house.folder.rglob("*.db*"))
            return {path.name: path.read_bytes() for path in files}
        found, names = self.server.everything_on_disk(), self.server.names_of_files()
        heaps = {
            names.get(path.name, path.name): content
            for path, content in found.items()
            if path.parent.parent.name == "base"
            and path.name.isdecimal()
            and int(path.name) >= FIRST_OF_OURS
        }
        logs = sorted(
            (p.name, content) for p, content in found.items() if p.parent.name == "pg_wal"
        )
        return heaps | {"pg_wal": b"".join(content.rstrip(b"\0") for _, content in logs)}


Leak = Callable[[Crowd, AsyncConnection, AsyncConnection, Citizen, int], Awaitable[object]]
"""Given connections to *cases* and *addresses*, and which citizen in order of *Send*."""

FIRST_OF_OURS = 16384
"""PostgreSQL numbers its own relations below."""


def _placed(row: dict[str, Any]) -> Row:
    page, line = row["ctid"].strip("()").split(",")
    return row | {"ctid": int(page) * 1000 + int(line)}


async def put_ids_in_rows(crowd: Crowd) -> None:
    """Of messages, for `/clear`, in the row of the chat in which they stand; as until December
    2026.
    """
    day = crowd.house.clock.now().toordinal()
    for number, who in enumerate(crowd.citizens):
        body = [who.chat, Language.KISWAHILI, False, False, None, [], [[number + 1, day]], []]
        await _rewritten(crowd, who, body)


async def take_ids_out(crowd: Crowd) -> None:
    for who in crowd.dice.sample(crowd.citizens, len(crowd.citizens)):
        await _rewritten(crowd, who, [who.chat, Language.KISWAHILI, False, False, None, []])
    await crowd.remix()


async def _rewritten(crowd: Crowd, who: Citizen, body: Sequence[object]) -> None:
    """The row of a chat, with the day that it had."""
    seal = crowd.house.chat_seal
    async with crowd.house.stores.addresses() as addresses:
        row = await addresses.chats.get(seal.tags(who.chat))
        assert row
        sealed = seal.seal(row.tag, json.dumps(body).encode())
        await addresses.chats.put(replace(row, sealed=sealed))
        await addresses.commit()
