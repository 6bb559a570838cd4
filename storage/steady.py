"""A connection whose statements are never cut off in the middle.

A cancelled statement leaves its cursor behind, and SQLite keeps a transaction whose
statement nobody finished, closed connection or not, until the garbage is collected: every
writer would wait for its lock in vain.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

Result = TypeVar("Result")


async def to_its_end(work: Coroutine[Any, Any, Result]) -> Result:
    """Even when cancelled: the cancellation is heard once the work is done."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError:
                continue
        if not task.cancelled():
            task.exception()  # whoever was to hear of it is gone
        raise


class SteadyConnection(AsyncConnection):
    @override
    async def execute(
        self, statement: Executable, parameters: Any = None, **options: Any
    ) -> CursorResult[Any]:
        return await to_its_end(super().execute(statement, parameters, **options))

    @override
    async def commit(self) -> None:
        await to_its_end(super().commit())
