"""What tests and the demo control: the log of calls, the clock, limits, faults, a new beginning."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.faults import Drop, Fault
from sandbox.http import BadBodyError, Body, answering, asked_number
from sandbox.world import World

WAIT_SECONDS = 20.0

PAST_THE_WINDOW = 1.0


async def list_calls(world: World, _: Request) -> Any:
    return [call.as_json() for call in world.calls]


async def wait_for_calls(world: World, request: Request) -> Any:
    """The calls of `method` once there are `times` of them, or as they are when time is over."""
    method = request.query_params.get("method", "").lower()
    times = asked_number(request, "times", 1)
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while len(calls := [c for c in world.calls if c.method.lower() == method]) < times:
                await world.called.next().wait()
    except TimeoutError:
        pass
    return [call.as_json() for call in calls]


async def see_clock(world: World, _: Request) -> Any:
    return world.clock.as_json()


async def move_clock(world: World, request: Request) -> Any:
    """Forward only: `advance_seconds`, or to the next window and a moment past it."""
    body = await Body.of(request)
    if "to_window" in body:
        seconds = world.clock.seconds_to_window() + PAST_THE_WINDOW
    else:
        seconds = body.amount("advance_seconds")
    if seconds < 0:
        why = "the clock runs forward only"
        raise BadBodyError(why)
    world.clock.advance(seconds)
    world.changed.give()
    return world.clock.as_json()


async def set_limits(world: World, request: Request) -> Any:
    body = await Body.of(request)
    world.limits.on = bool(body.number("on"))
    return {"on": world.limits.on}


async def plan_faults(world: World, request: Request) -> Any:
    body = await Body.of(request)
    drop = next((drop for drop in Drop if f"drop_{drop}" in body), None)
    fault = Fault(
        method=body.text("method"),
        drop=drop,
        error_code=body.number("error_code", 500),
        description=body.text("description", "Internal Server Error"),
        retry_after=body.number("retry_after") if "retry_after" in body else None,
        chat_id=body.number("chat_id") if "chat_id" in body else None,
    )
    times = body.number("times", 1)
    if times:
        world.faults.plan(fault, times)
    else:
        world.faults.cancel(fault.method)
    return {"left": world.faults.left()}


async def count_faults(world: World, _: Request) -> Any:
    return {"left": world.faults.left()}


async def reset(world: World, _: Request) -> Any:
    world.reset()
    return {"reset": True}


ROUTES = [
    Route("/requests", answering(list_calls), methods=["GET"]),
    Route("/requests/wait", answering(wait_for_calls), methods=["GET"]),
    Route("/clock", answering(see_clock), methods=["GET"]),
    Route("/clock", answering(move_clock), methods=["POST"]),
    Route("/limits", answering(set_limits), methods=["POST"]),
    Route("/faults", answering(count_faults), methods=["GET"]),
    Route("/faults", answering(plan_faults), methods=["POST"]),
    Route("/reset", answering(reset), methods=["POST"]),
]
