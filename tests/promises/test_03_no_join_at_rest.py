"""Promise 3: a copy of both databases at rest ties no mailbox, no subscription and no queued
notice to a report. Before the remix it does, which is said in docs/attacks.md; and every
join that is tried finds a build that leaks on purpose.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Update
from sqlalchemy.ext.asyncio import AsyncConnection

from crypto import files
from crypto.chat_seal import Purpose
from storage import stores
from storage.errors import StoreUnavailable
from storage.open import open_stores
from storage.tables.metadata import STORES
from tests.deployment import POSTGRESQL, SQLITE
from tests.house import a_founded_house
from tests.postgresql import Server, running_new
from tests.promises.crowd import Citizen, Crowd, Leak, put_ids_in_rows, take_ids_out
from tests.promises.joins import Loot, found_out

CASES, ADDRESSES = STORES["cases"].tables, STORES["addresses"].tables
REPORT, EVENT = CASES["cases.report"], CASES["cases.event"]
MAILBOX, SUBSCRIPTION = ADDRESSES["addresses.mailbox"], ADDRESSES["addresses.subscription"]
OUTGOING = ADDRESSES["addresses.outgoing"]


BY_MESSAGES = "~ chat.number 1 of what opens"
SMALL = 16 * 1024
"""Files are padded to this, for the test to be quick: pages and TOAST of their own all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One database and its crowd: copied before the remix, then with message ids in the rows of
    chats, then after a remix that mixes no files, and without those ids after a whole one.
    """

    crowd: Crowd
    before: Loot
    with_ids: Loot
    but_files: Loot
    after: Loot

    def joins(self, loot: Loot) -> set[str]:
        return found_out(loot, self.crowd.truths())

    def joins_once(self, leak: Leak) -> set[str]:
        """What the rows tell once a build that leaks has written them; files apart."""
        asyncio.run(_leaked(self.crowd, leak))
        return self.joins(replace(self.crowd.copied(), files={}))


@pytest.mark.timeout(300)  # the machine may be busy with another
@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
def test_a_copy_at_rest_ties_nobody_to_a_report_by_joins_that_find_every_build_that_leaks(
    tmp_path: Path,
    on: str,
    record_property: Callable[[str, object], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The crowd is made once a database: it takes long."""
    monkeypatch.setattr(files, "FLOOR", SMALL)
    with running_new() if on == POSTGRESQL else nullcontext() as server:
        case = asyncio.run(_lived(tmp_path / "data", server))
        assert case.joins(case.after) == set()

        before = case.joins(case.before)
        for table in ("mailbox", "subscription"):
            orders = {join for join in before if join.startswith("order")}
            assert any(f"~ {table}." in join for join in orders), "the stated exception"
        assert not any(BY_MESSAGES in join for join in before)
        assert any(join.endswith(BY_MESSAGES) for join in case.joins(case.with_ids))
        record_property("leak", "message ids in the rows of chats")
        of_files = {join for join in case.joins(case.but_files) if "attachment" in join}
        assert any(join.endswith(BY_MESSAGES) for join in of_files), "files never mixed"
        record_property("leak", "files never mixed")

        for join, leak in LEAKS.items():
            assert join in case.joins_once(leak), leak.__name__
            record_property("leak", leak.__name__.replace("_", " "))
        if server is None:
            with pytest.raises(StoreUnavailable):  # the stores are files of their own
                case.joins_once(one_transaction)
        else:
            assert "equal: report[0].xmin = mailbox.xmin" in case.joins_once(one_transaction)
            record_property("leak", "one transaction")
            assert not asyncio.run(_keeps_order(server))
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute("ALTER ROLE postgres SET wal_recycle = on")
            assert asyncio.run(_keeps_order(server)), "`sauti doctor` says so"
            record_property("leak", "a log that keeps order")


async def _lived(folder: Path, server: Server | None) -> Case:
    async with a_founded_house(folder, server.url if server else None) as house:
        crowd = Crowd(house=house, server=server)
        await crowd.live()
        before = crowd.copied()
        await put_ids_in_rows(crowd)
        with_ids = crowd.copied()
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(stores, "remix_files", _nothing)
            await crowd.remix()
        but_files = crowd.copied()
        await take_ids_out(crowd)
        after = crowd.copied()
        return Case(crowd=crowd, before=before, with_ids=with_ids, but_files=but_files, after=after)


async def _nothing(*_: object) -> None: ...


async def _keeps_order(server: Server) -> bool:
    opened = await open_stores(server.url, Path())
    try:
        return await opened.keeps_order()
    finally:
        await opened.aclose()


async def _leaked(crowd: Crowd, leak: Leak) -> None:
    opened = await open_stores(crowd.server.url if crowd.server else None, crowd.house.folder)
    crowd.house.stores = opened
    try:
        await crowd.leaked(leak)
    finally:
        await opened.aclose()


async def ids_that_count(
    _: Crowd, cases: AsyncConnection, addresses: AsyncConnection, citizen: Citizen, number: int
) -> None:
    await cases.execute(_report(citizen, ref=f"{number:06}"))
    await addresses.execute(_notice(citizen, anchor=f"{number:06}"))


async def sizes_that_tell(
    _: Crowd, cases: AsyncConnection, addresses: AsyncConnection, citizen: Citizen, number: int
) -> None:
    await cases.execute(_report(citizen, words=os.urandom(1000 + 7 * number)))
    await addresses.execute(_notice(citizen, sealed=os.urandom(300 + 7 * number)))


async def moments_to_the_second(
    crowd: Crowd, cases: AsyncConnection, addresses: AsyncConnection, citizen: Citizen, number: int
) -> None:
    moment = crowd.house.clock.now() + timedelta(seconds=47 * number)
    mine = EVENT.c.report == citizen.report
    await cases.execute(EVENT.update().where(mine).values(detail=moment.time().isoformat()))
    await addresses.execute(_followed(crowd, citizen, expires=moment + timedelta(days=365)))


async def the_chats_plain_hash(
    _: Crowd, cases: AsyncConnection, __: AsyncConnection, citizen: Citizen, ___: int
) -> None:
    await cases.execute(_report(citizen, forum=sha256(str(citizen.chat).encode()).hexdigest()))


async def the_chats_hash_under_a_service_key(
    crowd: Crowd, cases: AsyncConnection, __: AsyncConnection, citizen: Citizen, ___: int
) -> None:
    tag = crowd.seal(Purpose.FOLLOWER).tags(citizen.chat)[0]
    await cases.execute(_report(citizen, detail=tag.hex()))


async def the_report_in_the_envelope(
    crowd: Crowd, cases: AsyncConnection, addresses: AsyncConnection, citizen: Citizen, _: int
) -> None:
    found = await cases.execute(REPORT.select().where(REPORT.c.id == citizen.report))
    body = f'[{citizen.chat},"{found.mappings().one()["locator"]}"]'.encode()
    seal = crowd.seal(Purpose.FOLLOWER)
    sealed = seal.seal(seal.tags(citizen.chat)[0], body)
    await addresses.execute(_followed(crowd, citizen, sealed=sealed))


async def one_transaction(
    _: Crowd, cases: AsyncConnection, __: AsyncConnection, citizen: Citizen, ___: int
) -> None:
    """What a build of one database with one session does."""
    await cases.execute(_report(citizen, visits=REPORT.c.visits))
    slot = citizen.secret.mailbox_slot()
    sealed = MAILBOX.c.sealed
    await cases.execute(MAILBOX.update().where(MAILBOX.c.slot == slot).values(sealed=sealed))


LEAKS: dict[str, Leak] = {
    "order: report[0].ref ~ outgoing.anchor": ids_that_count,
    "order: report[0].words size ~ outgoing.sealed size": sizes_that_tell,
    "order: event[0].detail ~ subscription.expires": moments_to_the_second,
    "equal: report[0].forum = subscription.what opens": the_chats_plain_hash,
    "equal: report[0].detail = subscription.tag": the_chats_hash_under_a_service_key,
    "equal: report[0].locator = subscription.what opens": the_report_in_the_envelope,
}
"""By the join that must find each."""


def _report(citizen: Citizen, **values: object) -> Update:
    return REPORT.update().where(REPORT.c.id == citizen.report).values(values)


def _notice(citizen: Citizen, **values: object) -> Update:
    subject = citizen.secret.notice_id("2026-11-02")
    return OUTGOING.update().where(OUTGOING.c.subject == subject).values(values)


def _followed(crowd: Crowd, citizen: Citizen, **values: object) -> Update:
    tag = crowd.seal(Purpose.FOLLOWER).tags(citizen.chat)[0]
    return SUBSCRIPTION.update().where(SUBSCRIPTION.c.tag == tag).values(values)
