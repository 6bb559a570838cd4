"""Mailboxes and tombstones, wherever they are kept; and which reports news is due of."""

from datetime import date, timedelta

from domain.desks.desk import NATIONAL
from domain.ports.stores import Stores, Wanted
from domain.reports.state import State
from tests.contracts.samples import KIAMBU, MIDNIGHT, MONDAY, a_chat, a_report, number

MONTH, NEXT = date(2027, 3, 1), date(2027, 4, 1)


async def test_a_mailbox_is_found_by_its_slot_and_replaced(stores: Stores) -> None:
    slot, other = number(32), number(32)
    async with stores.addresses() as addresses:
        assert await addresses.mailboxes.get(slot) is None
        await addresses.mailboxes.put(slot, b"\x01one", MONTH)
        await addresses.mailboxes.put(slot, b"\x01two\x00", MONTH)
        await addresses.mailboxes.put(other, b"\x01else", MONTH)
        await addresses.commit()
    async with stores.addresses() as addresses:
        assert await addresses.mailboxes.get(slot) == b"\x01two\x00"
        assert await addresses.mailboxes.remove([slot, number(32)]) == 1
        assert await addresses.mailboxes.remove([slot]) == 0
        assert await addresses.mailboxes.remove([]) == 0
        await addresses.commit()
    async with stores.addresses() as addresses:
        assert await addresses.mailboxes.get(slot) is None
        assert await addresses.mailboxes.get(other) == b"\x01else"


async def test_a_mailbox_that_took_the_place_of_the_one_read_is_not_removed(
    stores: Stores,
) -> None:
    slot = number(32)
    async with stores.addresses() as addresses:
        await addresses.mailboxes.put(slot, b"\x01again", MONTH)
        assert not await addresses.mailboxes.remove_as_read(slot, b"\x01once")
        assert await addresses.mailboxes.get(slot) == b"\x01again"
        assert await addresses.mailboxes.remove_as_read(slot, b"\x01again")
        assert not await addresses.mailboxes.remove_as_read(slot, b"\x01again")
        assert await addresses.mailboxes.get(slot) is None


async def test_a_mailbox_goes_on_its_day_unless_it_was_kept(stores: Stores) -> None:
    kept, gone, later = number(32), number(32), number(32)
    async with stores.addresses() as addresses:
        for slot, until in ((kept, MONTH), (gone, MONTH), (later, NEXT)):
            await addresses.mailboxes.put(slot, b"\x01", until)
        assert await addresses.mailboxes.keep([kept, number(32)], NEXT) == 1
        assert await addresses.mailboxes.keep([kept, later], MONTH) == 0, "never shortened"
        assert await addresses.mailboxes.keep([], NEXT) == 0
        assert await addresses.mailboxes.remove_expired(MONTH - timedelta(days=1)) == 0
        assert await addresses.mailboxes.remove_expired(MONTH) == 1
        await addresses.commit()
    async with stores.addresses() as addresses:
        there = [await addresses.mailboxes.get(slot) is not None for slot in (kept, gone, later)]
    assert there == [True, False, True]


async def test_a_forgotten_chat_is_found_by_any_of_its_tags_until_its_time_is_over(
    stores: Stores,
) -> None:
    row, later = a_chat(), a_chat(expires=MIDNIGHT + timedelta(days=1))
    async with stores.addresses() as addresses:
        await addresses.forgotten.put(row)
        await addresses.forgotten.put(later)
        assert await addresses.forgotten.get([number(32), row.tag]) == row
        assert await addresses.forgotten.get([number(32)]) is None
        assert await addresses.forgotten.remove_expired(MIDNIGHT) == 1
        assert await addresses.forgotten.get([row.tag]) is None
        await addresses.forgotten.remove([])
        await addresses.forgotten.remove([later.tag])
        assert await addresses.forgotten.get([later.tag]) is None


async def test_news_is_due_of_marked_reports_of_these_desks(stores: Stores) -> None:
    mine, quiet = a_report(notice_due=True), a_report()
    theirs = a_report(notice_due=True, desk=KIAMBU)
    async with stores.cases() as cases:
        for report in (mine, quiet, theirs):
            await cases.reports.add(report)
        await cases.commit()
    async with stores.cases() as cases:
        assert list(await cases.reports.notice_due([NATIONAL])) == [mine]
        assert list(await cases.reports.notice_due([NATIONAL, KIAMBU])) == [mine, theirs]
        assert list(await cases.reports.notice_due([])) == []


async def test_what_has_not_moved_since_a_day_is_found_by_state_and_desk(stores: Stores) -> None:
    day = MONDAY - timedelta(days=90)
    old = a_report(since=day, state=State.CLAIMED_RESOLVED)
    older = a_report(since=day - timedelta(days=1), desk=KIAMBU)
    new = a_report(since=MONDAY)
    async with stores.cases() as cases:
        for report in (old, older, new):
            await cases.reports.add(report)
        unmoved = cases.reports.unmoved
        assert list(await unmoved(day)) == [old, older]
        assert list(await unmoved(day, desks=[NATIONAL])) == [old]
        assert list(await unmoved(day, state=State.RECEIVED)) == [older]
        assert list(await unmoved(day - timedelta(days=2))) == []


async def test_what_a_citizen_said_waits_in_the_queue_whatever_the_state(stores: Stores) -> None:
    closed = a_report(state=State.CONFIRMED)
    said = a_report(state=State.CONFIRMED, unread=True)
    async with stores.cases() as cases:
        for report in (closed, said):
            await cases.reports.add(report)
        wanted = Wanted(desks=frozenset({NATIONAL}))
        assert list(await cases.reports.waiting(wanted, limit=5)) == [said]
        assert await cases.reports.count_waiting(wanted) == 1
