"""Events, pending leaves and handled updates, wherever they are kept."""

import asyncio
from datetime import timedelta

import pytest

from domain.ledger.leaf import LeafHash
from domain.ports.stores import Changed, Stores
from domain.reports.event import EventKind
from domain.reports.state import Author, State
from domain.staff.member import MemberId
from tests.contracts.samples import MONDAY, a_report, an_event

LEAF = LeafHash(b"\x00\xff" * 16)
BIG_UPDATE_ID = 2**40


async def test_events_come_back_by_number_and_as_they_were(stores: Stores) -> None:
    report, other = a_report(), a_report()
    events = [
        an_event(report),
        an_event(
            report,
            1,
            kind=EventKind.MOVED,
            author=Author.MODERATOR,
            member=MemberId(b"a" * 16),
            state=State.BLOCKED,
            detail="fuel",
            signature=b"\x00" * 64,
        ),
        *(an_event(report, number) for number in range(2, 12)),
    ]
    async with stores.cases() as cases:
        for event in [*reversed(events), an_event(other)]:
            await cases.events.add(event)
        await cases.commit()
    async with stores.cases() as cases:
        assert list(await cases.events.of(report.id)) == events
        assert list(await cases.events.of(a_report().id)) == []


async def test_a_number_is_given_once_and_the_first_event_stays(stores: Stores) -> None:
    report = a_report()
    async with stores.cases() as cases:
        await cases.events.add(an_event(report))
        with pytest.raises(Changed):
            await cases.events.add(an_event(report, state=State.BLOCKED))
        await cases.events.add(an_event(report, 1))
        await cases.commit()
    async with stores.cases() as cases:
        assert list(await cases.events.of(report.id)) == [an_event(report), an_event(report, 1)]


async def test_of_many_who_write_the_next_event_one_does(stores: Stores) -> None:
    report = a_report()

    async def write() -> None:
        async with stores.cases() as cases:
            await cases.events.add(an_event(report))
            await cases.commit()

    outcomes = await asyncio.gather(*(write() for _ in range(8)), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Changed) for outcome in outcomes) == 7


async def test_events_and_leaves_that_are_not_committed_are_gone(stores: Stores) -> None:
    report = a_report()
    async with stores.cases() as cases:
        await cases.events.add(an_event(report))
        await cases.leaves.add(LEAF)
        await cases.handled.add(7)
    async with stores.cases() as cases:
        assert list(await cases.events.of(report.id)) == []
        assert not await cases.leaves.has(LEAF)
        assert await cases.handled.add(7)


async def test_a_leaf_is_there_once_it_is_kept_and_twice_is_harmless(stores: Stores) -> None:
    async with stores.cases() as cases:
        assert not await cases.leaves.has(LEAF)
        await cases.leaves.add(LEAF)
        await cases.leaves.add(LEAF)
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.leaves.has(LEAF)
        assert not await cases.leaves.has(LeafHash(b"\x01" * 32))


async def test_an_update_is_handled_once(stores: Stores) -> None:
    async with stores.cases() as cases:
        assert await cases.handled.add(BIG_UPDATE_ID)
        assert not await cases.handled.add(BIG_UPDATE_ID)
        await cases.commit()
    async with stores.cases() as cases:
        assert not await cases.handled.add(BIG_UPDATE_ID)
        assert await cases.handled.add(BIG_UPDATE_ID - 1)


async def test_an_update_that_comes_twice_at_once_is_handled_once(stores: Stores) -> None:
    async def handle() -> bool:
        async with stores.cases() as cases:
            new = await cases.handled.add(1)
            await cases.commit()
            return new

    assert sorted(await asyncio.gather(*(handle() for _ in range(8)))) == [False] * 7 + [True]


async def test_a_handled_update_is_dropped_days_after_a_sweep_first_met_it(stores: Stores) -> None:
    async with stores.cases() as cases:
        await cases.handled.add(1)
        assert await cases.handled.sweep(MONDAY, drop_before=MONDAY) == 0
        await cases.handled.add(2)
        tuesday = MONDAY + timedelta(days=1)
        assert await cases.handled.sweep(tuesday, drop_before=MONDAY) == 0
        assert await cases.handled.sweep(tuesday, drop_before=tuesday) == 1
        assert await cases.handled.add(1)
        assert not await cases.handled.add(2)
