"""Ways to a chat in which something stands that was not noted as it should have been, and ways to
lose what was noted.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from telegram.error import NetworkError

from bot.telegram import keeping
from bot.telegram.keeping import Keeping
from domain.chats import traces
from domain.chats.memory import kept_until
from domain.chats.traces import MOST_DOUBTS, RESTORED
from domain.ports.addresses import ChatRow
from storage.errors import StoreUnavailable
from tests.chat_world import World
from tests.integration.test_delivery import Post, a_post
from tests.promises.test_06_clear_leaves_nothing import WORDS, rings
from tests.sandbox_client import Phone

FEW = 3
"""Ids that are looked through before and after one; `busy` makes more than that."""


async def busy(world: World) -> None:
    """Chats of staff, whose messages are not noted, have more of them than are looked through."""
    staff = await world.sandbox.phone("Staff")
    await staff.send("/start")
    world.offset = (await world.waiting())[-1].update_id + 1
    for _ in range(4 * FEW):
        sent = await world.line.bot.send_message(staff.id, "a report")
    world.front.citizens.keeping.heard(sent.message_id)  # an update of theirs tells it


async def lonely(world: World) -> Phone:
    """In an empty chat, far from any other message."""
    phone = await world.citizen()
    await phone.delete((await phone.last())["message_id"])
    await busy(world)
    return phone


async def crashed_unnoted(world: World, phone: Phone, text: str) -> None:
    """The card is sent, and the process dies before anything of it is noted."""

    async def dies(*_: object) -> None:
        raise SystemError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Keeping, "keep", dies)
        with pytest.raises(SystemError):
            await world.says(phone, text)
    await world.restart()
    await world.answer()


def database_away(patch: pytest.MonkeyPatch, world: World) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable

    patch.setattr(type(world.house.stores), "addresses", away)


async def a_crash(world: World) -> Phone:
    phone = await lonely(world)
    await crashed_unnoted(world, phone, "/help")
    assert len(await phone.texts()) == 2, "the lost card and the one of now"
    return phone


async def a_crash_while_others_were_busy(world: World) -> Phone:
    """Telegram numbers a bot's messages over all its chats: ours come to lie far apart."""
    phone, another = await lonely(world), await world.citizen("Baraka")
    for _ in range(4 * FEW):
        await world.says(another, "/help")
    await crashed_unnoted(world, phone, "/help")
    for _ in range(4 * FEW):
        await world.says(another, "/help")
    return phone


async def an_answer_lost(world: World) -> Phone:
    phone = await _lost_answer_to(world, "/help")
    assert len(await phone.texts()) == 2
    return phone


async def a_link_whose_refusal_got_lost(world: World) -> Phone:
    return await _lost_answer_to(world, "/start m-broken")


async def _lost_answer_to(world: World, text: str) -> Phone:
    phone = await lonely(world)
    await world.sandbox.fail("sendMessage", drop_after=True)
    with pytest.raises(NetworkError):
        await world.says(phone, text)
    await world.answer()
    return phone


async def words_while_the_database_was_away(world: World) -> Phone:
    """Longer than an update is tried again, which takes a quarter of an hour."""
    phone = await lonely(world)
    await phone.send(WORDS)
    with pytest.MonkeyPatch.context() as patch:
        database_away(patch, world)
        with pytest.raises(StoreUnavailable):
            await world.answer()
        with pytest.raises(StoreUnavailable):
            await world.front.apologise(phone.id)
    world.offset = (await world.waiting())[-1].update_id + 1
    return phone


async def a_notice(world: World) -> tuple[Phone, Post]:
    phone = await lonely(world)
    post = a_post(world)
    await post.puts_in(phone)
    return phone, post


async def a_notice_before_a_restart(world: World) -> Phone:
    phone, post = await a_notice(world)
    assert await post.delivery.run_once() == 1
    await world.restart()
    return phone


async def a_notice_whose_answer_got_lost(world: World) -> Phone:
    phone, post = await a_notice(world)
    await world.sandbox.fail("sendMessage", drop_after=True)
    await post.delivery.run_once()
    return phone


async def a_notice_while_the_database_was_away(world: World) -> Phone:
    phone, post = await a_notice(world)
    _cut_off(world, post)
    await post.delivery.run_once()
    return phone


async def a_lost_answer_while_the_database_was_away(world: World) -> Phone:
    """The network of the server goes, and both with it."""
    phone, post = await a_notice(world)
    _cut_off(world, post)
    await world.sandbox.fail("sendMessage", drop_after=True)
    await post.delivery.run_once()
    return phone


def _cut_off(world: World, post: Post) -> None:
    """The database is away whenever what was sent is told."""
    carrier: Any = post.delivery.carrier

    def while_away(tell: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def told(*of: int) -> None:
            with pytest.MonkeyPatch.context() as patch:
                database_away(patch, world)
                await tell(*of)

        return told

    post.delivery.carrier = replace(
        carrier, note=while_away(carrier.note), doubt=while_away(carrier.doubt)
    )


async def more_than_is_held(world: World) -> Phone:
    """Of one chat, in thirty minutes; and then it is silent for as long."""
    phone = await lonely(world)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "MOST_HELD", FEW)
        for _ in range(8 * FEW):
            await phone.sticker()
            await world.answer()
        await rings(world, minutes=31)
    return phone


async def too_many_noted(world: World, phone: Phone) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(traces, "MOST", FEW)
        for _ in range(2 * FEW):
            await phone.sticker()
            await world.answer()


async def too_many_doubts(world: World, phone: Phone) -> None:
    kept = world.front.citizens.keeping
    for _ in range(MOST_DOUBTS + 1):
        kept.heard(kept.traces.newest + 100)
        await kept.doubt(phone.id)


async def a_forged_row(world: World, _: Phone) -> None:
    async with world.house.stores.addresses() as addresses:
        for row in await addresses.traces.all():
            await addresses.traces.put(replace(row, sealed=b"forged"))
        await addresses.commit()
    await world.restart()


async def a_restored_store(world: World, _: Phone) -> None:
    """As `sauti restore` leaves it; see tests of `load_addresses`."""
    expires = kept_until(world.clock.now())
    async with world.house.stores.addresses() as addresses:
        await addresses.traces.remove_expired(expires)
        await addresses.traces.put(ChatRow(tag=RESTORED, sealed=b"", expires=expires))
        await addresses.commit()
    await world.restart()
