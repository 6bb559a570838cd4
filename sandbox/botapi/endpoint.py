"""The Bot API over HTTP: `/bot<token>/METHOD` and `/file/bot<token>/PATH`."""

import hmac
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from sandbox.botapi.methods import METHODS, PACED
from sandbox.botapi.parameters import Parameters, read_parameters
from sandbox.botapi.refusals import (
    BadRequestError,
    BotApiError,
    TooManyRequestsError,
    UnauthorizedError,
    UnknownMethodError,
)
from sandbox.faults import Drop, Fault
from sandbox.world import World

TOKEN = re.compile(r"\d+:[\w-]+")


class CutOff(Response):
    """Promises a body and breaks the connection instead: the caller never learns the answer."""

    def __init__(self) -> None:
        super().__init__(status_code=200)

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        promised = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": promised})


async def call_method(request: Request) -> Response:
    world: World = request.app.state.world
    name: str = request.path_params["method"]
    try:
        _check_token(world, request.path_params["token"])
        method = METHODS.get(name.lower())
        if method is None:
            raise UnknownMethodError
        asked = await _parameters(request)
        world.log(name, asked.chat_id())
        fault = world.faults.take(name, asked.chat_id())
        if fault is not None and fault.drop is None:
            return _failing(fault)
        if fault is not None and fault.drop is Drop.BEFORE:
            return CutOff()
        _keep_pace(world, name, asked)
        result: Any = await method(world, asked)
        return JSONResponse({"ok": True, "result": result}) if fault is None else CutOff()
    except BotApiError as refusal:
        return _refusal(refusal.status, str(refusal), refusal.retry_after)


async def download(request: Request) -> Response:
    world: World = request.app.state.world
    try:
        _check_token(world, request.path_params["token"])
    except BotApiError as refusal:
        return _refusal(refusal.status, str(refusal))
    file = world.files.by_path(request.path_params["path"])
    if file is None:
        return _refusal(UnknownMethodError.status, str(UnknownMethodError()))
    return Response(file.content, media_type="application/octet-stream")


def _check_token(world: World, token: str) -> None:
    if not TOKEN.fullmatch(token):
        raise UnknownMethodError
    if not hmac.compare_digest(token, world.bot.token):
        raise UnauthorizedError


async def _parameters(request: Request) -> Parameters:
    try:
        return await read_parameters(request)
    except ValueError as broken:
        raise BadRequestError from broken


def _keep_pace(world: World, name: str, asked: Parameters) -> None:
    chat_id = asked.chat_id()
    if name.lower() not in PACED or chat_id not in world.phones:
        return
    wait = world.limits.seconds_to_wait(chat_id, world.clock.steady())
    if wait:
        raise TooManyRequestsError(retry_after=wait)


def _failing(fault: Fault) -> Response:
    return _refusal(fault.error_code, fault.description, fault.retry_after)


def _refusal(status: int, description: str, retry_after: int | None = None) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if retry_after is not None:
        body["parameters"] = {"retry_after": retry_after}
    return JSONResponse(body, status_code=status)
