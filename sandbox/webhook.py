"""Delivers updates by POST: 2xx confirms one, anything else has it come again.

Chats are delivered side by side, the updates of one chat one after another, as Telegram's own
server does (tdlib/telegram-bot-api `WebhookActor`).
"""

import asyncio
import http.client
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from sandbox.botapi.refusals import Why
from sandbox.updates import Update, Updates

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ANSWER_WITHIN_SECONDS = 60
FIRST_RETRY_SECONDS = 0.2
LAST_RETRY_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    url: str
    secret: str = ""
    max_connections: int = 40


class Webhook:
    def __init__(self, updates: Updates) -> None:
        self._updates = updates
        self._task: asyncio.Task[None] | None = None
        self.target: Target | None = None
        self.last_error: tuple[int, str] | None = None

    def start(self, target: Target) -> None:
        self.stop()
        self._updates.end_poll(Why.POLL_TERMINATED_BY_WEBHOOK)
        self.target = target
        self.last_error = None
        self._task = asyncio.create_task(self._deliver_all(target))

    def stop(self) -> None:
        self.target = None
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _deliver_all(self, target: Target) -> None:
        under_way: dict[int, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as deliveries:
            while True:
                arrival = self._updates.arrived.next()
                under_way = {chat: task for chat, task in under_way.items() if not task.done()}
                for update in self._updates.pending():
                    if update.chat_id in under_way or len(under_way) >= target.max_connections:
                        continue
                    under_way[update.chat_id] = deliveries.create_task(
                        self._deliver(target, update)
                    )
                await _either(arrival, under_way.values())

    async def _deliver(self, target: Target, update: Update) -> None:
        pause = FIRST_RETRY_SECONDS
        while not await asyncio.to_thread(self._post, target, update):
            await asyncio.sleep(pause)
            pause = min(pause * 2, LAST_RETRY_SECONDS)
        self._updates.confirm(update.update_id)

    def _post(self, target: Target, update: Update) -> bool:
        parts = urlsplit(target.url)
        headers = {"Content-Type": "application/json"}
        if target.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = target.secret
        connection = http.client.HTTPConnection(
            str(parts.hostname), parts.port or 80, timeout=ANSWER_WITHIN_SECONDS
        )
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", path, json.dumps(update.as_json()), headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as failure:
            self._failed(str(failure) or type(failure).__name__)
            return False
        finally:
            connection.close()
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return True
        self._failed(f"Wrong response from the webhook: {status}")
        return False

    def _failed(self, why: str) -> None:
        self.last_error = (int(time.time()), why)


def is_loopback(url: str) -> bool:
    """Whether it is plain http to this machine."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in LOOPBACK


async def _either(arrival: asyncio.Event, tasks: Iterable[asyncio.Task[None]]) -> None:
    """Until there is something new to deliver, or a delivery is done."""
    arrived = asyncio.create_task(arrival.wait())
    try:
        await asyncio.wait([arrived, *tasks], return_when=asyncio.FIRST_COMPLETED)
    finally:
        arrived.cancel()
