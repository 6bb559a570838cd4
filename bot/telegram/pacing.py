"""Telegram's 429: the one chat it is about waits as long as asked; nobody else does."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from telegram._utils.types import JSONDict
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter
from typing_extensions import override

Answer = bool | JSONDict | list[JSONDict]

PATIENCE = 3
"""Tries before the caller hears of it: the update is then tried again by the intake."""

LONGEST = 10.0
"""Seconds waited here. The intake waits longer, and without a limit on the whole try."""


class RetryAfterLimiter(BaseRateLimiter[int]):
    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    @override
    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Answer:
        """Raises RetryAfter when Telegram has asked for patience too often. `rate_limit_args`:
        the number of tries, where it is not `PATIENCE`.
        """
        for _ in range((rate_limit_args or PATIENCE) - 1):
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as asked:
                if _seconds(asked) > LONGEST:
                    raise
                await asyncio.sleep(_seconds(asked))
        return await callback(*args, **kwargs)


def _seconds(asked: RetryAfter) -> float:
    waits = asked.retry_after
    return float(waits) if isinstance(waits, int) else waits.total_seconds()
