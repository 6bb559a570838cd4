"""Server-Sent Events for the page: each phone's whole screen, once at first and on every change;
the clock, when it was moved; the story, when it is given.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from sandbox.world import World

STILL_THERE_SECONDS = 15.0
RECONNECT_MILLISECONDS = 800


async def events(request: Request) -> Response:
    stream = _events(request.app.state.world)
    return StreamingResponse(
        stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def _events(world: World) -> AsyncIterator[str]:
    told: dict[int, int] = {}
    ahead: object = None
    story: object = None
    yield f"retry: {RECONNECT_MILLISECONDS}\n"
    yield _event("phones", list(world.phones))
    while True:
        change = world.changed.next()
        clock = world.clock.as_json()
        if clock["ahead"] != ahead:
            ahead = clock["ahead"]
            yield _event("clock", clock)
        if (world.number, len(world.story)) != story:
            story = world.number, len(world.story)
            yield _event("story", {"world": world.number, "steps": world.story})
        if told.keys() - world.phones.keys():
            told = {}
            yield _event("phones", list(world.phones))
        for phone in list(world.phones.values()):
            if told.get(phone.id) != phone.seq:
                told[phone.id] = phone.seq
                yield _event("phone", world.as_seen(phone))
        try:
            async with asyncio.timeout(STILL_THERE_SECONDS):
                await change.wait()
        except TimeoutError:
            yield ": still there\n\n"


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


ROUTES = [Route("/events", events, methods=["GET"])]
