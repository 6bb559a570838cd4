"""What the SQLite files themselves hold: the thief's view of promises 1, 2 and 5."""

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from domain.reports.report import ReportId, SealedReport
from domain.reports.state import State
from storage.migrate import upgrade
from storage.open import open_stores
from storage.stores import SqlStores
from tests.contracts.samples import a_chat, a_copy, a_member, a_report, a_staff_chat, an_event

STORES = ("cases", "addresses", "shreds")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Made under the most careless umask there is."""
    before = os.umask(0)
    try:
        asyncio.run(upgrade(None, tmp_path / "data"))
    finally:
        os.umask(before)
    return tmp_path / "data"


def work(folder: Path, story: Callable[[SqlStores], Awaitable[None]]) -> None:
    async def told() -> None:
        stores = await open_stores(None, folder)
        try:
            await story(stores)
        finally:
            await stores.aclose()

    asyncio.run(told())


def everything_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_a_destroyed_key_is_in_no_file(folder: Path) -> None:
    """Among many others that come and go, so that pages split, merge and move."""
    dice = Random(1)
    kept: dict[ReportId, bytes] = {}
    gone: list[bytes] = []

    async def come_and_go(stores: SqlStores) -> None:
        for _ in range(120):
            async with stores.shreds() as shreds:
                for _ in range(dice.randint(1, 30)):
                    report, key = ReportId(dice.randbytes(16)), dice.randbytes(32)
                    await shreds.keep(report, key)
                    kept[report] = key
                for report in dice.sample(sorted(kept), min(len(kept), dice.randint(0, 29))):
                    gone.append(kept.pop(report))
                    await shreds.destroy(report)
                    if dice.random() < 0.8:
                        gone.append(report)
                    else:
                        kept[report] = await shreds.keep(report, dice.randbytes(32))
                await shreds.commit()

    work(folder, come_and_go)
    found = everything_on_disk(folder)
    assert all(bytes(report) in found and key in found for report, key in kept.items())
    assert len(gone) > 2000
    assert [secret for secret in gone if secret in found] == []


def test_removed_chats_and_revoked_copies_are_in_no_file(folder: Path) -> None:
    dice = Random(2)
    chats = [a_chat(tag=dice.randbytes(32), sealed=dice.randbytes(700)) for _ in range(60)]
    member, other = a_member(), a_member()
    staff = a_staff_chat(member, tag=dice.randbytes(32), sealed=dice.randbytes(200))
    copy = a_copy(member, sealed=dice.randbytes(1200))

    async def enter(stores: SqlStores) -> None:
        async with stores.addresses() as addresses, stores.cases() as cases:
            for chat in chats:
                await addresses.chats.put(chat)
            await addresses.staff_chats.put(staff)
            await addresses.commit()
            for one in (member, other):
                await cases.staff.add_member(one)
            await cases.staff.add_copy(copy)
            await cases.commit()

    async def leave(stores: SqlStores) -> None:
        async with stores.addresses() as addresses, stores.cases() as cases:
            await addresses.chats.remove([chat.tag for chat in chats[:30]])
            await addresses.chats.remove_expired(chats[30].expires)
            await addresses.staff_chats.remove(member.id)
            await addresses.commit()
            await cases.staff.revoke(member.id)
            await cases.commit()

    secrets = [part for chat in chats for part in (chat.tag, chat.sealed)]
    secrets += [staff.tag, staff.sealed, copy.sealed]
    pieces = [
        secret[start : start + 32] for secret in secrets for start in range(0, len(secret), 32)
    ]
    work(folder, enter)
    before = everything_on_disk(folder)
    assert sum(piece in before for piece in pieces) > len(pieces) * 0.9
    work(folder, leave)
    after = everything_on_disk(folder)
    assert [piece for piece in pieces if len(piece) == 32 and piece in after] == []


def test_the_old_envelopes_of_a_rerouted_report_are_in_no_file(folder: Path) -> None:
    dice = Random(3)

    def sealed() -> SealedReport:
        return SealedReport(
            words=dice.randbytes(9000),
            dek_for_desk=dice.randbytes(1200),
            case_for_desk=dice.randbytes(1200),
            case_for_code=dice.randbytes(64),
        )

    before = a_report(sealed=sealed())
    after = replace(before, sealed=sealed(), generation=2)

    async def reroute(stores: SqlStores) -> None:
        async with stores.cases() as cases:
            await cases.reports.add(before)
            await cases.commit()
        async with stores.cases() as cases:
            await cases.reports.replace(before, after)
            await cases.commit()

    work(folder, reroute)
    found = everything_on_disk(folder)
    assert after.sealed.words[-32:] in found
    old = (before.sealed.words, before.sealed.dek_for_desk, before.sealed.case_for_code)
    assert not any(part[at : at + 32] in found for part in old for at in range(len(part) - 31))


def test_what_was_rolled_back_is_in_no_file(folder: Path) -> None:
    words = Random(4).randbytes(50_000)
    report = a_report()

    async def change_ones_mind(stores: SqlStores) -> None:
        async with stores.cases() as cases:
            await cases.reports.add(replace(report, sealed=replace(report.sealed, words=words)))

    work(folder, change_ones_mind)
    found = everything_on_disk(folder)
    assert not any(words[at : at + 32] in found for at in range(0, len(words) - 32, 32))


def test_there_is_never_a_wal_and_a_journal_keeps_nothing(folder: Path) -> None:
    seen: set[str] = set()

    async def write(stores: SqlStores) -> None:
        report = a_report()
        async with stores.cases() as cases:
            await cases.reports.add(report)
            await cases.events.add(an_event(report))
            seen.update(os.listdir(folder))  # noqa: PTH208 - pathlib's own blocks the loop no less
            await cases.commit()
        async with stores.cases() as cases:
            await cases.reports.replace(report, replace(report, state=State.IN_REVIEW))
            seen.update(os.listdir(folder))  # noqa: PTH208 - as above
            await cases.commit()

    work(folder, write)
    files = {f"{store}.db" for store in STORES}
    assert files < seen <= files | {f"{store}.db-journal" for store in STORES}
    for journal in folder.glob("*-journal"):
        assert journal.stat().st_size == 0


def test_only_the_owner_reads_the_files(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert {f"{store}.db" for store in STORES} <= set(modes)
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize("store", STORES)
def test_no_table_numbers_its_rows_as_they_come(folder: Path, store: str) -> None:
    """But Alembic's one row, which says which release made the file."""
    with closing(sqlite3.connect(folder / f"{store}.db")) as file:
        listed = file.execute("SELECT name, wr FROM pragma_table_list WHERE schema = 'main'")
        without_rowid = {name: bool(wr) for name, wr in listed if not name.startswith("sqlite_")}
    assert not without_rowid.pop("alembic_version")
    assert without_rowid
    assert all(without_rowid.values())
