"""One phone that sends far more than anybody reads stops nobody else, at Telegram's real pace."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.telegram.intake import Hooks
from storage.errors import StoreUnavailable
from tests.chat_world import World, a_world
from tests.e2e.story import shows
from tests.sandbox_client import Phone

A_FEW_SECONDS = 5.0
A_HANDFUL = 8


@asynccontextmanager
async def a_running_bot(folder: Path) -> AsyncIterator[World]:
    """Updates are taken as in earnest, with Telegram's limits on from here."""
    async with a_world(folder) as world:
        await world.sandbox.limits(on=True)
        intake = world.line.answered_by(
            world.front, hooks=Hooks(), log=world.log, outages=(StoreUnavailable,)
        )
        async with world.line.application as application:
            await application.start()
            running = asyncio.create_task(intake.run())
            try:
                yield world
            finally:
                intake.stop()
                await running
                await application.stop()


async def a_citizen(world: World, name: str) -> Phone:
    phone = await world.sandbox.phone(name)
    await phone.send("/language")
    await phone.press("English")
    return phone


async def calls_for(world: World, phone: Phone) -> int:
    return sum(call["chat_id"] == phone.id for call in await world.sandbox.requests())


@pytest.mark.parametrize("what", ["stickers", "words", "/clear", "/start m-x"])
async def test_four_hundred_messages_of_one_phone_hold_up_nobody(tmp_path: Path, what: str) -> None:
    async with a_running_bot(tmp_path) as world:
        flooder = await a_citizen(world, "Flooder")
        before = await calls_for(world, flooder)
        for _ in range(400):
            await (flooder.sticker() if what == "stickers" else flooder.send(what))
        another = await world.sandbox.phone("Amina")
        await another.send("/start")
        await another.wait_for(lambda seen: bool(seen.bot_texts()), A_FEW_SECONDS)
        assert await calls_for(world, flooder) - before < 60


async def test_thirty_messages_at_once_are_taken_whole_with_a_handful_of_calls(
    tmp_path: Path,
) -> None:
    async with a_running_bot(tmp_path) as world:
        phone = await a_citizen(world, "Amina")
        before = await calls_for(world, phone)
        for number in range(30):
            await phone.send(f"{number} goats were taken")
        await shows(phone, "30 messages")
        await phone.wait_for(lambda seen: len(seen.messages) == 1)
        assert await calls_for(world, phone) - before <= A_HANDFUL
