"""Builds that leak on purpose, one a feature the thief uses. What such a build would have written
is written over what the product wrote, and what the one before wrote is taken back.
"""

import os
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables.metadata import STORES
from tests.promises.crowd import Citizen, Crowd, put_ids_in_rows

CASES, ADDRESSES = STORES["cases"].tables, STORES["addresses"].tables
FILES = (CASES["cases.attachment"], CASES["cases.settled_attachment"])
REPORT, EVENT, CHAT = CASES["cases.report"], CASES["cases.event"], ADDRESSES["addresses.chat"]

Build = Callable[[Crowd], Awaitable[object]]
Leak = Callable[[Crowd, Citizen, int], Mapping[str, Mapping[str, object]]]
"""What it writes to the report, its events and its writer's chat; `number`: in order of *Send*."""


def _written(leak: Leak) -> Build:
    async def one(
        crowd: Crowd, cases: AsyncConnection, addresses: AsyncConnection, who: Citizen, number: int
    ) -> None:
        tag = crowd.house.chat_seal.tags(who.chat)[0]
        said = leak(crowd, who, number)
        for table, row, key in ((REPORT, "id", who.report), (EVENT, "report", who.report)):
            if values := said.get(table.name):
                await cases.execute(table.update().where(table.c[row] == key).values(values))
        if values := said.get("chat"):
            await addresses.execute(CHAT.update().where(CHAT.c.tag == tag).values(values))

    async def build(crowd: Crowd) -> None:
        await crowd.leaked(one)
        await crowd.remix()

    return build


def _elsewhere(number: int) -> int:
    """Another order than that of *Send*, in which nothing else is."""
    return number * 7919 % 10007


def _hash(_: Crowd, who: Citizen, __: int) -> Mapping[str, Mapping[str, object]]:
    return {"report": {"forum": sha256(str(who.chat).encode()).hexdigest()}}


def _tag(crowd: Crowd, who: Citizen, _: int) -> Mapping[str, Mapping[str, object]]:
    return {"report": {"forum": crowd.house.chat_seal.tags(who.chat)[0].hex()}}


def _ids(_: Crowd, __: Citizen, number: int) -> Mapping[str, Mapping[str, object]]:
    """As Telegram's ids of messages do, which are kept for `/clear`."""
    return {"report": {"forum": None, "ref": f"{number:06}"}}


def _sizes(_: Crowd, __: Citizen, number: int) -> Mapping[str, Mapping[str, object]]:
    size = _elsewhere(number)
    return {
        "report": {"ref": os.urandom(4).hex(), "words": os.urandom(1000 + size)},
        "chat": {"sealed": os.urandom(300 + size)},
    }


def _moments(crowd: Crowd, __: Citizen, number: int) -> Mapping[str, Mapping[str, object]]:
    moment = crowd.house.clock.now() + timedelta(seconds=7 * _elsewhere(number))
    return {
        "report": {"words": os.urandom(1024)},
        "event": {"detail": str(7 * _elsewhere(number))},
        "chat": {"sealed": os.urandom(300), "expires": moment},
    }


async def _rows_in_order(crowd: Crowd) -> None:
    """As they come. *addresses* is mixed, but message ids tell in which order its chats wrote."""
    house, expires = crowd.house, crowd.house.clock.now()
    await _written(lambda *_: {"event": {"detail": None}, "chat": {"expires": expires}})(crowd)
    await put_ids_in_rows(crowd)
    await crowd.remix()
    async with house.stores.cases() as cases:
        rows = {
            row["id"]: dict(row)
            for row in (await cases.connection.execute(select(REPORT))).mappings()
        }
        await cases.connection.execute(delete(REPORT))
        await cases.commit()
    _free_no_pages(crowd)
    for who in crowd.citizens:
        async with house.stores.cases() as cases:
            await cases.connection.execute(insert(REPORT).values(rows[who.report]))
            await cases.commit()


async def put_files(crowd: Crowd, order: Sequence[Citizen]) -> None:
    """Files lie in this order, each table's: in that of *Send*, as if they were never mixed."""
    house = crowd.house
    for table in FILES:
        async with house.stores.cases() as cases:
            found = (await cases.connection.execute(select(table))).mappings()
            rows = {row["report"]: dict(row) for row in found}
            await cases.connection.execute(delete(table))
            await cases.commit()
        _free_no_pages(crowd)
        for who in order:
            if who.report in rows:
                async with house.stores.cases() as cases:
                    await cases.connection.execute(insert(table).values(rows[who.report]))
                    await cases.commit()


def _free_no_pages(crowd: Crowd) -> None:
    """On SQLite: pages that were freed come in an order of their own."""
    if crowd.server is None:
        with closing(sqlite3.connect(crowd.house.folder / "cases.db")) as file:
            file.execute("VACUUM")


async def _one_transaction(crowd: Crowd) -> None:
    """What a build of one database with one session does."""
    await crowd.remix()
    for who in crowd.citizens:
        tag = crowd.house.chat_seal.tags(who.chat)[0]
        async with crowd.house.stores.cases() as cases:
            for table, key, value in ((REPORT, "id", who.report), (CHAT, "tag", tag)):
                mine = table.c[key] == value
                await cases.connection.execute(table.update().where(mine).values({key: value}))
            await cases.commit()


LEAKS: Mapping[str, Build] = {
    "a hash of the chat beside the report": _written(_hash),
    "a hash of it under a service key": _written(_tag),
    "numbers that count": _written(_ids),
    "sizes that tell": _written(_sizes),
    "moments to the second": _written(_moments),
}
"""Found in the rows, files apart."""

IN_FILES: Mapping[str, Build] = {"*cases* never mixed, message ids in chats' rows": _rows_in_order}

ON_POSTGRESQL: Mapping[str, Build] = {"one transaction for both": _one_transaction}
"""On SQLite the stores are files of their own, which no transaction joins."""
