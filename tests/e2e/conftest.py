"""A sandbox Telegram for each end-to-end test: one process a worker, emptied between tests."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.deployment import TOKEN
from tests.sandbox_client import SandboxClient, sandbox_process


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    with sandbox_process(TOKEN, "--no-limits") as url:
        yield url


@pytest.fixture
async def sandbox(sandbox_url: str) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(sandbox_url) as client:
        await client.reset()
        yield client
