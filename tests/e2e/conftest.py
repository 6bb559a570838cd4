"""A sandbox Telegram for each end-to-end test."""

from collections.abc import AsyncIterator

import pytest

from tests.deployment import TOKEN
from tests.sandbox_client import SandboxClient, running_sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxClient]:
    async with running_sandbox(TOKEN, "--no-limits") as url, SandboxClient(url) as client:
        yield client
