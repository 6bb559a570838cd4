"""The demo as a process, and a stranger who plays its guided story by the page alone."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from tests.deployment import COMMAND
from tests.sandbox_client import ROOT

HUMAN = 3.0
"""Seconds in which nobody reads a step and acts: news needs two to be on its way."""

PATIENCE = 30_000
"""Milliseconds; a busy machine takes its time."""


@asynccontextmanager
async def running_demo() -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", COMMAND, "demo", "--port", "0"),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=PIPE,
        stderr=DEVNULL,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(90):
            line = (await process.stdout.readline()).decode()
        address = re.search(r"http://\S+", line)
        assert address, line
        yield address.group()
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()


@dataclass(frozen=True, slots=True)
class Stranger:
    """Knows the page and its story, and nothing else."""

    page: Page

    def phone(self, name: str) -> Locator:
        return self.page.locator(".phone").filter(
            has=self.page.get_by_role("heading", name=name, exact=True)
        )

    async def press(self, name: str, *buttons: str) -> None:
        """Keys that a bot shows, by how they begin; the newest one of each name."""
        for words in buttons:
            start = re.compile(rf"^(✓ )?{re.escape(words)}")
            key = self.phone(name).locator(".message:not(.gone) .key").filter(has_text=start).last
            await key.click(timeout=PATIENCE)
            await expect(self.phone(name).locator('.key[aria-busy="true"]')).to_have_count(
                0, timeout=PATIENCE
            )

    async def fill_in(self, name: str) -> None:
        """The text the story offers, sent with Enter."""
        await self.page.locator("#story .acts .strong").click(timeout=PATIENCE)
        box = self.phone(name).locator("textarea")
        await expect(box).to_be_focused()
        await self.page.keyboard.press("Enter")
        await expect(box).to_have_value("", timeout=PATIENCE)

    async def sees(self, name: str, words: str) -> None:
        said = self.phone(name).locator(".message .words").filter(has_text=words)
        await expect(said.last).to_be_visible(timeout=PATIENCE)

    async def at(self, step: int) -> None:
        """The story waits for its step of this number, by what has really happened."""
        count = self.page.locator("#story h2 small")
        await expect(count).to_have_text(re.compile(rf"^{step} /"), timeout=PATIENCE)


Looks = Callable[[str], Awaitable[None]]


async def nothing(_: str) -> None:
    """Where no picture is wanted."""


async def play(stranger: Stranger, look: Looks = nothing) -> None:
    """From Start to the citizen's last word. `look` is told of moments worth a picture."""
    at, press, fill_in = stranger.at, stranger.press, stranger.fill_in
    await at(1)
    await stranger.phone("Amina").locator(".welcome .strong").click()
    await press("Amina", "English", "Go on", "Only mine")
    await at(2)
    await press("Amina", "Report")
    await at(3)
    await fill_in("Amina")
    await at(4)
    await press("Amina", "Done", "Gangs and politics")
    await stranger.sees("Amina", "In which county")
    await fill_in("Amina")
    await press("Amina", "Nairobi East")
    await at(5)
    await look("review")
    await press("Amina", "More", "How far it may go", "A summary may go on")
    await at(6)
    await press("Amina", "Back", "Back", "Send")
    await at(7)
    await press("Amina", "I have written it down")
    await at(8)
    await fill_in("Amina")
    await at(9)
    await press("Amina", "Tell me when it moves")
    await read_and_answer(stranger, look)


async def report_in_kiswahili(stranger: Stranger, look: Looks = nothing) -> None:
    """The first five steps, by the buttons as the Kiswahili story names them."""
    at, press, fill_in = stranger.at, stranger.press, stranger.fill_in
    await stranger.page.locator('[data-language="sw"]').click()
    await at(1)
    await stranger.phone("Amina").locator(".welcome .strong").click()
    await press("Amina", "Kiswahili", "Endelea", "Yangu pekee")
    await at(2)
    await press("Amina", "Ripoti")
    await at(3)
    await look("kiswahili")
    await fill_in("Amina")
    await at(4)
    await press("Amina", "Nimemaliza", "Magenge na siasa")
    await stranger.sees("Amina", "katika kaunti gani")
    await fill_in("Amina")
    await press("Amina", "Nairobi Mashariki")
    await at(5)
    await press("Amina", "Zaidi", "Ifike wapi", "Muhtasari uende mbele")
    await at(6)


async def read_and_answer(stranger: Stranger, look: Looks) -> None:
    """What the desk and the office do, and the citizen's last word."""
    at, press, fill_in = stranger.at, stranger.press, stranger.fill_in
    await at(10)
    await unlock(stranger, "Otieno")
    await at(11)
    await press("Otieno", "Next")
    await at(12)
    await look("report")
    await press("Otieno", "Pass on", "County Commissioner")
    await stranger.sees("Otieno", "Write the summary")
    await fill_in("Otieno")
    await at(13)
    await look("story")
    await press("Otieno", "Pass this on")
    await at(14)
    await press("Otieno", "Lock")
    await at(15)
    await stranger.page.get_by_role("button", name="+4 days").click()
    await at(16)
    await unlock(stranger, "Wanjiru")
    await at(17)
    await asyncio.sleep(HUMAN)
    await stranger.page.get_by_role("button", name="Next window").click()
    await at(18)
    await press("Kamau", "Done")
    await stranger.sees("Kamau", "What was done?")
    await fill_in("Kamau")
    await at(19)
    await fill_in("Amina")
    await at(20)
    await press("Amina", "It is better")
    await expect(stranger.page.locator("#story")).to_contain_text("The story is told")
    await look("end")


async def unlock(stranger: Stranger, name: str) -> None:
    await stranger.press(name, "Unlock")
    await stranger.sees(name, "Send your passphrase")
    await stranger.fill_in(name)
