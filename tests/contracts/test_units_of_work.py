"""Units of work: whole or not at all, and nobody left waiting."""

import asyncio
import gc
from dataclasses import replace

import pytest
from sqlalchemy.pool import QueuePool

from domain.ports.stores import Changed, OpenedInsideItself, Stores
from domain.reports.report import Report
from domain.reports.state import State
from domain.staff.member import MemberId
from storage.stores import SqlStores
from tests.contracts.samples import a_report, an_event
from tests.databases import Database


async def keep(stores: Stores, report: Report) -> None:
    """As `submit` does."""
    async with stores.shreds() as shreds:
        await shreds.keep(report.id, b"key")
        await shreds.commit()
    async with stores.cases() as cases:
        await cases.reports.add(report)
        await cases.events.add(an_event(report))
        await cases.commit()


async def is_whole(stores: Stores, report: Report) -> bool:
    """False when nothing of it is there. Fails for a half of it."""
    async with stores.cases() as cases:
        found = await cases.reports.get(report.id)
        events = await cases.events.of(report.id)
    assert (found, list(events)) in [(report, [an_event(report)]), (None, [])]
    return found is not None


async def test_a_report_sent_twice_at_once_is_kept_once(stores: Stores) -> None:
    report = a_report()
    outcomes = await asyncio.gather(
        keep(stores, report), keep(stores, report), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Changed", "NoneType"]
    assert await is_whole(stores, report)


async def test_two_moderators_act_at_once_and_one_signed_event_remains(stores: Stores) -> None:
    before = a_report()
    await keep(stores, before)

    async def claim(member: MemberId) -> None:
        async with stores.cases() as cases:
            read = await cases.reports.get(before.id)
            assert read is not None
            number = len(await cases.events.of(before.id))
            after = replace(before, state=State.IN_REVIEW, claimed_by=member)
            await cases.reports.replace(before, after)
            await cases.events.add(an_event(before, number, member=member))
            await cases.commit()

    members = [MemberId(mark * 16) for mark in (b"a", b"b")]
    outcomes = await asyncio.gather(*map(claim, members), return_exceptions=True)
    winner = members[outcomes.index(None)]
    assert sum(isinstance(outcome, Changed) for outcome in outcomes) == 1
    async with stores.cases() as cases:
        kept = await cases.reports.get(before.id)
        assert kept == replace(before, state=State.IN_REVIEW, claimed_by=winner)
        assert [event.member for event in await cases.events.of(before.id)] == [None, winner]


async def test_sixty_four_who_send_at_once_are_all_kept_whole(stores: Stores) -> None:
    reports = [a_report() for _ in range(64)]
    await asyncio.gather(*(keep(stores, report) for report in reports))
    assert all([await is_whole(stores, report) for report in reports])
    async with stores.shreds() as shreds:
        assert [await shreds.get(report.id) for report in reports] == [b"key"] * 64


async def test_two_processes_that_read_and_then_write_never_lock_each_other_out(
    database: Database,
) -> None:
    """As the bot and the command line do: each has its own turns and connections."""

    async def read_then_write(stores: Stores, report: Report) -> None:
        async with stores.cases() as cases:
            assert await cases.reports.get(report.id) is None
            await cases.reports.add(report)
            await cases.events.add(an_event(report))
            await cases.commit()

    reports = [a_report() for _ in range(40)]
    async with database.opened() as bot, database.opened() as command_line:
        await asyncio.gather(
            *(read_then_write(bot, report) for report in reports[:20]),
            *(read_then_write(command_line, report) for report in reports[20:]),
        )
        assert all([await is_whole(command_line, report) for report in reports])


async def test_a_commit_of_nothing_is_harmless(stores: Stores) -> None:
    async with stores.cases() as cases, stores.addresses() as addresses:
        await cases.commit()
        await addresses.commit()
        await cases.commit()


async def test_a_cancelled_writer_leaves_nothing_and_holds_up_nobody(stores: Stores) -> None:
    abandoned, next_one = a_report(), a_report()
    has_written = asyncio.Event()

    async def never_end() -> None:
        async with stores.cases() as cases:
            await cases.reports.add(abandoned)
            has_written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(never_end())
    await has_written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(keep(stores, next_one), 5)
    assert not await is_whole(stores, abandoned)
    assert await is_whole(stores, next_one)


async def test_writers_cancelled_at_any_moment_leave_whole_reports_or_none(
    stores: Stores,
) -> None:
    reports = [a_report() for _ in range(60)]
    for patience, report in enumerate(reports):
        task = asyncio.create_task(keep(stores, report))
        for _ in range(patience):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
    await asyncio.wait_for(keep(stores, a_report()), 5)
    for report in reports:
        await is_whole(stores, report)


async def test_a_cancelled_writer_leaves_no_connection_behind(database: Database) -> None:
    for patience in range(40):
        async with database.opened() as stores:
            task = asyncio.create_task(keep(stores, a_report()))
            await asyncio.wait({task}, timeout=patience / 2000)
            task.cancel()
            await asyncio.wait({task})
            assert checked_out(stores) == 0
        del task
    gc.collect()  # a connection nobody closed warns now, and fails this test


def checked_out(stores: SqlStores) -> int:
    pools = [stores.cases_engine.engine.pool, stores.shreds_engine.engine.pool]
    assert all(isinstance(pool, QueuePool) for pool in pools)
    return sum(pool.checkedout() for pool in pools if isinstance(pool, QueuePool))


async def test_a_store_is_not_opened_inside_itself(stores: Stores) -> None:
    """On SQLite it would wait for itself for ever."""
    async with stores.cases():
        with pytest.raises(OpenedInsideItself):
            await keep(stores, a_report())
