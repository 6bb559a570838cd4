"""The outbox, wherever it is kept: in once, out once, nothing forgotten meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.ports.stores import Changed, Stores
from domain.reports.entry import EntryKind
from domain.reports.state import Author
from tests.contracts.samples import MIDNIGHT, a_report, an_entry, an_outgoing

LATER = MIDNIGHT + timedelta(minutes=2)


async def test_a_message_is_put_in_once_however_often_it_is_written(stores: Stores) -> None:
    row = an_outgoing()
    async with stores.addresses() as addresses:
        assert await addresses.outgoing.add(row)
        assert not await addresses.outgoing.add(row)
        await addresses.commit()
    async with stores.addresses() as addresses:
        assert await addresses.outgoing.count() == {"waiting": 1, "done": 0, "aside": 0}


async def test_what_is_overdue_is_counted_with_the_oldest(stores: Stores) -> None:
    hours = [3, 1, -1]
    rows = [an_outgoing(due=MIDNIGHT - timedelta(hours=hour)) for hour in hours]
    async with stores.addresses() as addresses:
        assert await addresses.outgoing.overdue(MIDNIGHT) == (0, None)
        for row in rows:
            await addresses.outgoing.add(row)
        assert await addresses.outgoing.overdue(MIDNIGHT) == (2, rows[0].due)
        await addresses.outgoing.done(rows[0].key)
        assert await addresses.outgoing.overdue(MIDNIGHT) == (1, rows[1].due)


async def test_what_is_claimed_is_nobody_elses_until_its_time_is_over(stores: Stores) -> None:
    row = an_outgoing()
    async with stores.addresses() as addresses:
        outgoing = addresses.outgoing
        await outgoing.add(row)
        (claimed,) = await outgoing.claim(MIDNIGHT, until=LATER, limit=9, urgent_only=False)
        assert (claimed.key, claimed.sealed, claimed.tries) == (row.key, row.sealed, 1)
        assert not await outgoing.claim(MIDNIGHT, until=LATER, limit=9, urgent_only=False)
        (again,) = await outgoing.claim(LATER, until=LATER, limit=9, urgent_only=False)
        assert again.tries == 2


async def test_the_oldest_are_claimed_first_and_none_before_it_is_due(stores: Stores) -> None:
    hours = [3, 1, -1, 2]
    rows = [an_outgoing(due=MIDNIGHT - timedelta(hours=hour)) for hour in hours]
    async with stores.addresses() as addresses:
        for row in rows:
            await addresses.outgoing.add(row)
        claimed = await addresses.outgoing.claim(MIDNIGHT, until=LATER, limit=2, urgent_only=False)
    assert [each.key for each in claimed] == [rows[0].key, rows[3].key]


async def test_at_night_only_the_urgent_are_claimed(stores: Stores) -> None:
    calm, urgent = an_outgoing(), an_outgoing(urgent=True)
    async with stores.addresses() as addresses:
        for row in (calm, urgent):
            await addresses.outgoing.add(row)
        (claimed,) = await addresses.outgoing.claim(
            MIDNIGHT, until=LATER, limit=9, urgent_only=True
        )
    assert claimed.key == urgent.key


async def test_what_is_delivered_leaves_its_key_and_no_word(stores: Stores) -> None:
    row = an_outgoing()
    async with stores.addresses() as addresses:
        outgoing = addresses.outgoing
        await outgoing.add(row)
        await outgoing.done(row.key)
        assert not await outgoing.add(row)
        assert not await outgoing.claim(LATER, until=LATER, limit=9, urgent_only=False)
        assert await outgoing.count() == {"waiting": 0, "done": 1, "aside": 0}
        assert await outgoing.remove_done(MIDNIGHT) == 0
        assert await outgoing.remove_done(LATER) == 1
        assert await outgoing.add(row)


async def test_what_is_put_off_waits_until_then(stores: Stores) -> None:
    row = an_outgoing()
    async with stores.addresses() as addresses:
        outgoing = addresses.outgoing
        await outgoing.add(row)
        await outgoing.claim(MIDNIGHT, until=LATER, limit=9, urgent_only=False)
        await outgoing.put_off(row.key, MIDNIGHT + timedelta(seconds=30))
        assert not await outgoing.claim(MIDNIGHT, until=LATER, limit=9, urgent_only=False)
        assert await outgoing.claim(LATER, until=LATER, limit=9, urgent_only=False)


async def test_what_is_put_off_without_blame_is_no_try(stores: Stores) -> None:
    row = an_outgoing()
    async with stores.addresses() as addresses:
        outgoing = addresses.outgoing
        await outgoing.add(row)
        for blameless, tries in ((False, 1), (True, 2), (True, 2), (False, 2), (False, 3)):
            (claimed,) = await outgoing.claim(MIDNIGHT, until=LATER, limit=9, urgent_only=False)
            assert claimed.tries == tries
            await outgoing.put_off(row.key, MIDNIGHT, blameless=blameless)


async def test_poison_is_kept_apart_and_tried_no_more(stores: Stores) -> None:
    row = an_outgoing()
    async with stores.addresses() as addresses:
        await addresses.outgoing.add(row)
        await addresses.outgoing.set_aside(row.key)
        assert not await addresses.outgoing.claim(LATER, until=LATER, limit=9, urgent_only=False)
        assert await addresses.outgoing.count() == {"waiting": 0, "done": 0, "aside": 1}


async def test_what_is_not_delivered_is_listed_by_kind_and_removed_by_its_key(
    stores: Stores,
) -> None:
    waits, aside, done, other = (an_outgoing(sealed=bytes([each])) for each in range(1, 5))
    other = replace(other, key=replace(other.key, kind="follow_up"))
    async with stores.addresses() as addresses:
        outgoing = addresses.outgoing
        for row in (waits, aside, done, other):
            await outgoing.add(row)
        await outgoing.set_aside(aside.key)
        await outgoing.done(done.key)
        there = await outgoing.unsent("notice")
        assert {row.key: row.sealed for row in there} == {waits.key: b"\x01", aside.key: b"\x02"}
        assert await outgoing.remove([waits.key, an_outgoing().key]) == 1
        assert [row.key for row in await outgoing.unsent("notice")] == [aside.key]


async def test_all_of_a_subject_goes_delivered_or_not(stores: Stores) -> None:
    first, stays = an_outgoing(), an_outgoing()
    again = replace(first, key=replace(first.key, anchor="2026-11-04"))
    async with stores.addresses() as addresses:
        outgoing = addresses.outgoing
        for row in (first, again, stays):
            await outgoing.add(row)
        await outgoing.done(again.key)
        assert await outgoing.remove_of([first.key.subject, bytes(32)]) == 2
        assert await outgoing.count() == {"waiting": 1, "done": 0, "aside": 0}


async def test_a_dialogue_comes_back_by_number_and_as_it_was(stores: Stores) -> None:
    report, other = a_report(), a_report()
    entries = [
        an_entry(report),
        an_entry(report, 1, kind=EntryKind.ANSWER, author=Author.CITIZEN, sealed=b"\x00\xff"),
        an_entry(report, 2, kind=EntryKind.SUMMARY, subject="K7M2QX"),
    ]
    async with stores.cases() as cases:
        for entry in [*reversed(entries), an_entry(other)]:
            await cases.entries.add(entry)
        with pytest.raises(Changed):
            await cases.entries.add(an_entry(report, 1))
        await cases.commit()
    async with stores.cases() as cases:
        assert list(await cases.entries.of(report.id)) == entries
