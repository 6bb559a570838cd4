"""Many updates of one chat at once: the handler learns what follows, and nobody waits behind."""

import asyncio
from datetime import timedelta

from telegram import Update
from telegram.error import RetryAfter

from bot.telegram.intake import Intake, Patience
from bot.telegram.intake.processor import AnyContext
from tests.integration.intake_world import (
    bot_at,
    chat_id_of,
    quick_settings,
    telegram_on_loopback,
    words_of,
)

A_MINUTE = timedelta(minutes=1)


async def test_whoever_handles_learns_what_follows_of_the_same_chat_and_of_no_other() -> None:
    known: asyncio.Future[Intake] = asyncio.get_running_loop().create_future()
    followed: dict[str, list[str]] = {}

    async with telegram_on_loopback() as telegram:

        async def handle(update: Update, _: AnyContext) -> None:
            behind = (await known).behind(chat_id_of(update))
            followed[words_of(update)] = [words_of(one) for one in behind]

        ids = [await telegram.write(1, words) for words in ("one", "two", "three")]
        ids.append(await telegram.write(2, "alone"))
        async with bot_at(telegram, handle) as (intake, _):
            await telegram.until(lambda: len(telegram.polls) >= 1)
            known.set_result(intake)
            await telegram.until(lambda: telegram.confirmed == ids)
    assert followed == {"one": ["two", "three"], "two": ["three"], "three": [], "alone": []}


async def test_while_closing_nothing_follows() -> None:
    known: asyncio.Future[Intake] = asyncio.get_running_loop().create_future()
    behind: list[int] = []

    async with telegram_on_loopback() as telegram:

        async def handle(update: Update, _: AnyContext) -> None:
            intake = await known
            behind.append(len(intake.behind(chat_id_of(update))))
            intake.stop()
            try:
                await asyncio.Event().wait()
            finally:
                behind.append(len(intake.behind(chat_id_of(update))))

        await telegram.write(1, "one")
        await telegram.write(1, "two")
        async with bot_at(telegram, handle, settings=quick_settings(drain=0.1)) as (intake, run):
            await telegram.until(lambda: len(telegram.polls) >= 1)
            known.set_result(intake)
            await asyncio.wait([run])
    assert behind == [1, 0]


async def test_who_waits_because_telegram_asked_goes_on_when_another_of_the_chat_comes() -> None:
    known: asyncio.Future[Intake] = asyncio.get_running_loop().create_future()
    refused = asyncio.Event()
    done: list[str] = []
    settings = quick_settings(patience=Patience(longest_pause=60))

    async with telegram_on_loopback() as telegram:

        async def handle(update: Update, _: AnyContext) -> None:
            if not (await known).behind(chat_id_of(update)) and not done:
                refused.set()
                raise RetryAfter(A_MINUTE)
            done.append(words_of(update))

        async with bot_at(telegram, handle, settings=settings) as (intake, _):
            known.set_result(intake)
            first = await telegram.write(1, "one")
            await refused.wait()
            second = await telegram.write(1, "two")
            await telegram.until(lambda: telegram.confirmed == [first, second], within=5)
    assert done == ["one", "two"]


async def test_nobody_hurries_telegram_more_than_once_for_one_update() -> None:
    tried: list[str] = []
    settings = quick_settings(patience=Patience(longest_pause=60))

    async with telegram_on_loopback() as telegram:

        async def handle(update: Update, _: AnyContext) -> None:
            tried.append(words_of(update))
            raise RetryAfter(A_MINUTE)

        async with bot_at(telegram, handle, settings=settings):
            for words in ("one", "two", "three", "four"):
                await telegram.write(1, words)
                polls = len(telegram.polls)
                await telegram.until(lambda polls=polls: len(telegram.polls) >= polls + 3)  # type: ignore[misc] # bound at each round
    assert tried == ["one", "one"]
