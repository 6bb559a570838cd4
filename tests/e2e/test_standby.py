"""Two processes for one bot: one serves it, the other waits, and takes over after a kill."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.deployment import POSTGRESQL, SQLITE, deployed
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
            async with asyncio.timeout(PATIENCE):
                await first.said("bot.standby")
            assert first.log.read_text("utf-8").count("bot.started") == 1
            await first.kill()
            await begin(await sandbox.phone("Baraka"), say, "en")
            assert first.log.read_text("utf-8").count("bot.started") == 2
        finally:
            await second.stop()
