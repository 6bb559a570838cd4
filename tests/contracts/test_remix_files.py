"""Rewriting files of reports: none is lost, and nothing tells in which order those of a day came.
Message ids tell it of their chats.
"""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from domain.ports.stores import Changed, Stores
from domain.reports.report import Report, ReportId
from storage import attachments
from tests.contracts.samples import MONDAY, a_report
from tests.contracts.test_remix import correlation
from tests.databases import Database, empty_database

DICE = Random(13)
FILES = 100
TUESDAY = MONDAY + timedelta(days=1)
RECENT, SETTLED = "attachment", "settled_attachment"


@pytest.fixture(autouse=True)
def _a_few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "AT_ONCE", 50_000)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """Empty: every row of a table is looked at."""
    return empty_database(request, tmp_path)


async def keep(stores: Stores, day: date = MONDAY, size: int = 9000) -> tuple[Report, bytes]:
    """As *Send* does, in a transaction of its own; a file that pages of its own hold."""
    report, sealed = a_report(id=ReportId(DICE.randbytes(16)), received=day), DICE.randbytes(size)
    async with stores.cases() as cases:
        await cases.reports.add(report)
        await cases.attachments.add(report.id, sealed)
        await cases.commit()
    return report, sealed


async def of(stores: Stores, report: Report) -> bytes | None:
    async with stores.cases() as cases:
        return await cases.attachments.of(report.id)


async def test_files_are_read_replaced_and_removed_wherever_they_lie(stores: Stores) -> None:
    kept = [await keep(stores, day) for day in (MONDAY, TUESDAY) for _ in range(20)]
    for today in (MONDAY, TUESDAY, TUESDAY):
        await stores.remix(noon(today))
        for report, sealed in kept:
            assert await of(stores, report) == sealed
    for report, sealed in kept:
        async with stores.cases() as cases:
            with pytest.raises(Changed):
                await cases.attachments.add(report.id, b"again")
            with pytest.raises(Changed):
                await cases.attachments.replace(report.id, b"what it never was", b"new")
            await cases.attachments.replace(report.id, sealed, b"new")
            await cases.commit()
        assert await of(stores, report) == b"new"
        async with stores.cases() as cases:
            await cases.reports.remove(report.id)
            await cases.commit()
        assert await of(stores, report) is None
    await stores.remix(noon(TUESDAY))
    for report, _ in kept:
        assert await of(stores, report) is None


async def test_whoever_sends_reads_moves_and_removes_meanwhile_loses_nothing(
    stores: Stores,
) -> None:
    """Half of the files move to where they stay, half are written anew."""
    kept = [await keep(stores, day) for day in (MONDAY, TUESDAY) for _ in range(20)]
    is_now = {report.id: sealed for report, sealed in kept}
    over = asyncio.Event()

    async def works(mine: list[Report]) -> None:
        while not over.is_set():
            report, after = DICE.choice(mine), DICE.randbytes(9000)
            async with stores.cases() as cases:
                await cases.attachments.replace(report.id, is_now[report.id], after)
                await cases.commit()
            is_now[report.id] = after
            assert await of(stores, report) == after
            passing, sealed = await keep(stores, DICE.choice((MONDAY, TUESDAY)))
            assert await of(stores, passing) == sealed
            async with stores.cases() as cases:
                await cases.reports.remove(passing.id)
                await cases.commit()
            assert await of(stores, passing) is None
            await asyncio.sleep(0)

    reports = [report for report, _ in kept]
    workers = [asyncio.create_task(works(reports[at::4])) for at in range(4)]
    for today in (MONDAY, MONDAY, TUESDAY, TUESDAY):
        await stores.remix(noon(today))
        await asyncio.sleep(0.02)
    over.set()
    await asyncio.gather(*workers)
    for report in reports:
        assert await of(stores, report) == is_now[report.id]


async def test_the_order_in_which_files_came_is_there_until_they_are_remixed(
    database: Database,
) -> None:
    async with database.opened() as stores:
        kept = [await keep(stores) for _ in range(FILES)]
        assert order(database, RECENT, kept) > 0.9
        await stores.remix(noon(MONDAY))
        assert len(rows(database, RECENT)) == FILES
        assert abs(order(database, RECENT, kept)) < 0.35
        transactions = order_of_transactions(database, RECENT, kept)
        assert transactions is None or abs(transactions) < 0.35


async def test_what_moves_when_its_day_is_over_tells_no_order_either(database: Database) -> None:
    """A report's plain day alone says what moves, once nobody's *Send* of it is on its way."""
    async with database.opened() as stores:
        days = {day: [await keep(stores, day) for _ in range(FILES)] for day in (MONDAY, TUESDAY)}
        await stores.remix(noon(TUESDAY, 0.9))
        assert rows(database, SETTLED) == set()
        await stores.remix(noon(TUESDAY, 1))
        assert rows(database, SETTLED) == ids(days[MONDAY])
        assert rows(database, RECENT) == ids(days[TUESDAY])
        await stores.remix(noon(TUESDAY, 25))
        assert rows(database, RECENT) == set()
        for kept in days.values():
            assert abs(order(database, SETTLED, kept)) < 0.35
            transactions = order_of_transactions(database, SETTLED, kept)
            assert transactions is None or abs(transactions) < 0.35


async def test_files_of_a_release_that_never_mixed_them_move_in_no_order(
    database: Database,
) -> None:
    """Of several days, all in the table they came to."""
    days = [MONDAY + timedelta(days=n) for n in range(-30, 0)]
    async with database.opened() as stores:
        kept = [await keep(stores, day) for day in (*days, MONDAY) for _ in range(3)]
        await stores.remix(noon(MONDAY))
        assert rows(database, RECENT) == ids(kept[-3:])
        assert abs(order(database, SETTLED, kept[:-3])) < 0.35


async def test_no_byte_of_a_file_is_left_where_it_was_moved_from(database: Database) -> None:
    async with database.opened() as stores:
        kept = [await keep(stores) for _ in range(20)]
        await stores.remix(noon(TUESDAY))
        assert rows(database, SETTLED) == ids(kept)
    if database.url is None:
        content = (database.folder / "cases.db").read_bytes()
        assert {content.count(sealed[-64:]) for _, sealed in kept} == {1}
        return
    with psycopg.connect(database.url) as connection:
        sizes = connection.execute(
            "SELECT pg_relation_size(oid), pg_relation_size(reltoastrelid) FROM pg_class"
            " WHERE oid = 'cases.attachment'::regclass"
        ).fetchone()
    assert sizes == (0, 0)


def noon(day: date, hour: float = 12) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(hours=hour)


def ids(kept: list[tuple[Report, bytes]]) -> set[bytes]:
    return {bytes(report.id) for report, _ in kept}


def rows(database: Database, table: str) -> set[bytes]:
    if database.url is None:
        with closing(sqlite3.connect(database.folder / "cases.db")) as file:
            return {row for (row,) in file.execute(f"SELECT report FROM {table}")}  # noqa: S608 - ours
    with psycopg.connect(database.url) as connection:
        query = SQL("SELECT report FROM {}").format(Identifier("cases", table))
        return {row for (row,) in connection.execute(query)}


def order(database: Database, table: str, kept: list[tuple[Report, bytes]]) -> float:
    """By place in SQLite's file; on PostgreSQL by the numbers of their chunks of TOAST, which
    count.
    """
    if database.url is None:
        content = (database.folder / "cases.db").read_bytes()
        return correlation([content.index(sealed[-64:]) for _, sealed in kept])
    with psycopg.connect(database.url) as connection:
        found = connection.execute(
            "SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = %s::regclass",
            [f"cases.{table}"],
        ).fetchone()
        assert found
        toast = SQL("SELECT chunk_id, chunk_data FROM {} WHERE chunk_seq = 0").format(
            Identifier(*found[0].split("."))
        )
        begins = {bytes(data)[:32]: int(chunk) for chunk, data in connection.execute(toast)}
    return correlation([begins[sealed[:32]] for _, sealed in kept])


def order_of_transactions(
    database: Database, table: str, kept: list[tuple[Report, bytes]]
) -> float | None:
    """By which transaction wrote each and where; None on SQLite, which keeps no such thing."""
    if database.url is None:
        return None
    query = SQL("SELECT report, xmin::text::bigint, ctid::text FROM {}").format(
        Identifier("cases", table)
    )
    with psycopg.connect(database.url) as connection:
        places = {
            report: xmin * 10**9 + int("{:>05}{:>04}".format(*place.strip("()").split(",")))
            for report, xmin, place in connection.execute(query)
        }
    return correlation([places[bytes(report.id)] for report, _ in kept])
