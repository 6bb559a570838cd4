"""What every test may rely on: the log of one test is never the log of the next, the stores
are there, as SQLite files and on a real PostgreSQL, and a sandbox Telegram, one process a
worker, emptied between tests.
"""

import asyncio
import gc
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
from tests.disk import Disk
from tests.house import House, People, a_house, a_house_on, staffed
from tests.postgresql import Server, running_new
from tests.quick_passphrases import at_full_cost, make_quick
from tests.sandbox_client import SandboxClient, sandbox_process

settings.register_profile(
    "sauti",
    deadline=timedelta(seconds=5),  # of one example: the machine may be busy with another
)
settings.load_profile("sauti")

LONG = ("tests/promises", "tests/e2e", "tests/integration")
"""Where the tests are that take longest."""


def pytest_configure() -> None:
    """Before any test module is loaded, and makes something in passing."""
    make_quick()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: no processor waits for them at the end."""
    items.sort(
        key=lambda item: next(
            (at for at, each in enumerate(LONG) if item.nodeid.startswith(each)), len(LONG)
        )
    )


def pytest_collection_finish() -> None:
    """Thousands of tests are no garbage, and need not be looked at each time some is looked for."""
    gc.collect()
    gc.freeze()


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


@pytest.fixture
def full_cost() -> Iterator[None]:
    """Passphrases and codes at what the product has them cost."""
    with at_full_cost():
        yield


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


@pytest.fixture(scope="session")
def postgresql_staffed(postgresql: Server) -> tuple[str, People]:
    """The name of a database to be copied, and who was enrolled there."""
    url = postgresql.created("staffed")
    asyncio.run(upgrade(url, Path()))
    return "staffed", asyncio.run(staffed(Disk(folder=Path(), url=url)))


@pytest.fixture(params=["sqlite", "postgresql"])
def staffed_disk(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Disk, People | None]]:
    """On which a house may be opened; PostgreSQL's with who is enrolled there."""
    if request.param == "sqlite":
        yield Disk(folder=tmp_path), None
        return
    server: Server = request.getfixturevalue("postgresql")
    template, people = request.getfixturevalue("postgresql_staffed")
    with server.copied(template) as url:
        yield Disk(folder=tmp_path, url=url, server=server), people


@pytest.fixture
async def staffed_house(
    staffed_disk: tuple[Disk, People | None],
) -> AsyncIterator[House]:
    """`tests.house.a_house` on either database, with all of its disk at hand."""
    disk, people = staffed_disk
    opened = a_house_on(disk, people) if people else a_house(disk.folder)
    async with opened as house:
        yield house


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
