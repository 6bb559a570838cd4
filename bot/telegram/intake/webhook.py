"""The other door: Telegram brings each update, and hears 200 only when it is done.

A crash, a stop or a time-out before that, and Telegram brings the update again. One that is in
flight is not taken twice: its second request waits for the first.
"""

import asyncio
import hmac
import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update

from bot.telegram.intake.handling import Handling, Log

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)
OK, BAD_REQUEST, FORBIDDEN, STOPPING = 200, 400, 403, 503


class Webhook:
    def __init__(self, *, bot: Bot, handling: Handling, secret: str, log: Log) -> None:
        if not secret:
            raise ValueError(secret)
        self._bot = bot
        self._handling = handling
        self._secret = secret.encode()
        self._log = log

    def route(self, path: str, max_body_size: int) -> Route:
        return Route(path, self._receive, methods=["POST"], max_body_size=max_body_size)

    async def _receive(self, request: Request) -> Response:
        offered = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(offered, self._secret):
            self._log("intake.webhook_refused")
            return Response(status_code=FORBIDDEN)
        try:
            raw = json.loads(await request.body())
            update_id = int(raw["update_id"])
        except UNREADABLE:
            self._log("intake.webhook_unreadable")
            return Response(status_code=BAD_REQUEST)
        return Response(status_code=await self._handle(raw, update_id))

    async def _handle(self, raw: dict[str, object], update_id: int) -> int:
        try:
            update = Update.de_json(raw, self._bot)
        except UNREADABLE:
            await self._handling.refuse(update_id)
        else:
            done = self._handling.accept(update)
            await asyncio.wait([done])
            if done.cancelled():
                return STOPPING
        self._handling.confirmed(update_id)
        return OK
