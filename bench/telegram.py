"""The smallest Bot API over HTTP that a bot can live on: it hands out updates, confirms them by
offset as Telegram does, and takes calls. It knows when all calls an update brings have come.
"""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

PATIENCE = 60.0
CARD, DELETED, ANSWERED = "card", "deleted", "answered"
CALLS = {
    "sendmessage": CARD,
    "editmessagetext": CARD,
    "deletemessage": DELETED,
    "deletemessages": DELETED,
    "answercallbackquery": ANSWERED,
}
"""What a person would see of a call."""

Shown = tuple[tuple[str, str], ...]
"""The buttons of a card: callback data and text."""


class NoSuchButton(LookupError):
    """The bot shows another card than the one that was expected; the message is its buttons."""


@dataclass(slots=True)
class Chat:
    """One person's. `awaited`: what is yet to come of what an update brings."""

    id: int
    card: int = 0
    buttons: Shown = ()
    awaited: set[str] = field(default_factory=set)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def saw(self, what: str) -> None:
        self.awaited.discard(what)
        if not self.awaited:
            self.done.set()


@dataclass(slots=True)
class Line:
    """One bot's: updates it has not confirmed, chats, and when its messages came (`sent`)."""

    pending: dict[int, dict[str, Any]] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    chats: dict[int, Chat] = field(default_factory=dict)
    sent: list[float] = field(default_factory=list)
    queries: dict[str, int] = field(default_factory=dict)
    number: int = 1000

    def chat(self, number: int) -> Chat:
        return self.chats.setdefault(number, Chat(number))

    async def say(self, number: int, text: str, *awaited: str) -> float:
        """Seconds until all that is awaited has come."""
        chat = self.chat(number)
        message = {"message_id": self._next(), "text": text, **_of(chat)}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return await self._bring(chat, {"message": message}, awaited)

    async def press(self, number: int, beginning: str) -> float:
        """The button whose callback data begins so, until its card has come and it waits no
        more. Raises NoSuchButton.
        """
        chat = self.chat(number)
        data = next((data for data, _ in chat.buttons if data.startswith(beginning)), None)
        if data is None:
            raise NoSuchButton(beginning, chat.buttons)
        query = {
            "id": str(self._next()),
            "from": _of(chat)["from"],
            "chat_instance": "1",
            "message": {"message_id": chat.card, "text": "a card", **_of(chat)},
            "data": data,
        }
        return await self._bring(chat, {"callback_query": query}, (CARD, ANSWERED))

    async def answer(self, method: str, asked: dict[str, str]) -> object:
        match method:
            case "getupdates":
                return await self._get_updates(asked)
            case "getme":
                return {"id": 1, "is_bot": True, "first_name": "Bot", "username": "a_bot"}
            case "sendmessage" | "editmessagetext":
                return self._drawn(method, asked)
            case _:
                pass
        what = CALLS.get(method)
        if what == DELETED:
            self.chat(int(asked["chat_id"])).saw(what)
        if what == ANSWERED:
            self.chat(self.queries.pop(asked["callback_query_id"])).saw(what)
        return True

    def _drawn(self, method: str, asked: dict[str, str]) -> dict[str, Any]:
        chat = self.chat(int(asked["chat_id"]))
        if method == "sendmessage":
            self.sent.append(time.perf_counter())
            chat.card = self._next()
        else:
            chat.card = int(asked["message_id"])
        rows = json.loads(asked.get("reply_markup", "{}")).get("inline_keyboard", [])
        chat.buttons = tuple((one["callback_data"], one["text"]) for row in rows for one in row)
        chat.saw(CARD)
        return {"message_id": chat.card, "text": asked["text"], **_of(chat)}

    async def _bring(self, chat: Chat, content: dict[str, Any], awaited: tuple[str, ...]) -> float:
        number = self._next()
        if "callback_query" in content:
            self.queries[content["callback_query"]["id"]] = chat.id
        chat.awaited = set(awaited)
        chat.done.clear()
        start = time.perf_counter()
        self.pending[number] = {"update_id": number} | content
        self.news.set()
        async with asyncio.timeout(PATIENCE):
            await chat.done.wait()
        return time.perf_counter() - start

    async def _get_updates(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        offset = int(asked.get("offset", 0))
        for number in [number for number in self.pending if number < offset]:
            del self.pending[number]
        if not self.pending:
            self.news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(float(asked.get("timeout", 0))):
                    await self.news.wait()
        return list(self.pending.values())[: int(asked.get("limit", 100))]

    def _next(self) -> int:
        self.number += 1
        return self.number


def _of(chat: Chat) -> dict[str, Any]:
    person = {"id": chat.id, "is_bot": False, "first_name": "Somebody", "language_code": "en"}
    return {
        "date": 1_790_000_000,
        "chat": {"id": chat.id, "type": "private", "first_name": "Somebody"},
        "from": person,
    }


@dataclass(slots=True)
class Telegram:
    """`lines`: by token."""

    url: str = ""
    lines: defaultdict[str, Line] = field(default_factory=lambda: defaultdict(Line))
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.add(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                await self._answer_one(reader, writer)
        self.open.discard(writer)
        writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ", 2)[1]
        length = head.lower().partition("content-length:")[2].partition("\r\n")[0]
        body = (await reader.readexactly(int(length or 0))).decode()
        asked = {key: one[0] for key, one in parse_qs(body).items()}
        token, _, method = path.removeprefix("/bot").partition("/")
        result = await self.lines[token].answer(method.lower(), asked)
        said = json.dumps({"ok": True, "result": result}).encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
            b"content-length: %d\r\n\r\n%b" % (len(said), said)
        )
        await writer.drain()


@asynccontextmanager
async def telegram() -> AsyncIterator[Telegram]:
    """On a free port of loopback."""
    world = Telegram()
    server = await asyncio.start_server(world.connected, "127.0.0.1", 0)
    world.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield world
    finally:
        server.close()
        for writer in tuple(world.open):
            writer.close()
