"""Promise 5: no shape tells. Sizes, ids, order and dates say as little as they can."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from itertools import count, pairwise

import pytest

from crypto import chat_seal, sealer
from domain.chats.memory import ChatMemory
from domain.reports import submit
from domain.reports.report import Report
from storage.tables.metadata import STORES
from tests.fakes.world import FakeEntropy
from tests.house import House

LENGTHS = (1, 2, 40, 41, 400, 899, 900)
CHAT = 7_712_345_678
DAY = re.compile(r"\d{4}-\d\d-\d\d( 00:00:00(\.0+)?(\+00:00)?)?")


@pytest.fixture
def house(staffed_house: House) -> House:
    return staffed_house


async def sizes_of_reports(house: House) -> set[tuple[int, ...]]:
    for length in LENGTHS:
        await house.sent(words=("x" * length,))
    rows = house.rows(
        "cases",
        "SELECT length(words), length(dek_for_desk), length(case_for_desk),"
        " length(case_for_code), length(visits), length(id), length(ref), length(locator)"
        " FROM report",
    )
    assert len(rows) == len(LENGTHS)
    return set(rows)


async def sizes_of_chats(house: House) -> set[tuple[int, ...]]:
    for number, messages in enumerate((0, 1, 5, 20)):
        memory = ChatMemory(chat=CHAT + number, codes=frozenset(range(messages)))
        await house.memories.keep(memory)
    rows = house.rows("addresses", "SELECT length(tag), length(sealed) FROM chat")
    assert len(rows) == 4
    return set(rows)


def unpadded(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


async def test_one_letter_and_nine_hundred_have_one_size(house: House) -> None:
    assert len(await sizes_of_reports(house)) == 1


async def test_a_build_that_does_not_pad_words_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealer, "pad", unpadded)
    assert len(await sizes_of_reports(house)) > 1


async def test_a_long_talk_and_a_short_one_have_one_size(house: House) -> None:
    assert len(await sizes_of_chats(house)) == 1


async def test_a_build_that_does_not_pad_chats_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_seal, "pad", unpadded)
    assert len(await sizes_of_chats(house)) > 1


@pytest.mark.parametrize("staffed_disk", ["sqlite"], indirect=True)  # what is drawn, not kept
async def test_long_reports_fall_into_few_sizes(house: House) -> None:
    """Twenty lengths, eight sizes: Padmé rounds up by a sixteenth there."""
    sizes = set()
    for length in range(2100, 3100, 50):
        _, report = await house.sent(words=("x" * length,))
        sizes.add(len(report.sealed.words))
    assert len(sizes) <= 9


async def test_the_visits_of_a_code_show_in_no_size(house: House) -> None:
    code, report = await house.sent()
    sizes = {len(report.visits)}
    for _ in range(3):
        await house.check(code)
        sizes.add(len((await house.report(report.id)).visits))
    assert len(sizes) == 1


@pytest.mark.parametrize("staffed_disk", ["sqlite"], indirect=True)  # what is drawn, not kept
async def test_the_three_numbers_of_a_report_are_drawn_apart(house: House) -> None:
    codes, refs, ids = set(), set(), set()
    for _ in range(12):
        code, report = await house.sent()
        codes.add(code[:6])
        refs.add(report.ref)
        ids.add(report.id)
        assert code[:5] not in report.ref
        assert report.id.hex()[:6].upper() not in {code[:6], report.ref}
    assert len(codes) == len(refs) == len(ids) == 12
    assert all(len(report) == 16 for report in ids)


MANY = 12
WINDOW, AT_MOST = 8, 64
"""Bytes that are read as one number, and how far into a value that begins."""


async def what_counts(house: House) -> set[str]:
    """The columns in which reports, their leaves and keys, or chats are numbered as they came:
    any eight bytes of a value, read as one number, that always rise or always fall. Chance does
    that to twelve values twice in 479 million.
    """
    columns: dict[str, list[bytes]] = defaultdict(list)
    for number in range(MANY):
        await house.memories.keep(ChatMemory(chat=CHAT + number))
        code, report = await house.sent()
        columns["code"].append(code.encode())
        mine = {
            "report": ("cases", "id", report.id),
            "pending_leaf": ("cases", "hash", report.intake_leaf),
            "event": ("cases", "report", report.id),
            "shred": ("shreds", "report", report.id),
            "chat": ("addresses", "tag", house.chat_seal.tags(CHAT + number)[0]),
        }
        for table, (store, key, value) in mine.items():
            names = [each.name for each in STORES[store].tables[f"{store}.{table}"].c]
            query = f"SELECT {', '.join(names)} FROM {table} WHERE {key} = ?"  # noqa: S608 - names of ours
            (row,) = house.rows(store, query, value)
            for name, kept in zip(names, row, strict=True):
                columns[f"{table}.{name}"].append(
                    kept if isinstance(kept, bytes) else str(kept).encode()
                )
    return {name for name, values in columns.items() if counted(values)}


def counted(values: Sequence[bytes]) -> bool:
    for at in range(min(AT_MOST, *map(len, values))):
        seen = [value[at : at + WINDOW] for value in values]
        steps = list(pairwise(seen))
        if all(a < b for a, b in steps) or all(a > b for a, b in steps):
            return True
    return False


async def test_nothing_that_is_kept_counts_reports_or_chats(house: House) -> None:
    assert await what_counts(house) == set()


async def test_a_build_whose_ids_count_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = count(1)

    def next_one(_: object, size: int) -> bytes:
        return next(numbers).to_bytes(size, "big")

    monkeypatch.setattr(FakeEntropy, "token", next_one)
    assert {"report.id", "shred.key"} <= await what_counts(house)


async def test_a_build_whose_refs_count_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = count(417_000)
    monkeypatch.setattr(submit, "new_ref", lambda _: f"{next(numbers):06}")
    assert await what_counts(house) == {"report.ref"}


def keeps_order(file: sqlite3.Connection, table: str) -> bool:
    """Whether SQLite numbers the rows as they arrive."""
    try:
        file.execute(f"SELECT rowid FROM {table}")  # noqa: S608 - names from the schema itself
    except sqlite3.OperationalError:
        return False
    return True


def tables_that_count(house: House, store: str) -> set[str]:
    """Whose rows the database numbers as they arrive: by a rowid, or by a sequence."""
    if house.url:
        sequences = house.rows(
            store,
            "SELECT table_name FROM information_schema.columns WHERE table_schema = ?"
            " AND (is_identity = 'YES' OR column_default LIKE 'nextval%%')",
            store,
        )
        return {name for (name,) in sequences}
    names = house.rows(store, "SELECT name FROM sqlite_schema WHERE type = 'table'")
    tables = {name for (name,) in names} - {"alembic_version"}
    assert tables
    with closing(sqlite3.connect(house.folder / f"{store}.db")) as file:
        return {table for table in tables if keeps_order(file, table)}


@pytest.mark.parametrize("store", STORES)
async def test_no_table_numbers_its_rows_in_order_of_arrival(house: House, store: str) -> None:
    assert tables_that_count(house, store) == set()
    kind = "BIGSERIAL" if house.url else "INTEGER"
    house.disk.tamper(store, f"CREATE TABLE leaky (id {kind} PRIMARY KEY)")
    assert tables_that_count(house, store) == {"leaky"}


async def not_days(house: House) -> set[str]:
    """What is kept of moments and is no day."""
    await house.memories.keep(ChatMemory(chat=CHAT))
    await house.sent()
    dates = house.rows("cases", "SELECT received, since FROM report")[0]
    dates += house.rows("cases", "SELECT day FROM event")[0]
    dates += house.rows("addresses", "SELECT expires FROM chat")[0]
    assert str(dates[0]) == str(date(2026, 11, 2))
    hours = house.rows("cases", "SELECT received_hour FROM report")[0]
    finer = [*(each for each in dates if not DAY.fullmatch(str(each))), *hours]
    return {str(each) for each in finer if each is not None}


async def test_no_moment_is_kept_finer_than_a_day(house: House) -> None:
    assert await not_days(house) == set()


@pytest.mark.also_on_postgresql
async def test_a_build_that_keeps_the_hour_is_found_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = house.clock.now().hour
    monkeypatch.setattr(submit, "Report", lambda **given: Report(**given | {"received_hour": hour}))
    assert await not_days(house) == {str(hour)}
