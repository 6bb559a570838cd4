"""Promise 5: no shape tells. Sizes, ids, order and dates say as little as they can."""

import re
import sqlite3
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from crypto import chat_seal, sealer
from domain.chats.memory import ChatMemory
from tests.house import House, a_house

LENGTHS = (1, 2, 40, 41, 400, 899, 900)
CHAT = 7_712_345_678
DAY = re.compile(r"\d{4}-\d\d-\d\d( 00:00:00(\.0+)?)?")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


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
        memory = ChatMemory(chat=CHAT + number)
        await house.memories.keep(memory.noting(frozenset(range(messages)), house.clock.now()))
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


def keeps_order(file: sqlite3.Connection, table: str) -> bool:
    """Whether SQLite numbers the rows as they arrive."""
    try:
        file.execute(f"SELECT rowid FROM {table}")  # noqa: S608 - names from the schema itself
    except sqlite3.OperationalError:
        return False
    return True


@pytest.mark.parametrize("store", ["cases", "addresses", "shreds"])
async def test_no_table_numbers_its_rows_in_order_of_arrival(house: House, store: str) -> None:
    names = house.rows(store, "SELECT name FROM sqlite_schema WHERE type = 'table'")
    tables = {name for (name,) in names} - {"alembic_version"}
    assert tables
    file = sqlite3.connect(house.folder / f"{store}.db")
    try:
        assert not any(keeps_order(file, table) for table in tables)
        file.execute("CREATE TABLE leaky (id BLOB PRIMARY KEY)")
        assert keeps_order(file, "leaky")
    finally:
        file.close()


async def test_no_moment_is_kept_finer_than_a_day(house: House) -> None:
    await house.memories.keep(ChatMemory(chat=CHAT))
    await house.sent()
    dates = house.rows("cases", "SELECT received, since FROM report")[0]
    dates += house.rows("cases", "SELECT day FROM event")[0]
    dates += house.rows("addresses", "SELECT expires FROM chat")[0]
    assert all(DAY.fullmatch(str(kept)) for kept in dates)
    assert str(dates[0]) == str(date(2026, 11, 2))
    assert house.rows("cases", "SELECT received_hour FROM report") == [(None,)]
