"""Whoever moves the sandbox's clock moves the demo's."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from app.sandbox_clock import SandboxClock
from tests.sandbox_client import SandboxClient, SandboxSaysNoError, running_sandbox


async def test_the_demo_follows_the_clock_of_the_page_until_the_sandbox_is_gone() -> None:
    clock = SandboxClock(ZoneInfo("Africa/Nairobi"))
    zone = ("--zone", "Africa/Nairobi", "--window", "18:00")
    async with (
        running_sandbox("1:sandbox", *zone) as url,
        SandboxClient(url) as sandbox,
        httpx.AsyncClient(base_url=url) as http,
    ):
        await clock.look(http)
        assert not clock.ahead
        await sandbox.ask("POST", "/clock", json={"to_window": 1})
        await clock.look(http)
        assert clock.now().strftime("%H:%M") == "18:00"
        assert clock.now().utcoffset() == timedelta(hours=3)
        following = asyncio.create_task(clock.follow(url))
    await asyncio.wait_for(following, 10)


async def test_the_clock_of_the_page_runs_forward_only() -> None:
    async with running_sandbox("1:sandbox") as url, SandboxClient(url) as sandbox:
        with pytest.raises(SandboxSaysNoError, match="forward only"):
            await sandbox.advance(-1)
