"""The guided story the page tells, and the wish for a fresh world.

Whoever owns the sandbox's phones (the demo) gives the story and begins a world anew when
asked; with nobody waiting for the wish, the sandbox empties itself.
"""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.http import BadBodyError, Body, answering, asked_number
from sandbox.world import World

WAIT_SECONDS = 20.0


async def tell(world: World, request: Request) -> Any:
    steps = (await Body.of(request)).values.get("steps")
    if not isinstance(steps, list):
        why = '"steps" is missing or no list'
        raise BadBodyError(why)
    world.story = steps
    world.changed.give()
    return {"steps": len(steps)}


async def ask_anew(world: World, _: Request) -> Any:
    world.wishes += 1
    if world.owners:
        world.changed.give()
        return {"by": "owner"}
    world.reset()
    return {"by": "sandbox"}


async def wait_for_wish(world: World, request: Request) -> Any:
    """How often a fresh world was asked for, as soon as it is more than `after`."""
    after = asked_number(request, "after", world.wishes)
    world.owners += 1
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while world.wishes <= after:
                await world.changed.next().wait()
    except TimeoutError:
        pass
    finally:
        world.owners -= 1
    return {"wishes": world.wishes}


ROUTES = [
    Route("/story", answering(tell), methods=["PUT"]),
    Route("/fresh", answering(ask_anew), methods=["POST"]),
    Route("/fresh/wait", answering(wait_for_wish), methods=["GET"]),
]
