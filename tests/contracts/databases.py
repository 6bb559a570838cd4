"""A database a test may do with as it likes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.open import open_stores
from storage.stores import SqlStores


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """SQLite files in `folder`, or PostgreSQL at `url`."""

    url: str | None
    folder: Path

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[SqlStores]:
        stores = await open_stores(self.url, self.folder)
        try:
            yield stores
        finally:
            await stores.aclose()
