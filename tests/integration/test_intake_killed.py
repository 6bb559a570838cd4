import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.integration.intake_world import Telegram, telegram_on_loopback

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def bot_process(telegram: Telegram, mode: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A bot in a process of its own, killed at the end without a warning."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.intake_bot", telegram.url, mode, cwd=ROOT
    )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def test_a_kill_in_the_middle_of_a_handler_loses_no_update() -> None:
    async with telegram_on_loopback() as telegram:
        words = [f"words {number}" for number in range(20)]
        for number, text in enumerate(words):
            await telegram.write(chat=1 + number % 4, text=text)

        async with bot_process(telegram, "stuck"):
            await telegram.until(lambda: (2, "begun words 1") in telegram.sent)
            await telegram.until(lambda: (1, "done words 16") in telegram.sent)
        done = {text for _, text in telegram.sent if text.startswith("done")}
        assert "done words 1" not in done
        assert "done words 16" in done
        assert 701 in telegram.pending

        async with bot_process(telegram, "well"):
            await telegram.until(lambda: not telegram.pending)
        done = {text for _, text in telegram.sent if text.startswith("done")}
        assert done == {f"done {text}" for text in words}
