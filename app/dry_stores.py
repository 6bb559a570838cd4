"""Stores that keep nothing: what a job would do, and does not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from domain.ports.addresses import Addresses
from domain.ports.stores import Cases, Shreds, Stores
from storage.tables.metadata import STORES


class _Dry:
    """A unit of work whose commit does nothing: it rolls back at its end."""

    def __init__(self, work: Any) -> None:
        self._work = work

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)

    async def commit(self) -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True)
class DryStores:
    stores: Stores

    @asynccontextmanager
    async def cases(self) -> AsyncIterator[Cases]:
        async with self.stores.cases() as work:
            yield cast("Cases", _Dry(work))

    @asynccontextmanager
    async def addresses(self) -> AsyncIterator[Addresses]:
        async with self.stores.addresses() as work:
            yield cast("Addresses", _Dry(work))

    @asynccontextmanager
    async def shreds(self) -> AsyncIterator[Shreds]:
        async with self.stores.shreds() as work:
            yield cast("Shreds", _Dry(work))

    async def scrub(self) -> None:
        """Nothing was destroyed."""

    async def remix(self, _: datetime) -> int:
        return len(STORES["addresses"].tables)

    async def keeps_order(self) -> bool:
        return await self.stores.keeps_order()
