"""Killed before a step, in a process of its own: its transaction is open, nothing is closed."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any


def killed_in(work: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """`work` must end by a kill, as `die_at` brings about."""
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(work())
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it came to its end before that step"


def die_at(step: int, *steps: tuple[type, str]) -> None:
    """Before the step of that number, from 1. `steps`: methods, by class and name."""
    done = 0

    def dying(act: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def acted(*given: object) -> None:
            nonlocal done
            done += 1
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)
            await act(*given)

        return acted

    for part, name in steps:
        setattr(part, name, dying(getattr(part, name)))
