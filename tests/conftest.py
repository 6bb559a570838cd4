"""What every test may rely on: the log of one test is never the log of the next, the stores
are there, as SQLite files and on a real PostgreSQL, and a sandbox Telegram, one process a
worker, emptied between tests.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from storage.migrate import upgrade
from tests.databases import Database, empty_database
from tests.deployment import TOKEN
from tests.postgresql import Server, running_new
from tests.sandbox_client import SandboxClient, sandbox_process

settings.register_profile(
    "sauti",
    deadline=timedelta(seconds=5),  # of one example: the machine may be busy with another
)
settings.load_profile("sauti")


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """The product takes over the root logger of its process; a command that a test runs
    in this one must not leave it writing to a stream that is closed by then.
    """
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """An empty server: one a worker, gone with it."""
    with running_new() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three empty SQLite files in this release's shape, to be copied."""
    folder = tmp_path_factory.mktemp("stores") / "made"
    asyncio.run(upgrade(None, folder))
    return folder


@pytest.fixture(scope="session")
def postgresql_made(postgresql: Server) -> str:
    """A database in this release's shape, to be emptied."""
    url = postgresql.created("made")
    asyncio.run(upgrade(url, Path()))
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """Empty, in this release's shape."""
    return empty_database(request, tmp_path)


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    with sandbox_process(TOKEN, "--no-limits") as url:
        yield url


@pytest.fixture
async def sandbox(sandbox_url: str) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(sandbox_url) as client:
        await client.reset()
        yield client
