"""What was delivered, recorded together: while one transaction is on its way to the disk,
whatever was delivered meanwhile waits for the next, and goes with it.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from domain.followup.outbox import Outbox
from domain.ports.addresses import OutgoingKey


@dataclass(slots=True, kw_only=True)
class Recording:
    outbox: Outbox
    waiting: list[tuple[OutgoingKey, asyncio.Future[None]]] = field(default_factory=list)
    writing: asyncio.Task[None] | None = None

    async def delivered(self, key: OutgoingKey) -> None:
        """Returns when it is on the disk. Raises StoreUnavailable."""
        recorded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append((key, recorded))
        if self.writing is None or self.writing.done():
            self.writing = asyncio.create_task(self._write())
        await recorded

    async def _write(self) -> None:
        while self.waiting:
            together, self.waiting = self.waiting, []
            try:
                await self.outbox.delivered(*(key for key, _ in together))
            except Exception as failure:  # noqa: BLE001 - whoever waits for it raises it
                for recorded in _awaited(together):
                    recorded.set_exception(failure)
            else:
                for recorded in _awaited(together):
                    recorded.set_result(None)


def _awaited(
    together: Iterable[tuple[OutgoingKey, asyncio.Future[None]]],
) -> Iterator[asyncio.Future[None]]:
    """Whoever waited may have been cancelled meanwhile."""
    return (recorded for _, recorded in together if not recorded.done())
