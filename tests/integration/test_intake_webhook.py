import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from telegram import Update

from bot.telegram.intake import Intake, Processor
from bot.telegram.intake.processor import AnyContext
from tests.integration.intake_world import (
    Handle,
    Journal,
    application_with,
    loggers_restored,
    quick_settings,
    served,
    telegram_on_loopback,
)

SECRET = "made-up-secret"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def an_update(update_id: int, text: str = "hello") -> dict[str, Any]:
    message = {
        "message_id": update_id,
        "date": 1_790_000_000,
        "chat": {"id": 1, "type": "private"},
        "text": text,
    }
    return {"update_id": update_id, "message": message}


@dataclass(kw_only=True)
class Caller:
    """Telegram, calling the webhook."""

    intake: Intake
    client: httpx.AsyncClient
    journal: Journal = field(default_factory=Journal)

    async def bring(self, update: object, secret: str = SECRET) -> int:
        answer = await self.client.post(
            "/telegram", content=json.dumps(update), headers={HEADER: secret}
        )
        return answer.status_code


@asynccontextmanager
async def webhook_bot(handle: Handle) -> AsyncIterator[Caller]:
    processor, journal = Processor(), Journal()
    async with telegram_on_loopback() as telegram:
        application = application_with(telegram.url, processor, handle)
        with loggers_restored():
            async with application:
                intake = Intake(
                    application=application,
                    processor=processor,
                    log=journal.log,
                    hooks=journal.hooks(),
                    settings=quick_settings(max_body_size=5000, drain=0.05),
                )
                await application.start()
                attending = asyncio.create_task(intake.attend())
                route = intake.webhook(path="/telegram", secret=SECRET)
                async with (
                    served([route]) as url,
                    httpx.AsyncClient(base_url=url, timeout=20) as client,
                ):
                    yield Caller(intake=intake, client=client, journal=journal)
                intake.stop()
                await attending
                await application.stop()


@dataclass(kw_only=True)
class Gated:
    """A handler that waits to be let go on."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    handled: list[int] = field(default_factory=list)

    async def __call__(self, update: Update, _: AnyContext) -> None:
        self.begun.set()
        await self.gate.wait()
        self.handled.append(update.update_id)


async def test_200_follows_the_processing() -> None:
    handler = Gated()
    async with webhook_bot(handler) as caller:
        answer = asyncio.create_task(caller.bring(an_update(5)))
        await handler.begun.wait()
        assert not answer.done()
        handler.gate.set()
        assert await answer == 200
        assert handler.handled == [5]


async def test_an_update_brought_twice_waits_for_the_first_and_is_handled_once() -> None:
    handler = Gated()
    async with webhook_bot(handler) as caller:
        first = asyncio.create_task(caller.bring(an_update(5)))
        await handler.begun.wait()
        second = asyncio.create_task(caller.bring(an_update(5)))
        await asyncio.sleep(0.1)  # a time in which the second may not be answered
        assert not second.done()
        handler.gate.set()
        assert [await first, await second] == [200, 200]
        assert handler.handled == [5]


async def test_a_number_that_comes_late_is_handled_though_a_higher_one_is_done() -> None:
    handler = Gated()
    handler.gate.set()
    async with webhook_bot(handler) as caller:
        assert await caller.bring(an_update(6)) == 200
        assert await caller.bring(an_update(5)) == 200
    assert handler.handled == [6, 5]


async def test_a_poison_update_gets_200_once_it_is_set_aside() -> None:
    async def fail(_update: Update, _: AnyContext) -> None:
        raise LookupError

    async with webhook_bot(fail) as caller:
        assert await caller.bring(an_update(5)) == 200
        assert caller.journal.set_aside == [5]
        assert await caller.bring({"update_id": 6, "message": {"words": 1}}) == 200
        assert caller.journal.set_aside == [5, 6]


async def test_what_a_stop_cuts_off_hears_503_and_may_come_again() -> None:
    handler = Gated()
    async with webhook_bot(handler) as caller:
        answer = asyncio.create_task(caller.bring(an_update(5)))
        await handler.begun.wait()
        caller.intake.stop()
        assert await answer == 503
        assert await caller.bring(an_update(6)) == 503
    assert handler.handled == []


Bring = Callable[[Caller], Awaitable[int]]


@pytest.mark.parametrize(
    ("bring", "status"),
    [
        (lambda caller: caller.bring(an_update(5), secret="guessed"), 403),
        (lambda caller: caller.bring(an_update(5), secret=""), 403),
        (lambda caller: caller.bring([1, 2]), 400),
        (lambda caller: caller.bring({"message": {}}), 400),
        (lambda caller: caller.bring(an_update(5, text="x" * 6000)), 413),
    ],
    ids=["a wrong secret", "no secret", "no object", "no number", "a body too large"],
)
async def test_what_is_not_telegrams_is_refused(bring: Bring, status: int) -> None:
    handler = Gated()
    handler.gate.set()
    async with webhook_bot(handler) as caller:
        assert await bring(caller) == status
    assert handler.handled == []


async def test_an_empty_secret_is_no_secret() -> None:
    processor = Processor()
    application = application_with("http://127.0.0.1:9", processor, Gated())
    intake = Intake(application=application, processor=processor, log=Journal().log)
    with pytest.raises(ValueError, match=r"^$"):
        intake.webhook(path="/telegram", secret="")
