import asyncio
from collections import defaultdict

from telegram import Update

from bot.telegram.intake.processor import AnyContext
from tests.integration.intake_world import (
    Journal,
    bot_at,
    chat_id_of,
    quick_settings,
    telegram_on_loopback,
    words_of,
)


async def test_nothing_is_confirmed_before_it_is_processed() -> None:
    gate = asyncio.Event()
    handled: list[str] = []

    async with telegram_on_loopback() as telegram:

        async def handle(update: Update, _: AnyContext) -> None:
            if words_of(update) == "slow":
                await gate.wait()
            handled.append(words_of(update))
            await telegram.tell()

        before = await telegram.write(1, "before")
        slow = await telegram.write(2, "slow")
        after = await telegram.write(3, "after")
        async with bot_at(telegram, handle):
            await telegram.until(lambda: handled == ["before", "after"])
            polled = len(telegram.polls)
            await telegram.until(lambda: len(telegram.polls) >= polled + 3)
            assert telegram.confirmed == [before]
            assert {poll.offset for poll in telegram.polls[1:]} <= {before, slow}

            gate.set()
            await telegram.until(lambda: telegram.confirmed == [before, slow, after])
        assert handled == ["before", "after", "slow"]


async def test_forty_updates_with_a_slow_and_a_poison_one_keep_each_chats_order() -> None:
    gate = asyncio.Event()
    begun: dict[int, list[int]] = defaultdict(list)
    journal = Journal()

    async with telegram_on_loopback() as telegram:
        ids = [await telegram.write(chat=number % 8, text="words") for number in range(40)]
        slow, poison = ids[3], ids[12]

        async def handle(update: Update, _: AnyContext) -> None:
            begun[chat_id_of(update)].append(update.update_id)
            await telegram.tell()
            if update.update_id == slow:
                await gate.wait()
            if update.update_id == poison:
                raise LookupError(words_of(update))

        async with bot_at(telegram, handle, journal=journal):
            await telegram.until(lambda: len(telegram.polls) >= 10)
            assert max(telegram.confirmed) == slow - 1
            gate.set()
            await telegram.until(lambda: telegram.confirmed == ids)

    tried = [one for chat in begun.values() for one in chat]
    assert sorted(tried) == sorted([*ids, poison, poison])
    assert all(chat == sorted(chat) for chat in begun.values())
    assert journal.set_aside == [poison]


async def test_a_slow_chat_holds_up_nobody_even_with_more_messages_than_places() -> None:
    gate = asyncio.Event()
    handled: list[int] = []

    async with telegram_on_loopback() as telegram:

        async def handle(update: Update, _: AnyContext) -> None:
            if chat_id_of(update) == 1:
                await gate.wait()
            handled.append(chat_id_of(update))
            await telegram.tell()

        for _ in range(80):
            await telegram.write(1, "slow")
        async with bot_at(telegram, handle):
            await telegram.until(lambda: len(telegram.polls) >= 2)
            await telegram.write(2, "hello")
            await telegram.until(lambda: handled == [2], within=2)
            gate.set()
            await telegram.until(lambda: len(handled) == 81)


async def test_a_slow_update_does_not_make_the_polling_spin() -> None:
    gate = asyncio.Event()

    async with telegram_on_loopback() as telegram:

        async def handle(_update: Update, _: AnyContext) -> None:
            await gate.wait()

        await telegram.write(1, "slow")
        async with bot_at(telegram, handle, settings=quick_settings(glance=0.1)):
            await telegram.until(lambda: len(telegram.polls) >= 1)
            clock = asyncio.get_running_loop().time
            began, polled = clock(), len(telegram.polls)
            await telegram.until(lambda: len(telegram.polls) >= polled + 5)
            assert clock() - began >= 0.4
            gate.set()


async def test_a_backlog_of_250_with_slow_first_ones_is_worked_off_in_order() -> None:
    handled: dict[int, list[int]] = defaultdict(list)

    async with telegram_on_loopback() as telegram:
        ids = [await telegram.write(chat=number % 120, text="words") for number in range(250)]
        slow = set(ids[:100])

        async def handle(update: Update, _: AnyContext) -> None:
            if update.update_id in slow:
                await asyncio.sleep(0.2)
            handled[chat_id_of(update)].append(update.update_id)

        async with bot_at(telegram, handle):
            await telegram.until(lambda: telegram.confirmed == ids)
        assert sorted(one for chat in handled.values() for one in chat) == ids
        assert all(chat == sorted(chat) for chat in handled.values())
        assert len(telegram.polls) < 60


async def test_a_window_full_behind_one_slow_update_waits_without_polling() -> None:
    gate = asyncio.Event()
    handled: list[int] = []

    async with telegram_on_loopback() as telegram:
        ids = [await telegram.write(chat=number, text="words") for number in range(1, 131)]

        async def handle(update: Update, _: AnyContext) -> None:
            if update.update_id == ids[0]:
                await gate.wait()
            handled.append(update.update_id)
            await telegram.tell()

        async with bot_at(telegram, handle, settings=quick_settings(glance=0.01)):
            await telegram.until(lambda: len(handled) == 99)
            await asyncio.sleep(0.3)  # thirty glances in which no poll may come
            assert len(telegram.polls) == 1
            gate.set()
            await telegram.until(lambda: telegram.confirmed == ids)
        assert sorted(handled) == ids


async def test_update_numbers_that_begin_anew_after_a_quiet_week_are_followed() -> None:
    async with telegram_on_loopback() as telegram:

        async def handle(_update: Update, _: AnyContext) -> None:
            """Nothing to do."""

        first = await telegram.write(1, "before the quiet week")
        async with bot_at(telegram, handle, settings=quick_settings(long_poll=1)):
            await telegram.until(lambda: telegram.confirmed == [first])
            telegram.next_id = first + 5000
            later = await telegram.write(1, "after it")
            await telegram.until(lambda: telegram.confirmed == [first, later])
