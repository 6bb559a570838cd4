"""One report without its conversation: sealed, sent, checked."""

import asyncio
import os
from collections.abc import AsyncIterator

from bench.deployment import Deployment
from bench.measure import Bound, Goal, Row, in_turn
from bench.raw import KILOBYTE, Raw
from bench.sizes import Sizes
from domain.desks.desk import NATIONAL
from domain.places.county import CountyCode
from domain.ports.sealing import FreshCode, Words
from domain.reports.check import check
from domain.reports.draft import Draft
from domain.reports.report import ReportId
from domain.reports.submit import submit
from domain.reports.topic import Topic

NAMES = ("seal", "send", "check")
WORDS = Words(messages=(KILOBYTE,), topic=Topic.THEFT)


async def sealing(deployment: Deployment, sizes: Sizes) -> AsyncIterator[Row]:
    house, raw = deployment.house, Raw.at(deployment.settings.data_dir.parent)
    code = await house.sealer.mint()
    async with house.stores.cases() as cases:
        desk = await cases.staff.newest_key(NATIONAL)
    assert desk

    async def whole() -> None:
        report, shred_key = ReportId(os.urandom(16)), os.urandom(32)
        await house.sealer.seal(report, WORDS, desk=desk, code=code, shred_key=shred_key)

    async def bare() -> None:
        raw.seal()

    real, beside = await in_turn(whole, bare, runs=sizes.runs, times=sizes.seals)
    yield Row(
        name="a report of 1 KB sealed",
        unit="/s",
        value=1 / real,
        beside=1 / beside,
        beside_what="two HPKE seals (X-Wing) and one AES-GCM of 1 KB, raw",
        goal=Goal(bound=Bound.RATIO_AT_LEAST, number=0.7),
        goes="the envelopes under the shred key, padding, and the visits of the code",
    )


async def sending(deployment: Deployment, sizes: Sizes) -> AsyncIterator[Row]:
    house, raw = deployment.house, Raw.at(deployment.settings.data_dir.parent)
    await house.sealer.mint_ahead(sizes.runs * sizes.sends)

    async def whole() -> None:
        await sent(deployment, await house.sealer.mint())

    async def bare() -> None:
        raw.seal()
        raw.keep()

    real, beside = await in_turn(whole, bare, runs=sizes.runs, times=sizes.sends)
    yield Row(
        name="*Send* alone, codes minted ahead",
        unit="/s",
        value=1 / real,
        beside=1 / beside,
        beside_what="two HPKE seals, AES-GCM of 1 KB and two fsync'd commits, raw",
        goal=Goal(bound=Bound.VALUE_AT_LEAST, number=200),
        goes=(
            "three transactions of SQLite through SQLAlchemy: who reads; the shred key; report,"
            " event and leaf. Eight statements, sixteen trips to a thread; the rest waits for the"
            " disk"
        ),
    )


async def checking(deployment: Deployment, sizes: Sizes) -> AsyncIterator[Row]:
    house, raw = deployment.house, Raw.at(deployment.settings.data_dir.parent)
    code = await house.sealer.mint()
    await sent(deployment, code)

    async def whole() -> None:
        await check(
            code.text,
            stores=house.stores,
            sealer=house.sealer,
            custody=house.custody,
            clock=house.clock,
            calendar=house.calendar,
            clocks=house.clocks,
        )

    async def bare() -> None:
        await asyncio.to_thread(raw.derive)

    real, beside = await in_turn(whole, bare, runs=sizes.runs, times=sizes.checks)
    yield Row(
        name="/check CODE",
        unit="ms",
        value=1000 * real,
        beside=1000 * beside,
        beside_what="Argon2id (19 MiB, t=2) in a thread, raw",
        goal=Goal(bound=Bound.RATIO_AT_MOST, number=1.3),
        goes=(
            "Argon2id; then the statements every code causes, right or wrong, the commit of the"
            " visit, and whether the report is followed"
        ),
    )


async def sent(deployment: Deployment, code: FreshCode, *, danger: bool = False) -> ReportId:
    house = deployment.house
    draft = Draft(
        nonce=ReportId(os.urandom(16)),
        words=WORDS.messages,
        topic=Topic.THEFT,
        county=CountyCode("021"),
        danger=danger,
    )
    await submit(
        draft,
        code,
        stores=house.stores,
        sealer=house.sealer,
        clock=house.clock,
        entropy=house.entropy,
    )
    return draft.nonce
