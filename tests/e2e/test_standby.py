"""Two processes for one bot: one serves it, the other waits, and takes over after a kill."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.deployment import POSTGRESQL, SQLITE, Deployment, deployed
from tests.e2e.story import Words, begin
from tests.sandbox_client import SandboxClient

PATIENCE = 20


@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
async def test_a_standby_waits_until_the_first_process_is_killed_and_takes_over(
    sandbox: SandboxClient, tmp_path: Path, on: str
) -> None:
    say = Words.of("en")
    async with deployed(sandbox.url, tmp_path, on=on) as first:
        second = replace(first)
        await first.start()
        await begin(await sandbox.phone("Amina"), say, "en")
        await second.start()
        try:
            await logged(first, "bot.standby")
            assert first.log.read_text("utf-8").count("bot.started") == 1
            await first.kill()
            await begin(await sandbox.phone("Baraka"), say, "en")
            assert first.log.read_text("utf-8").count("bot.started") == 2
        finally:
            await second.stop()


async def logged(deployment: Deployment, event: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while event not in deployment.log.read_text("utf-8"):  # noqa: ASYNC110 - another process's file
            await asyncio.sleep(0.05)
