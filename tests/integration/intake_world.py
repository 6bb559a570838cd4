"""A small Telegram over HTTP that confirms as Telegram does, and a bot that polls it."""

import asyncio
import json
import logging
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from telegram import Update
from telegram.ext import Application, ContextTypes, TypeHandler

from bot.telegram.intake import Hooks, Intake, IntakeSettings, Patience, Processor
from bot.telegram.intake.processor import AnyApplication, AnyContext
from bot.telegram.intake.quiet import TALKATIVE

TOKEN = "1:made-up"
QUICK = Patience(first_pause=0.01, longest_pause=0.05)


@asynccontextmanager
async def served(routes: list[BaseRoute]) -> AsyncIterator[str]:
    """The routes on a free port of loopback; its address."""
    config = uvicorn.Config(
        Starlette(routes=routes),
        log_config=None,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=0,
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    offset: int
    shown: int
    confirmed: int


@dataclass(kw_only=True)
class Telegram:
    """`trouble` holds answers (status, body) to give, per method, before the true ones."""

    url: str = ""
    pending: dict[int, dict[str, Any]] = field(default_factory=dict)
    confirmed: list[int] = field(default_factory=list)
    polls: list[Poll] = field(default_factory=list)
    sent: list[tuple[int, str]] = field(default_factory=list)
    trouble: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)
    next_id: int = 700
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def write(self, chat: int, text: str) -> int:
        """A person writes to the bot; the update's id."""
        message = {
            "message_id": self.next_id,
            "date": 1_790_000_000,
            "chat": {"id": chat, "type": "private"},
            "from": {"id": chat, "is_bot": False, "first_name": "Somebody"},
            "text": text,
        }
        return await self.bring({"message": message})

    async def bring(self, content: dict[str, Any]) -> int:
        update_id = self.next_id
        self.next_id += 1
        self.pending[update_id] = {"update_id": update_id} | content
        await self.tell()
        return update_id

    async def tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def until(self, holds: Callable[[], bool], within: float = 30) -> None:
        async with asyncio.timeout(within), self.changed:
            await self.changed.wait_for(holds)

    async def answer(self, request: Request) -> Response:
        method = request.path_params["method"].lower()
        asked = {key: one[0] for key, one in parse_qs((await request.body()).decode()).items()}
        if self.trouble.get(method):
            status, body = self.trouble[method].pop(0)
            await self.tell()
            return JSONResponse({"ok": False, "error_code": status} | body, status_code=status)
        match method:
            case "getupdates":
                result: object = await self.get_updates(asked)
            case "getme":
                result = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "a_bot"}
            case "sendmessage":
                result = await self.send_message(int(asked["chat_id"]), asked["text"])
            case _:
                return JSONResponse({"ok": False, "description": "Not Found"}, status_code=404)
        return JSONResponse({"ok": True, "result": result})

    async def get_updates(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        assert json.loads(asked["allowed_updates"])
        offset = int(asked.get("offset", 0))
        gone = [update_id for update_id in self.pending if update_id < offset]
        for update_id in gone:
            self.confirmed.append(update_id)
            del self.pending[update_id]
        await self.tell()
        patience = float(asked.get("timeout", 0))
        if patience and not self.pending:
            await self.wait_for_news(patience)
        shown = list(self.pending.values())[: int(asked.get("limit", 100))]
        self.polls.append(Poll(offset=offset, shown=len(shown), confirmed=len(gone)))
        await self.tell()
        return shown

    async def wait_for_news(self, patience: float) -> None:
        try:
            await self.until(lambda: bool(self.pending), within=patience)
        except TimeoutError:
            return

    async def send_message(self, chat: int, text: str) -> dict[str, Any]:
        self.sent.append((chat, text))
        await self.tell()
        return {
            "message_id": len(self.sent),
            "date": 1_790_000_000,
            "chat": {"id": chat, "type": "private"},
            "text": text,
        }


@asynccontextmanager
async def telegram_on_loopback() -> AsyncIterator[Telegram]:
    telegram = Telegram()
    path = f"/bot{TOKEN}/{{method}}"
    async with served([Route(path, telegram.answer, methods=["POST"])]) as telegram.url:
        yield telegram


Handle = Callable[[Update, AnyContext], Coroutine[Any, Any, None]]


@dataclass(kw_only=True)
class Journal:
    """What a test looks at: events the intake logged, and what the hooks were called with."""

    events: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    set_aside: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)

    def log(self, event: str, **fields: object) -> None:
        self.events.append((event, fields))

    def count(self, event: str) -> int:
        return Counter(name for name, _ in self.events)[event]

    async def note_set_aside(self, update_id: int) -> None:
        self.set_aside.append(update_id)

    async def note_failed(self, chat_id: int) -> None:
        self.failed.append(chat_id)

    def hooks(self) -> Hooks:
        return Hooks(on_set_aside=self.note_set_aside, on_failed=self.note_failed)


@contextmanager
def loggers_restored() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in TALKATIVE]
    before = [(logger, logger.propagate, logger.handlers) for logger in loggers]
    try:
        yield
    finally:
        for logger, propagate, handlers in before:
            logger.propagate, logger.handlers = propagate, handlers


def quick_settings(**changes: Any) -> IntakeSettings:
    settings: dict[str, Any] = {
        "glance": 0.05,
        "first_backoff": 0.01,
        "long_poll": 5,
        "patience": QUICK,
    }
    return IntakeSettings(**(settings | changes))


def application_with(
    url: str,
    processor: Processor,
    handle: Handle,
    context_types: ContextTypes[Any, Any, Any, Any] | None = None,
) -> AnyApplication:
    application: AnyApplication = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{url}/bot")
        .updater(None)
        .job_queue(None)
        .context_types(context_types or ContextTypes())
        .concurrent_updates(processor)
        .build()
    )
    application.add_handler(TypeHandler(Update, handle))
    return application


@asynccontextmanager
async def bot_at(
    telegram: Telegram,
    handle: Handle,
    *,
    journal: Journal | None = None,
    settings: IntakeSettings | None = None,
    processor: Processor | None = None,
    hooks: Hooks | None = None,
    context_types: ContextTypes[Any, Any, Any, Any] | None = None,
) -> AsyncIterator[tuple[Intake, asyncio.Task[None]]]:
    """A polling bot: its intake, and the task that is done when the intake has stopped."""
    journal = journal or Journal()
    processor = processor or Processor()
    application = application_with(telegram.url, processor, handle, context_types)
    with loggers_restored():
        async with application:
            intake = Intake(
                application=application,
                processor=processor,
                log=journal.log,
                hooks=hooks or journal.hooks(),
                settings=settings or quick_settings(),
            )
            await application.start()
            running = asyncio.create_task(intake.run())
            try:
                yield intake, running
            finally:
                intake.stop()
                await asyncio.wait([running])
                await application.stop()


def words_of(update: Update) -> str:
    assert update.message is not None
    assert update.message.text is not None
    return update.message.text


def chat_id_of(update: Update) -> int:
    assert update.effective_chat is not None
    return update.effective_chat.id
