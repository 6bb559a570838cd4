"""Leaves and tombstones, wherever they are kept: into a day's batch whole, once, in no order."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.calendar import NAIROBI
from domain.ledger.batch import LEAST, batch_leaves
from domain.ledger.leaf import LeafHash
from domain.offices.office import OfficeKey
from domain.ports.stores import Stores
from domain.referrals.referral import Referral, ReferralNumber
from domain.reports.state import State
from domain.reports.tombstone import Ending, Tombstone
from storage.stores import SqlStores
from tests.contracts.samples import MONDAY, a_copy, a_member, a_report, an_entry, an_event
from tests.databases import Database
from tests.fakes.world import FakeEntropy

MOMENT = datetime(2026, 11, 3, 4, 30, tzinfo=NAIROBI)
TODAY = MOMENT.date()


async def add(stores: Stores, number: int, seed: str = "leaves") -> list[LeafHash]:
    """Each in a transaction of its own, in an order that has nothing to do with the hashes."""
    dice = Random(seed)
    leaves = [LeafHash(dice.randbytes(32)) for _ in range(number)]
    for leaf in leaves:
        async with stores.cases() as cases:
            await cases.leaves.add(leaf)
            await cases.commit()
    return leaves


async def batch(stores: Stores, days: int = 0) -> int:
    moment = MOMENT + timedelta(days=days)
    return await batch_leaves(moment, stores=stores, entropy=FakeEntropy())


async def batch_of(stores: Stores, day: date) -> Sequence[LeafHash]:
    async with stores.cases() as cases:
        return await cases.leaves.batch(day)


async def test_all_pending_leaves_move_among_dummies_and_are_found_still(stores: Stores) -> None:
    leaves = await add(stores, 5)
    assert await batch(stores) == LEAST
    kept = await batch_of(stores, TODAY)
    assert list(kept) == sorted(kept)
    assert (len(kept), set(leaves) - set(kept)) == (LEAST, set())
    async with stores.cases() as cases:
        assert all([await cases.leaves.has(leaf) for leaf in leaves])
        assert not await cases.leaves.has(LeafHash(bytes(32)))
        assert await cases.leaves.take_pending(TODAY + timedelta(days=1)) == []


async def test_a_day_has_one_batch_and_what_comes_later_waits_for_the_next(stores: Stores) -> None:
    await add(stores, 3)
    await batch(stores)
    first = await batch_of(stores, TODAY)
    late = await add(stores, 17, seed="later")
    assert await batch(stores) == 0
    assert await batch_of(stores, TODAY) == first
    async with stores.cases() as cases:
        assert await cases.leaves.has(late[0])
    assert await batch(stores, days=1) == 32
    assert set(late) <= set(await batch_of(stores, TODAY + timedelta(days=1)))


async def test_a_batch_of_a_day_to_come_holds_up_no_other(stores: Stores) -> None:
    """Somebody rang by hand, or the machine's clock was wrong."""
    await batch(stores, days=900)
    leaves = await add(stores, 3)
    assert await batch(stores) == LEAST
    assert set(leaves) <= set(await batch_of(stores, TODAY))


async def test_a_day_without_a_leaf_has_a_batch_like_any_other(stores: Stores) -> None:
    assert await batch(stores) == LEAST
    assert len(await batch_of(stores, TODAY)) == LEAST


async def test_of_two_who_make_the_batch_at_once_one_does(stores: Stores) -> None:
    leaves = await add(stores, 4)
    sizes = await asyncio.gather(*(batch(stores) for _ in range(6)))
    assert sorted(sizes) == [0] * 5 + [LEAST]
    kept = await batch_of(stores, TODAY)
    assert (len(kept), set(leaves) <= set(kept)) == (LEAST, True)


async def test_a_crash_while_it_is_made_leaves_every_leaf_where_it_was(stores: Stores) -> None:
    leaves = await add(stores, 4)
    with suppress(KeyboardInterrupt):
        async with stores.cases() as cases:
            taken = await cases.leaves.take_pending(TODAY)
            assert taken is not None
            await cases.leaves.add_batch(TODAY, sorted(taken))
            raise KeyboardInterrupt
    assert not await batch_of(stores, TODAY)
    assert await batch(stores) == LEAST
    assert set(leaves) <= set(await batch_of(stores, TODAY))


def on_a_server(engine: AsyncEngine) -> bool:
    return engine.dialect.name == "postgresql"


async def as_stored(stores: SqlStores, table: str) -> list[LeafHash]:
    """In the order in which the rows came, as far as the database tells it."""
    engine = stores.cases_engine.engine
    async with engine.connect() as connection:
        order = "xmin::text::bigint, cmin::text::bigint, ctid"
        place = f"cases.{table} ORDER BY {order}" if on_a_server(engine) else table
        query = f"SELECT hash FROM {place}"  # noqa: S608 - names from below
        rows = await connection.execute(text(query))
        return [LeafHash(bytes(each)) for each in rows.scalars()]


async def test_a_batch_does_not_tell_in_which_order_its_leaves_came(database: Database) -> None:
    """PostgreSQL tells it of pending leaves, and then no more; SQLite never does."""
    async with database.opened() as stores:
        leaves = await add(stores, 40)
        assert (await as_stored(stores, "pending_leaf") == leaves) is (database.url is not None)
        await batch(stores)
        kept = await as_stored(stores, "batched_leaf")
    assert kept == sorted(kept)
    assert [leaf for leaf in kept if leaf in leaves] == sorted(leaves)


async def test_a_tombstone_is_found_by_its_leaf_and_the_first_stays(stores: Stores) -> None:
    leaf = LeafHash(b"\x00\xff" * 16)
    first = Tombstone(leaf=leaf, ending=Ending.EXPIRED, month=date(2026, 11, 1))
    async with stores.cases() as cases:
        assert await cases.tombstones.of(leaf) is None
        await cases.tombstones.add(first)
        await cases.tombstones.add(replace(first, month=date(2026, 12, 1)))
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.tombstones.of(leaf) == first
        assert await cases.tombstones.of(LeafHash(bytes(32))) is None


async def test_a_removed_report_takes_all_that_belongs_to_it_along(stores: Stores) -> None:
    gone, other = a_report(), a_report()
    passed_on = {
        report.id: Referral(
            number=ReferralNumber(report.ref),
            report=report.id,
            office=OfficeKey("ntsa"),
            place=report.county,
            sent=MONDAY,
            since=MONDAY,
        )
        for report in (gone, other)
    }
    async with stores.cases() as cases:
        for report in (gone, other):
            await cases.reports.add(report)
            await cases.events.add(an_event(report))
            await cases.entries.add(an_entry(report))
            await cases.referrals.add(passed_on[report.id])
        await cases.reports.remove(gone.id)
        await cases.reports.remove(gone.id)
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.reports.get(gone.id) is None
        assert not [*await cases.events.of(gone.id), *await cases.entries.of(gone.id)]
        assert list(await cases.referrals.of(gone.id)) == []
        assert list(await cases.referrals.of(other.id)) == [passed_on[other.id]]
        assert await cases.reports.get(other.id) == other
        assert [*await cases.events.of(other.id), *await cases.entries.of(other.id)]


@pytest.mark.parametrize("how_many", [1, 60])
async def test_destroyed_keys_are_in_no_table_file_once_the_shreds_are_scrubbed(
    database: Database, how_many: int
) -> None:
    """PostgreSQL's log of changes is another matter: docs/attacks.md."""
    dice = Random(how_many)
    gone = {a_report().id: dice.randbytes(32) for _ in range(how_many)}
    kept = {a_report().id: dice.randbytes(32) for _ in range(50)}
    async with database.opened() as stores:
        async with stores.shreds() as shreds:
            for report, key in (gone | kept).items():
                await shreds.keep(report, key)
            await shreds.commit()
        before = await files(stores, database)
        assert all(key in before for key in (gone | kept).values())
        async with stores.shreds() as shreds:
            for report in gone:
                await shreds.destroy(report)
            await shreds.commit()
        await stores.scrub()
        after = await files(stores, database)
        async with stores.shreds() as shreds:
            assert {report: await shreds.get(report) for report in kept} == kept
    assert all(key in after for key in kept.values())
    assert not [key for key in gone.values() if key in after]


async def test_what_closed_a_members_keys_before_is_in_no_table_file_once_scrubbed(
    database: Database,
) -> None:
    dice = Random(7)
    gone, stays = (a_member(wrapped_seed=dice.randbytes(90)) for _ in range(2))
    copy, after = a_copy(gone, sealed=dice.randbytes(90)), dice.randbytes(90)
    async with database.opened() as stores:
        async with stores.cases() as cases:
            await cases.staff.add_member(gone)
            await cases.staff.add_member(stays)
            await cases.staff.add_copy(copy)
            await cases.commit()
        old = (gone.wrapped_seed, stays.wrapped_seed, copy.sealed)
        before = await files(stores, database)
        assert all(each in before for each in old)
        async with stores.cases() as cases:
            await cases.staff.revoke(gone.id)
            await cases.staff.rewrap(stays.id, stays.wrapped_seed, after)
            await cases.commit()
        await stores.scrub()
        left = await files(stores, database)
    assert after in left
    assert not [each for each in old if each in left]


async def files(stores: SqlStores, database: Database) -> bytes:
    """Every byte of the tables' files, as a thief of the disk has them."""
    if database.url is None:
        return b"".join(path.read_bytes() for path in sorted(database.folder.glob("*.db*")))
    async with stores.shreds_engine.engine.connect() as connection:
        await connection.execute(text("CHECKPOINT"))
        folder = (await connection.execute(text("SHOW data_directory"))).scalar_one()
    base = Path(folder) / "base"
    return b"".join(path.read_bytes() for path in sorted(base.rglob("*")) if path.is_file())


async def test_scrubbing_waits_for_nobody_and_leaves_the_store_as_it_was(stores: Stores) -> None:
    report, key = a_report().id, b"k" * 32
    async with stores.shreds() as shreds:
        await shreds.keep(report, key)
        await shreds.commit()
    for _ in range(2):
        await stores.scrub()
    async with stores.shreds() as shreds:
        assert await shreds.get(report) == key


async def test_what_ended_long_ago_is_found_and_nothing_else(stores: Stores) -> None:
    reports = [a_report(state=state) for state in State]
    young = a_report(state=State.NO_ACTION, since=MONDAY + timedelta(days=1))
    async with stores.cases() as cases:
        for report in (*reports, young):
            await cases.reports.add(report)
        found = set(await cases.reports.ended_since(MONDAY))
        assert not await cases.reports.ended_since(MONDAY - timedelta(days=1))
    assert found == {
        report.id for report in reports if report.state.is_closed or report.state is State.CONFIRMED
    }
