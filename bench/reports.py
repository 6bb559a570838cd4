"""One report: sealed, sent, checked, each beside what no implementation could go under."""

import os
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.world import SystemClock, SystemEntropy
from bench.measure import Row, seconds
from crypto import code as codes
from crypto import symmetric, xwing
from crypto.context import Context
from crypto.custody import RootedCustody, new_invite
from crypto.sealer import ReportSealer
from crypto.signing import SigningKey
from crypto.xwing import KeyPair
from domain.calendar import WorkingCalendar
from domain.desks.desk import NATIONAL
from domain.places.county import CountyCode
from domain.ports.sealing import Words
from domain.ports.stores import Stores
from domain.reports.check import check
from domain.reports.clocks import Clocks
from domain.reports.draft import Draft
from domain.reports.report import ReportId
from domain.reports.submit import submit
from domain.reports.topic import Topic
from domain.staff.member import DeskPublic, MemberId, Role
from storage.engines import PRAGMAS
from storage.migrate import upgrade
from storage.open import open_stores

WORDS = Words(messages=("x" * 1000,), topic=Topic.THEFT)
CONTEXT = Context(kind="bench", row=bytes(16), field="words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A deployment with one founded desk, in a temporary folder."""

    folder: Path
    stores: Stores
    sealer: ReportSealer
    custody: RootedCustody
    desk: DeskPublic
    clock: SystemClock
    entropy: SystemEntropy


@asynccontextmanager
async def founded() -> AsyncIterator[Place]:
    root = SigningKey.generate()
    custody = RootedCustody(root_public=root.public, recovery_public=KeyPair.generate().public)
    clock, entropy = SystemClock(ZoneInfo("Africa/Nairobi")), SystemEntropy()
    today = clock.now().date()
    invite, payload = new_invite(
        root, role=Role.MODERATOR, desk=NATIONAL, founding=True, expires=today + timedelta(days=1)
    )
    seed, member = custody.read_invite(payload), MemberId(entropy.token(16))
    enrolled = await custody.enrol(invite, seed, member, today, found=True)
    assert enrolled.founded
    with tempfile.TemporaryDirectory(prefix="sauti-bench-") as name:
        folder = Path(name)
        await upgrade(None, folder)
        stores = await open_stores(None, folder)
        async with stores.cases() as cases:
            await cases.staff.add_member(enrolled.member)
            await cases.staff.add_desk_key(enrolled.founded)
            for copy in enrolled.copies:
                await cases.staff.add_copy(copy)
            await cases.commit()
        yield Place(
            folder=folder,
            stores=stores,
            sealer=ReportSealer(root_public=root.public, deployment_id=bytes(16)),
            custody=custody,
            desk=enrolled.founded,
            clock=clock,
            entropy=entropy,
        )
        await stores.aclose()


async def rows() -> list[Row]:
    async with founded() as place:
        return [await _sealing(place), await _sending(place), await _checking(place)]


async def _sealing(place: Place) -> Row:
    code = await place.sealer.mint()
    pair, key = KeyPair.generate(), bytes(32)

    async def whole() -> None:
        report, shred_key = ReportId(os.urandom(16)), os.urandom(32)
        await place.sealer.seal(report, WORDS, desk=place.desk, code=code, shred_key=shred_key)

    async def raw() -> None:
        xwing.seal(pair.public, key, CONTEXT)
        xwing.seal(pair.public, key, CONTEXT)
        symmetric.seal(key, WORDS.messages[0].encode(), CONTEXT)

    return Row(
        name="seal a report of 1 KB",
        unit="/s",
        value=1 / await seconds(whole, 200),
        beside_name="two raw HPKE seals and one AES-GCM",
        beside=1 / await seconds(raw, 200),
        goal=0.7,
        more_is_better=True,
    )


async def _sending(place: Place) -> Row:
    """The *Send* step alone, with codes minted ahead."""
    times = 40
    await place.sealer.mint_ahead(times * 5)
    disk = sqlite3.connect(place.folder / "raw.db", isolation_level=None)
    for pragma in PRAGMAS:
        disk.execute(pragma)
    disk.execute("CREATE TABLE t (k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID")

    async def whole() -> None:
        draft = Draft(
            nonce=ReportId(os.urandom(16)),
            words=WORDS.messages,
            topic=Topic.THEFT,
            county=CountyCode("022"),
        )
        await submit(
            draft,
            await place.sealer.mint(),
            stores=place.stores,
            sealer=place.sealer,
            clock=place.clock,
            entropy=place.entropy,
        )

    async def raw() -> None:
        for size in (32, 5000):
            disk.execute("BEGIN IMMEDIATE")
            disk.execute("INSERT INTO t VALUES (?, ?)", (os.urandom(16), os.urandom(size)))
            disk.execute("COMMIT")

    row = Row(
        name="Send, codes minted ahead",
        unit="/s",
        value=1 / await seconds(whole, times),
        beside_name="two bare fsync'd commits (shred key, report)",
        beside=1 / await seconds(raw, times),
        goal=0.2,
        more_is_better=True,
    )
    disk.close()
    return row


async def _checking(place: Place) -> Row:
    code = await place.sealer.mint()
    draft = Draft(
        nonce=ReportId(os.urandom(16)),
        words=("a",),
        topic=Topic.THEFT,
        county=CountyCode("022"),
    )
    await submit(
        draft,
        code,
        stores=place.stores,
        sealer=place.sealer,
        clock=place.clock,
        entropy=place.entropy,
    )
    typed = codes.parse(code.text)

    async def whole() -> None:
        await check(
            code.text,
            stores=place.stores,
            sealer=place.sealer,
            custody=place.custody,
            clock=place.clock,
            calendar=WorkingCalendar(),
            clocks=Clocks(),
        )

    async def raw() -> None:
        codes.derive_root(typed, bytes(16))

    return Row(
        name="/check CODE",
        unit="ms",
        value=1000 * await seconds(whole, 10),
        beside_name="raw Argon2id, 19 MiB",
        beside=1000 * await seconds(raw, 10),
        goal=1.3,
        more_is_better=False,
    )
