"""What chats follow, wherever it is kept: rows like those of chats, and never among them."""

from datetime import timedelta

from domain.ports.stores import Stores
from tests.contracts.samples import MIDNIGHT, a_chat


async def test_subscriptions_are_kept_replaced_found_and_dropped(stores: Stores) -> None:
    first, second = a_chat(), a_chat(sealed=b"\x00\xff")
    again = a_chat(tag=first.tag, sealed=b"\x01again")
    async with stores.addresses() as addresses:
        for row in (first, second, again):
            await addresses.subscriptions.put(row)
        await addresses.commit()
    async with stores.addresses() as addresses:
        assert await addresses.subscriptions.get([b"nobody", first.tag]) == again
        kept = await addresses.subscriptions.all()
        assert sorted(kept, key=lambda row: row.tag) == [again, second]
        assert await addresses.chats.get([first.tag]) is None
        await addresses.subscriptions.remove([first.tag])
        assert await addresses.subscriptions.get([first.tag]) is None
        await addresses.commit()


async def test_subscriptions_whose_time_is_over_go(stores: Stores) -> None:
    over, left = a_chat(), a_chat(expires=MIDNIGHT + timedelta(days=1))
    async with stores.addresses() as addresses:
        await addresses.chats.put(a_chat())
        for row in (over, left):
            await addresses.subscriptions.put(row)
        assert await addresses.subscriptions.remove_expired(MIDNIGHT) == 1
        assert list(await addresses.subscriptions.all()) == [left]
        assert len(await addresses.chats.all()) == 1
