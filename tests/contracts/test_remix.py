"""Rewriting *addresses*: no row is lost, and nothing tells any more in which order they came."""

import asyncio
import shutil
from pathlib import Path
from random import Random

import psycopg
import pytest

from domain.ports.addresses import ChatRow, OutgoingRow
from domain.ports.stores import Stores
from storage.stores import SqlStores
from tests.contracts.samples import MIDNIGHT, a_chat, a_member, a_staff_chat, an_outgoing
from tests.contracts.test_migrate import differences
from tests.databases import Database

DICE = Random(7)
ROWS = 120


def a_random_chat(size: int = 64) -> ChatRow:
    return a_chat(tag=DICE.randbytes(32), sealed=DICE.randbytes(size))


async def keep(stores: Stores, row: ChatRow) -> None:
    """In a transaction of its own, as it comes."""
    async with stores.addresses() as addresses:
        await addresses.chats.put(row)
        await addresses.commit()


async def test_every_row_of_every_table_is_there_as_it_was(stores: Stores) -> None:
    chats, staff = [a_random_chat() for _ in range(20)], a_staff_chat(a_member())
    waiting: list[OutgoingRow] = [an_outgoing(), an_outgoing(urgent=True)]
    for row in chats:
        await keep(stores, row)
    async with stores.addresses() as addresses:
        await addresses.staff_chats.put(staff)
        for one in waiting:
            await addresses.outgoing.add(one)
        await addresses.commit()
    for _ in range(2):
        await stores.remix(MIDNIGHT)
    async with stores.addresses() as addresses:
        assert {row.tag: row for row in await addresses.chats.all()} == {r.tag: r for r in chats}
        assert list(await addresses.staff_chats.all()) == [staff]
        found = await addresses.outgoing.claim(MIDNIGHT, until=MIDNIGHT, limit=9, urgent_only=False)
        assert {row.key for row in found} == {row.key for row in waiting}
        assert not await addresses.outgoing.add(waiting[0])


async def test_whoever_writes_and_reads_meanwhile_loses_nothing(stores: Stores) -> None:
    kept: list[ChatRow] = []
    over = asyncio.Event()

    async def writes() -> None:
        while not over.is_set():
            row, passing = a_random_chat(), a_random_chat()
            await keep(stores, row)
            await keep(stores, passing)
            async with stores.addresses() as addresses:
                assert await addresses.chats.get([row.tag]) == row
                assert len(await addresses.chats.all()) > len(kept)
                await addresses.chats.remove([passing.tag])
                await addresses.commit()
            kept.append(row)
            await asyncio.sleep(0)

    writers = [asyncio.create_task(writes()) for _ in range(4)]
    for _ in range(8):
        await stores.remix(MIDNIGHT)
        await asyncio.sleep(0.02)
    over.set()
    await asyncio.gather(*writers)
    async with stores.addresses() as addresses:
        found = await addresses.chats.all()
    assert {row.tag for row in found} == {row.tag for row in kept}
    assert len(kept) >= 8


async def test_the_tables_are_in_this_releases_shape_afterwards(database: Database) -> None:
    async with database.opened() as stores:
        await stores.remix(MIDNIGHT)
        async with stores.addresses_engine.engine.connect() as connection:
            assert await connection.run_sync(differences, "addresses") == []


def correlation(places: list[int]) -> float:
    """Between when a row came and where it lies (Spearman's)."""
    ranks = {place: rank for rank, place in enumerate(sorted(places))}
    count = len(places)
    distance = sum((rank - ranks[place]) ** 2 for rank, place in enumerate(places))
    return 1 - 6 * distance / (count * (count**2 - 1))


def test_the_measure_of_order_tells_order_from_chance() -> None:
    assert correlation(list(range(9))) == 1
    assert correlation(list(range(9, 0, -1))) == -1
    assert abs(correlation(DICE.sample(range(1000), 500))) < 0.2


async def arrived(stores: SqlStores) -> list[ChatRow]:
    """Big enough for pages of their own, one after the other."""
    rows = [a_random_chat(6000) for _ in range(ROWS)]
    for row in rows:
        await keep(stores, row)
    return rows


async def test_sqlite_keeps_the_order_of_arrival_until_it_is_remixed(
    sqlite_made: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(sqlite_made, tmp_path / "data")

    def places(rows: list[ChatRow]) -> list[int]:
        content = (folder / "addresses.db").read_bytes()
        return [content.index(row.sealed[-64:]) for row in rows]

    async with Database(url=None, folder=folder).opened() as stores:
        rows = await arrived(stores)
        assert correlation(places(rows)) > 0.9
        await stores.remix(MIDNIGHT)
        assert abs(correlation(places(rows))) < 0.4


async def test_postgresql_tells_which_came_when_and_together_until_it_is_remixed(
    postgresql_made: str,
) -> None:
    def looked_at(rows: list[ChatRow]) -> tuple[list[int], set[str]]:
        """Where each row lies, and the transactions that wrote them."""
        with psycopg.connect(postgresql_made) as connection:
            found = connection.execute("SELECT tag, ctid::text, xmin::text FROM addresses.chat")
            by_tag = {tag: (place, by) for tag, place, by in found}
        pages = (by_tag[row.tag][0].strip("()").split(",") for row in rows)
        places = [int(page) * 1000 + int(item) for page, item in pages]
        return places, {by_tag[row.tag][1] for row in rows}

    async with Database(url=postgresql_made, folder=Path()).opened() as stores:
        rows = await arrived(stores)
        places, transactions = looked_at(rows)
        assert correlation(places) > 0.9
        assert len(transactions) == ROWS
        await stores.remix(MIDNIGHT)
        places, transactions = looked_at(rows)
        assert abs(correlation(places)) < 0.4
        assert len(transactions) == 1


@pytest.mark.parametrize(
    "table",
    [
        *("addresses.chat", "addresses.staff_chat", "addresses.mailbox"),
        *("addresses.subscription", "addresses.outgoing"),
        *("cases.report", "cases.event", "cases.entry", "cases.pending_leaf", "shreds.shred"),
    ],
)
async def test_no_table_is_forgotten(postgresql_made: str, table: str) -> None:
    """A new table file for each, whatever is in it."""

    def file() -> int:
        with psycopg.connect(postgresql_made) as connection:
            found = connection.execute(
                "SELECT pg_relation_filenode(%s::regclass)", [table]
            ).fetchone()
        assert found is not None
        return int(found[0])

    async with Database(url=postgresql_made, folder=Path()).opened() as stores:
        before = file()
        await stores.remix(MIDNIGHT)
        assert file() != before
