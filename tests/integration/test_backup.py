"""The restore drill, on both databases: a backup brings back what was lost, and revives nothing
that ended since.
"""

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.alone import CLOCK, alone
from app.backing_up import Store
from app.restoring import verify
from app.settings import SettingRefused
from crypto.xwing import KeyPair
from domain.ports.sealing import EnvelopeLost
from domain.reports.check import ReportExpired, ReportMissing
from storage.dumping import dump
from storage.fitting import without_key
from storage.leading import open_lead
from tests.databases import Database
from tests.house import RECOVERY, WORDS, House
from tests.integration.operator import NATIONAL, OVER, Operator, an_operator


@pytest.fixture
async def operator(database: Database, tmp_path: Path) -> AsyncIterator[Operator]:
    async with an_operator(database, tmp_path / "shelf") as operator:
        yield operator


async def test_what_was_lost_comes_back_and_what_ended_since_does_not(
    operator: Operator,
) -> None:
    """An older *cases* beside the newest *shreds*, on an empty database."""
    code, kept = await operator.house.sent(**NATIONAL)
    other, ended = await operator.house.sent(**NATIONAL)
    assert await operator.read(ended) == WORDS
    older = operator.backed_up(Store.CASES)
    operator.backed_up(Store.SHREDS)
    await operator.ended(ended)
    newest = operator.backed_up(Store.SHREDS)
    before = await operator.house.events(kept.id)

    operator.lose()
    operator.restored(Store.CASES, older)
    operator.restored(Store.SHREDS, newest)

    assert await operator.house.report(kept.id) == kept
    assert await operator.house.events(kept.id) == before
    assert await operator.read(kept) == WORDS
    assert (await operator.house.check(code)).held.report == kept.id
    with pytest.raises(EnvelopeLost):
        await operator.read(ended)
    with pytest.raises(ReportMissing):
        await operator.house.check(other)
    given = (operator.url, operator.settings.data_dir)
    assert without_key(*given, drop=False) == 1
    assert without_key(*given, drop=True) == 1
    assert without_key(*given, drop=False) == 0
    assert await operator.read(kept) == WORDS


async def test_a_living_store_is_overwritten_only_when_told_and_ends_again_what_ended(
    operator: Operator,
) -> None:
    code, ended = await operator.house.sent(**NATIONAL)
    older = operator.backed_up(Store.CASES)
    await operator.ended(ended)
    _, later = await operator.house.sent(**NATIONAL)
    with pytest.raises(SettingRefused, match="holds reports"):
        operator.restored(Store.CASES, older)
    assert await operator.house.report(later.id) == later
    operator.restored(Store.CASES, older, OVER)
    async with operator.house.stores.cases() as cases:
        assert await cases.reports.get(ended.id) is None
        assert await cases.reports.get(later.id) is None
    with pytest.raises(ReportExpired):
        await operator.house.check(code)


async def test_a_backup_of_one_moment_beside_whoever_writes(operator: Operator) -> None:
    """Every report in it is there with its first event."""
    sending = asyncio.create_task(_send(operator.house, 5))
    while not sending.done():
        file = await asyncio.to_thread(operator.backed_up, Store.CASES, f"{len(_on(operator))}")
    await sending
    operator.lose()
    counts = operator.restored(Store.CASES, file).counts
    assert counts["report"] == counts["event"] == counts["pending_leaf"]


def _on(operator: Operator) -> list[Path]:
    return list(operator.shelf.iterdir()) if operator.shelf.exists() else []


async def _send(house: House, number: int) -> None:
    for _ in range(number):
        await house.sent(**NATIONAL)


@pytest.mark.parametrize("known", [True, False], ids=["over what is there", "into an empty store"])
async def test_what_stands_in_chats_is_known_after_a_restore_only_where_it_was(
    operator: Operator, *, known: bool
) -> None:
    traces = operator.house.traces
    await traces.note(7, frozenset({41}))
    file = operator.backed_up(Store.ADDRESSES)
    if not known:
        operator.house.tamper("addresses", "DELETE FROM trace")
    operator.restored(Store.ADDRESSES, file, OVER)
    await traces.begin()
    standing = await traces.of(7)
    assert (41 in standing.noted, standing.whole) == (known, known)
    operator.house.clock.passes(days=3)
    await traces.drop_expired()
    assert (await traces.of(7)).whole


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_backup_holds_no_mailbox_no_outbox_and_opens_with_no_other_key(
    operator: Operator,
) -> None:
    await operator.house.followed(7, **NATIONAL)
    file = operator.backed_up(Store.ADDRESSES)
    counts = operator.restored(Store.ADDRESSES, file, OVER).counts
    assert counts == {"staff_chat": 1, "subscription": 0, "forgotten": 0}
    assert operator.house.rows("addresses", "SELECT count(*) FROM mailbox") == [(1,)]
    for wrong in (KeyPair.generate(), KeyPair.from_seed(bytes(32))):
        with pytest.raises(SettingRefused, match="another recovery key"):
            operator.restored(Store.ADDRESSES, file, OVER, wrong)
    with pytest.raises(SettingRefused, match="no whole backup"):
        verify(Store.CASES, file, RECOVERY)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_backup_cut_short_or_changed_changes_nothing(operator: Operator) -> None:
    _, report = await operator.house.sent(**NATIONAL)
    file = operator.backed_up(Store.CASES)
    whole = file.read_bytes()
    assert WORDS[0].encode() not in whole
    for damaged in (
        whole[:-1],
        whole[: len(whole) // 2],
        whole[:-100] + bytes(100),
        b"x" + whole,
        whole + b"\0\0\0\1x",
        b"",
    ):
        file.write_bytes(damaged)
        with pytest.raises(SettingRefused, match=r"no whole backup|damaged"):
            operator.restored(Store.CASES, file, OVER)
        assert await operator.house.report(report.id) == report


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_former_backup_of_shreds_is_overwritten_and_that_of_cases_never(
    operator: Operator,
) -> None:
    await operator.house.sent(**NATIONAL)
    file = operator.backed_up(Store.SHREDS)
    former = operator.shelf.parent / "former"
    former.hardlink_to(file)
    before = former.read_bytes()
    operator.backed_up(Store.SHREDS)
    assert former.read_bytes() != before
    assert not former.samefile(file)
    assert file.stat().st_mode & 0o077 == 0
    operator.backed_up(Store.CASES)
    with pytest.raises(SettingRefused, match="not overwritten"):
        operator.backed_up(Store.CASES)
    assert verify(Store.SHREDS, file, RECOVERY).rows == 1


async def test_nothing_is_restored_while_a_bot_runs(operator: Operator) -> None:
    running = open_lead(operator.url, operator.settings.data_dir, CLOCK)
    assert await running.held()
    with pytest.raises(SettingRefused, match="a bot runs"):
        async with alone(operator.settings):
            pytest.fail("it was alone")
    await running.leave()
    async with alone(operator.settings):
        assert not await running.held()


async def test_a_backup_that_is_given_up_leaves_nothing_open(operator: Operator) -> None:
    await operator.house.sent(**NATIONAL)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        lines = dump("cases", operator.url, operator.settings.data_dir)
        next(lines)
        del lines
        gc.collect()
    assert [str(each.message) for each in said] == []
