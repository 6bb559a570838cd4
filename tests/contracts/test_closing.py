"""Shutting down, on either database: what goes leaves the files, what proves and counts stays."""

from datetime import date
from pathlib import Path

from sqlalchemy import text

from domain.ledger.leaf import LeafHash
from domain.reports.report import SealedReport
from storage import closing
from storage.stores import SqlStores
from tests.contracts.samples import MONDAY, a_chat, a_copy, a_member, a_report, an_entry, an_event
from tests.databases import Database


async def test_shut_down_stores_hold_no_key_and_nothing_sealed_and_keep_the_leaves(
    database: Database,
) -> None:
    sealed = SealedReport(
        words=b"words" * 400, dek_for_desk=b"d" * 99, case_for_desk=b"c" * 99, case_for_code=b"k"
    )
    report, member, chat, leaf = a_report(sealed=sealed), a_member(), a_chat(), LeafHash(b"l" * 32)
    key, slot = b"a key of 32 bytes, to be destroy", b"s" * 32
    async with database.opened() as stores:
        async with stores.shreds() as shreds:
            await shreds.keep(report.id, key)
            await shreds.commit()
        async with stores.cases() as cases:
            await cases.reports.add(report)
            await cases.events.add(an_event(report))
            await cases.entries.add(an_entry(report, sealed=b"an entry" * 20))
            await cases.attachments.add(report.id, b"a sealed file" * 90_000)
            await cases.leaves.add(leaf)
            await cases.staff.add_member(member)
            await cases.staff.add_copy(a_copy(member, sealed=b"a wrapped key" * 20))
            await cases.commit()
        async with stores.addresses() as addresses:
            await addresses.chats.put(a_chat(sealed=b"a sealed chat" * 9))
            await addresses.mailboxes.put(slot, b"a mailbox" * 9, date(2027, 3, 1))
            await addresses.commit()
        assert await closing.closed_on(stores) is None
        for _ in range(2):
            await closing.close(stores, MONDAY)
            await closing.destroy_keys(stores)
            await closing.destroy_sealed(stores)
        assert await closing.closed_on(stores) == MONDAY
        async with stores.cases() as cases:
            assert await cases.reports.get(report.id) is None
            assert len(await cases.events.of(report.id)) == 1
            assert await cases.leaves.has(leaf)
            assert await cases.staff.copies(member.id) == []
            kept = await cases.staff.member(member.id)
        assert kept is not None
        assert (kept.wrapped_seed, kept.certificate) == (b"", member.certificate)
        async with stores.addresses() as addresses:
            assert await addresses.chats.get([chat.tag]) is None
            assert await addresses.mailboxes.get(slot) is None
        disk = await files(stores, database)
    gone = (
        key,
        sealed.words[:64],
        b"a sealed file" * 4,
        b"an entry" * 4,
        b"a wrapped key" * 4,
        b"a sealed chat" * 4,
    )
    assert [each for each in (*gone, b"a mailbox" * 4) if each in disk] == []


async def files(stores: SqlStores, database: Database) -> bytes:
    """Every byte of the tables' files."""
    if database.url is None:
        return b"".join(path.read_bytes() for path in sorted(database.folder.glob("*.db*")))
    async with stores.shreds_engine.engine.connect() as connection:
        await connection.execute(text("CHECKPOINT"))
        folder = (await connection.execute(text("SHOW data_directory"))).scalar_one()
    base = Path(folder) / "base"
    return b"".join(path.read_bytes() for path in sorted(base.rglob("*")) if path.is_file())
