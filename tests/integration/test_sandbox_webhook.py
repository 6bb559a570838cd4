"""The sandbox as the sender of webhooks."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict

from tests.sandbox_client import SandboxClient, running_sandbox

TOKEN = "1:sandbox"


@dataclass(slots=True, kw_only=True)
class Receiver:
    """A web server that takes updates; `answers` are its next statuses, 200 when they run out."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    held_chats: dict[int, asyncio.Event] = field(default_factory=dict)
    taken: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    secrets: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        update = json.loads(await reader.readexactly(int(headers["content-length"])))
        self.secrets.append(headers.get("x-telegram-bot-api-secret-token", ""))
        await self.taken.put(update)
        held = self.held_chats.get(update["message"]["chat"]["id"])
        if held is not None:
            await held.wait()
        status = self.answers.pop(0) if self.answers else 200
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def text(self) -> str:
        update = await asyncio.wait_for(self.taken.get(), 10)
        return str(update["message"]["text"])


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    async with server:
        receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
        yield receiver


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxClient]:
    async with running_sandbox(TOKEN) as url, SandboxClient(url) as client:
        yield client


@pytest.fixture
async def bot(sandbox: SandboxClient) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{sandbox.url}/bot") as made:
        yield made


async def nothing_pending(bot: Bot) -> None:
    async with asyncio.timeout(10):
        while (await bot.get_webhook_info()).pending_update_count:
            pass


async def test_an_update_is_posted_with_the_secret_and_confirmed_by_200(
    sandbox: SandboxClient, bot: Bot, receiver: Receiver
) -> None:
    amina = await sandbox.phone("Amina")
    await amina.send("before the webhook")
    await bot.set_webhook(receiver.url, secret_token="s3cret_x")
    assert await receiver.text() == "before the webhook"
    await amina.send("after")
    assert await receiver.text() == "after"
    assert receiver.secrets == ["s3cret_x", "s3cret_x"]
    await nothing_pending(bot)


async def test_an_update_that_was_not_taken_comes_again_and_in_order(
    sandbox: SandboxClient, bot: Bot, receiver: Receiver
) -> None:
    receiver.answers = [500, 404]
    await bot.set_webhook(receiver.url)
    amina = await sandbox.phone("Amina")
    await amina.send("one")
    await amina.send("two")
    assert [await receiver.text() for _ in range(4)] == ["one", "one", "one", "two"]
    await nothing_pending(bot)
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 404"


async def test_a_slow_chat_holds_up_no_other(
    sandbox: SandboxClient, bot: Bot, receiver: Receiver
) -> None:
    slow, quick = await sandbox.phone("Slow"), await sandbox.phone("Quick")
    receiver.held_chats[slow.id] = asyncio.Event()
    await bot.set_webhook(receiver.url)
    await slow.send("slow")
    assert await receiver.text() == "slow"
    await quick.send("quick")
    assert await receiver.text() == "quick"
    receiver.held_chats[slow.id].set()
    await nothing_pending(bot)


async def test_polling_and_a_webhook_exclude_each_other(
    sandbox: SandboxClient, bot: Bot, receiver: Receiver
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await sandbox.wait_for_requests("getUpdates", 1)
    await bot.set_webhook(receiver.url)
    with pytest.raises(Conflict, match="(?i)terminated by setWebhook request"):  # noqa: RUF043 - a flag, not a slip
        await asyncio.wait_for(poll, 5)
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.get_updates(offset=1) == ()


@pytest.mark.parametrize(
    ("url", "secret", "why"),
    [
        ("https://example.org/hook", "ok", "loopback interface only"),
        ("http://192.0.2.7/hook", "ok", "loopback interface only"),
        ("nonsense", "ok", "nvalid webhook url specified"),
        ("http://127.0.0.1:1/", "not ok", "ecret token contains unallowed characters"),
        ("http://127.0.0.1:1/", "x" * 257, "ecret token is too long"),
    ],
)
async def test_a_webhook_that_cannot_be_is_refused(
    bot: Bot, url: str, secret: str, why: str
) -> None:
    with pytest.raises(BadRequest, match=why):
        await bot.set_webhook(url, secret_token=secret)
