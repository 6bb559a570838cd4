"""How updates come, and come again."""

import asyncio

import pytest
from telegram import (
    Bot,
    Update,
)
from telegram.error import (
    Conflict,
)

from tests.integration.botapi.calling import TOKEN, key, keyboard, words
from tests.sandbox_client import Phone, SandboxClient


async def test_the_bot_learns_who_it_is(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (1, True, "sandbox_bot")


async def test_updates_come_again_until_a_higher_offset_confirms_them(
    bot: Bot, amina: Phone
) -> None:
    first = (await amina.send("one"))["update_id"]
    second = (await amina.send("two"))["update_id"]
    assert second == first + 1
    assert [u.update_id for u in await bot.get_updates()] == [first, second]
    assert [u.update_id for u in await bot.get_updates(offset=first)] == [first, second]
    assert [u.update_id for u in await bot.get_updates(offset=second)] == [second]
    assert [u.update_id for u in await bot.get_updates(offset=second - 5)] == [second]
    assert await bot.get_updates(offset=second + 1) == ()


async def test_a_negative_offset_keeps_only_the_newest(bot: Bot, amina: Phone) -> None:
    for text in ("one", "two", "three"):
        await amina.send(text)
    kept = await bot.get_updates(offset=-2)
    assert [u.message.text for u in kept if u.message] == ["two", "three"]
    assert len(await bot.get_updates(offset=kept[0].update_id)) == 2


async def test_a_limit_hands_out_the_oldest_first(bot: Bot, amina: Phone) -> None:
    for text in ("one", "two", "three"):
        await amina.send(text)
    handed = await bot.get_updates(limit=2)
    assert [u.message.text for u in handed if u.message] == ["one", "two"]


async def test_a_long_poll_is_answered_as_soon_as_something_arrives(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    offset = (await amina.send("before"))["update_id"] + 1
    poll = asyncio.create_task(bot.get_updates(offset=offset, timeout=30))
    await sandbox.wait_for_requests("getUpdates", 2)
    await amina.send("hello")
    (update,) = await asyncio.wait_for(poll, 5)
    assert update.message is not None
    assert update.message.text == "hello"


async def test_a_second_poll_ends_the_first_with_a_conflict(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    offset = (await amina.send("before"))["update_id"] + 1
    first = asyncio.create_task(bot.get_updates(offset=offset, timeout=30))
    await sandbox.wait_for_requests("getUpdates", 2)
    async with Bot(TOKEN, base_url=f"{sandbox.url}/bot") as another:
        second = asyncio.create_task(another.get_updates(offset=offset, timeout=30))
        with pytest.raises(Conflict, match=words("terminated by other getUpdates request")):
            await asyncio.wait_for(first, 5)
        await amina.send("hello")
        assert len(await asyncio.wait_for(second, 5)) == 1


async def test_a_poll_with_nothing_to_say_ends_empty(bot: Bot, amina: Phone) -> None:
    offset = (await amina.send("before"))["update_id"] + 1
    assert await bot.get_updates(offset=offset, timeout=1) == ()


async def test_unwanted_kinds_of_update_never_come(bot: Bot, amina: Phone) -> None:
    await bot.get_updates(allowed_updates=[Update.CALLBACK_QUERY])
    assert (await amina.send("unheard"))["update_id"] is None
    await bot.send_message(amina.id, "?", reply_markup=keyboard([key("Yes", "y")]))
    await amina.tap("Yes")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "y"


async def test_asking_again_at_once_with_the_same_offset_hands_out_one_at_a_time(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    first = (await amina.send("one"))["update_id"]
    await amina.send("two")
    await sandbox.advance(1)
    assert len(await bot.get_updates(offset=first)) == 2
    assert len(await bot.get_updates(offset=first)) == 1
    await sandbox.advance(1)
    assert len(await bot.get_updates(offset=first)) == 2


async def test_updates_older_than_a_day_are_gone(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    await amina.send("stale")
    await sandbox.advance(24 * 60 * 60 + 1)
    await amina.send("fresh")
    texts = [u.message.text for u in await bot.get_updates() if u.message]
    assert texts == ["fresh"]
