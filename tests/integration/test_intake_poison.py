import asyncio
from typing import Any

import pytest
from telegram import Update
from telegram.ext import CallbackContext, ContextTypes

from bot.telegram.intake import Hooks, Processor
from bot.telegram.intake.processor import AnyContext
from tests.integration.intake_world import (
    Journal,
    bot_at,
    chat_id_of,
    telegram_on_loopback,
    words_of,
)


async def test_poison_is_set_aside_after_three_tries_and_the_chat_goes_on() -> None:
    tried: list[str] = []
    journal = Journal()

    async with telegram_on_loopback() as telegram:

        async def handle(update: Update, _: AnyContext) -> None:
            tried.append(words_of(update))
            await telegram.tell()
            if words_of(update) == "poison":
                raise LookupError

        poison = await telegram.write(1, "poison")
        following = await telegram.write(1, "next")
        async with bot_at(telegram, handle, journal=journal) as (intake, _):
            await telegram.until(lambda: telegram.confirmed == [poison, following])
            assert intake.set_aside == 1
    assert tried == ["poison", "poison", "poison", "next"]
    assert journal.set_aside == [poison]
    assert journal.failed == [1]
    assert ("update.failed", {"error": "LookupError", "outage": False}) in journal.events
    assert ("update.set_aside", {"total": 1}) in journal.events


async def test_other_chats_go_on_while_a_poison_update_is_tried() -> None:
    others_done = asyncio.Event()
    journal = Journal()

    async with telegram_on_loopback() as telegram:

        async def handle(update: Update, _: AnyContext) -> None:
            if words_of(update) == "poison":
                await others_done.wait()
                raise LookupError
            others_done.set()

        ids = [await telegram.write(1, "poison"), await telegram.write(2, "hello")]
        async with bot_at(telegram, handle, journal=journal):
            await telegram.until(lambda: telegram.confirmed == ids)
    assert journal.set_aside == [ids[0]]


async def test_a_hook_that_fails_is_logged_and_holds_up_nothing() -> None:
    journal = Journal()

    async def failing(_number: int) -> None:
        raise LookupError

    hooks = Hooks(on_set_aside=failing, on_failed=failing)
    async with telegram_on_loopback() as telegram:
        poison = await telegram.write(1, "poison")
        async with bot_at(telegram, always_failing, journal=journal, hooks=hooks):
            await telegram.until(lambda: telegram.confirmed == [poison])
    assert journal.count("intake.hook_failed") == 2


async def test_an_outage_of_telegram_does_not_set_aside() -> None:
    journal = Journal()

    async with telegram_on_loopback() as telegram:
        telegram.trouble["sendmessage"] = [(502, {"description": "Bad Gateway"})] * 6
        written = await telegram.write(1, "hello")
        async with bot_at(telegram, answering, journal=journal):
            await telegram.until(lambda: telegram.confirmed == [written])
        assert telegram.sent == [(1, "heard")]
    assert journal.set_aside == []
    assert journal.count("update.failed") == 6


async def test_a_wish_to_wait_does_not_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    journal = Journal()
    flooded = (429, {"description": "Too Many", "parameters": {"retry_after": 1}})

    async with telegram_on_loopback() as telegram:
        telegram.trouble["sendmessage"] = [flooded] * 4
        written = await telegram.write(1, "hello")
        async with bot_at(telegram, answering, journal=journal):
            await telegram.until(lambda: telegram.confirmed == [written])
        assert telegram.sent == [(1, "heard")]
    assert journal.set_aside == []


async def test_a_call_that_telegram_refuses_is_a_fault_and_no_outage() -> None:
    journal = Journal()

    async with telegram_on_loopback() as telegram:
        telegram.trouble["sendmessage"] = [(400, {"description": "Bad Request: no"})] * 3
        written = await telegram.write(1, "hello")
        async with bot_at(telegram, answering, journal=journal):
            await telegram.until(lambda: telegram.confirmed == [written])
    assert journal.set_aside == [written]


async def test_a_handler_that_hangs_is_cut_off_and_set_aside() -> None:
    journal = Journal()

    async def hang(_update: Update, _: AnyContext) -> None:
        await asyncio.Event().wait()

    async with telegram_on_loopback() as telegram:
        written = await telegram.write(1, "hello")
        async with bot_at(telegram, hang, journal=journal, processor=Processor(time_limit=0.05)):
            await telegram.until(lambda: telegram.confirmed == [written])
    assert journal.set_aside == [written]


async def test_a_handler_that_lets_a_cancellation_through_is_a_failure() -> None:
    journal = Journal()

    async def cancelled(_update: Update, _: AnyContext) -> None:
        raise asyncio.CancelledError

    async with telegram_on_loopback() as telegram:
        written = await telegram.write(1, "hello")
        async with bot_at(telegram, cancelled, journal=journal):
            await telegram.until(lambda: telegram.confirmed == [written])
    assert journal.set_aside == [written]


class BrokenContext(CallbackContext[Any, Any, Any, Any]):
    @classmethod
    def from_update(cls, update: object, application: object) -> "BrokenContext":
        raise LookupError(update, application)


async def test_an_update_no_handler_was_reached_with_is_a_failure() -> None:
    """PTB logs it and goes on as if it were done."""
    journal = Journal()

    async with telegram_on_loopback() as telegram:
        written = await telegram.write(1, "hello")
        context_types = ContextTypes(context=BrokenContext)
        async with bot_at(telegram, answering, journal=journal, context_types=context_types):
            await telegram.until(lambda: telegram.confirmed == [written])
    assert journal.set_aside == [written]


async def test_an_update_that_cannot_be_read_is_set_aside_and_the_others_handled() -> None:
    journal = Journal()

    async with telegram_on_loopback() as telegram:
        before = await telegram.write(1, "before")
        unreadable = await telegram.bring({"message": {"words": "of a newer Telegram"}})
        after = await telegram.write(1, "after")
        async with bot_at(telegram, answering, journal=journal):
            await telegram.until(lambda: telegram.confirmed == [before, unreadable, after])
        assert len(telegram.sent) == 2
    assert journal.set_aside == [unreadable]


async def always_failing(_update: Update, _: AnyContext) -> None:
    raise LookupError


async def answering(update: Update, context: AnyContext) -> None:
    await context.bot.send_message(chat_id_of(update), "heard")
