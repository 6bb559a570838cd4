import asyncio

import pytest
from telegram import Update
from telegram.error import InvalidToken
from telegram.ext import TypeHandler

from bot.telegram.intake import BackgroundHandlerRefused, Intake, Processor
from bot.telegram.intake.processor import AnyContext
from tests.integration.intake_world import (
    Journal,
    application_with,
    bot_at,
    loggers_restored,
    quick_settings,
    telegram_on_loopback,
    words_of,
)


async def do_nothing(_update: Update, _: AnyContext) -> None:
    """The quickest of handlers."""


async def test_a_stop_lets_what_runs_end_and_confirms_it() -> None:
    begun, gate = asyncio.Event(), asyncio.Event()

    async def handle(_update: Update, _: AnyContext) -> None:
        begun.set()
        await gate.wait()

    async with telegram_on_loopback() as telegram:
        written = await telegram.write(1, "hello")
        async with bot_at(telegram, handle) as (intake, running):
            await begun.wait()
            intake.stop()
            await asyncio.sleep(0)
            gate.set()
            await running
            assert telegram.confirmed == [written]
            assert telegram.polls[-1].offset == written + 1


async def test_a_stop_cuts_off_what_hangs_and_never_confirms_beyond_it() -> None:
    begun = asyncio.Event()
    journal = Journal()

    async def handle(update: Update, _: AnyContext) -> None:
        if words_of(update) == "hangs":
            begun.set()
            await asyncio.Event().wait()

    async with telegram_on_loopback() as telegram:
        before = await telegram.write(1, "before")
        hangs = await telegram.write(2, "hangs")
        waits = await telegram.write(2, "waits behind")
        after = await telegram.write(3, "after")
        settings = quick_settings(drain=0.05)
        async with bot_at(telegram, handle, journal=journal, settings=settings) as (intake, run):
            await begun.wait()
            intake.stop()
            await run
        assert telegram.polls[-1].offset == hangs
        assert telegram.confirmed == [before]
        assert list(telegram.pending) == [hangs, waits, after]
    assert ("intake.drained", {"cut_off": 1, "left": 2}) in journal.events
    assert journal.set_aside == []


async def test_a_stop_ends_a_long_poll_at_once() -> None:
    async with telegram_on_loopback() as telegram:
        written = await telegram.write(1, "hello")
        settings = quick_settings(long_poll=60)
        async with bot_at(telegram, do_nothing, settings=settings) as (intake, running):
            await telegram.until(lambda: telegram.confirmed == [written])
            intake.stop()
            async with asyncio.timeout(5):
                await running


async def test_another_poller_is_logged_as_such_and_waited_out() -> None:
    journal = Journal()

    async with telegram_on_loopback() as telegram:
        conflict = (409, {"description": "Conflict: terminated by other getUpdates request"})
        telegram.trouble["getupdates"] = [conflict, conflict]
        written = await telegram.write(1, "hello")
        async with bot_at(telegram, do_nothing, journal=journal):
            await telegram.until(lambda: telegram.confirmed == [written])
    assert journal.count("intake.another_poller_or_webhook") == 2


async def test_an_outage_of_polling_is_waited_out() -> None:
    journal = Journal()

    async with telegram_on_loopback() as telegram:
        telegram.trouble["getupdates"] = [(502, {"description": "Bad Gateway"})] * 3
        written = await telegram.write(1, "hello")
        async with bot_at(telegram, do_nothing, journal=journal):
            await telegram.until(lambda: telegram.confirmed == [written])
    failures = [fields["failures"] for name, fields in journal.events if name.endswith("l_failed")]
    assert failures == [1, 2, 3]


async def test_a_refused_token_stops_the_intake() -> None:
    journal = Journal()

    async with telegram_on_loopback() as telegram:
        telegram.trouble["getupdates"] = [(401, {"description": "Unauthorized"})]
        async with bot_at(telegram, do_nothing, journal=journal) as (_, running):
            with pytest.raises(InvalidToken):
                await running
    assert journal.count("intake.token_refused") == 1


class DeafJournal(Journal):
    def log(self, event: str, **fields: object) -> None:
        super().log(event, **fields)
        if event == "update.failed":
            raise BufferError


async def test_a_fault_of_the_intakes_own_stops_it_loudly_and_confirms_nothing_more() -> None:
    async def fail(_update: Update, _: AnyContext) -> None:
        raise LookupError

    async with telegram_on_loopback() as telegram:
        written = await telegram.write(1, "hello")
        async with bot_at(telegram, fail, journal=DeafJournal()) as (_, running):
            with pytest.raises(BufferError):
                await running
        assert list(telegram.pending) == [written]


async def test_a_handler_that_runs_in_the_background_is_refused() -> None:
    processor = Processor()
    application = application_with("http://127.0.0.1:9", processor, do_nothing)
    application.add_handler(TypeHandler(Update, do_nothing, block=False), group=1)
    intake = Intake(application=application, processor=processor, log=Journal().log)
    with loggers_restored(), pytest.raises(BackgroundHandlerRefused):
        await intake.run()


def test_one_place_only_is_refused_as_a_slow_chat_would_hold_up_all() -> None:
    with pytest.raises(ValueError, match="1"):
        Processor(concurrency=1)
