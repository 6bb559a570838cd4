"""Killed before a step, in a process of its own: its transaction is open, nothing is closed."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

Work = Callable[[], Coroutine[Any, Any, object]]


def killed_in(work: Work) -> None:
    """`work` must end by a kill, as `die_at` brings about."""
    assert died_in(work), "it came to its end before that step"


def died_in(work: Work) -> bool:
    """Whether a kill ended it before it was done."""
    child = os.fork()
    if child == 0:
        failed = 1
        try:
            asyncio.run(work())
            failed = 0
        finally:
            os._exit(failed)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0, "it failed by itself"
    return os.WIFSIGNALED(status)


def die_at(step: int, *steps: tuple[type, str]) -> None:
    """Before the step of that number, from 1. `steps`: methods, by class and name."""
    done = 0

    def dying(act: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def acted(*given: object, **named: object) -> Any:
            nonlocal done
            done += 1
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return await act(*given, **named)

        return acted

    for part, name in steps:
        setattr(part, name, dying(getattr(part, name)))
