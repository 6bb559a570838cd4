"""Ids of messages for `/clear`, wherever they are kept: found by several tags."""

from datetime import timedelta

from domain.ports.stores import Stores
from tests.contracts.samples import MIDNIGHT, a_chat


async def test_traces_are_kept_replaced_and_found_by_several_tags(stores: Stores) -> None:
    first, second, third = a_chat(), a_chat(), a_chat(sealed=b"\x00\xff")
    again = a_chat(tag=first.tag, sealed=b"\x01again")
    async with stores.addresses() as addresses:
        for row in (first, second, third, again):
            await addresses.traces.put(row)
        await addresses.commit()
    async with stores.addresses() as addresses:
        found = await addresses.traces.several([first.tag, b"nowhere", third.tag])
        assert {row.tag: row for row in found} == {first.tag: again, third.tag: third}
        assert await addresses.traces.several([b"nowhere"]) == []
        assert {row.tag for row in await addresses.traces.all()} == {
            *(first.tag, second.tag, third.tag)
        }
        assert await addresses.chats.all() == []


async def test_traces_whose_time_is_over_go(stores: Stores) -> None:
    over, left = a_chat(), a_chat(expires=MIDNIGHT + timedelta(days=1))
    async with stores.addresses() as addresses:
        for row in (over, left):
            await addresses.traces.put(row)
        assert await addresses.traces.remove_expired(MIDNIGHT) == 1
        assert list(await addresses.traces.all()) == [left]


async def test_chats_and_subscriptions_are_counted(stores: Stores) -> None:
    async with stores.addresses() as addresses:
        for _ in range(3):
            await addresses.chats.put(a_chat())
        await addresses.subscriptions.put(a_chat())
        assert await addresses.chats.count() == 3
        assert await addresses.subscriptions.count() == 1
