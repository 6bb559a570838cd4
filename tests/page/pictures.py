"""`make pictures`: the page as the README shows it, taken while a stranger plays the story."""

import asyncio
from io import BytesIO

from PIL import Image
from playwright.async_api import Page, ViewportSize, async_playwright

from tests.page.conftest import ARGUMENTS, CHROMIUM
from tests.page.playing import Stranger, play, report_in_kiswahili, running_demo
from tests.sandbox_client import ROOT

FOLDER = ROOT / "docs" / "pictures"
LAPTOP = ViewportSize(width=1366, height=768)
SMALL = ViewportSize(width=360, height=740)
COLOURS = 96

SETTLED = 1.8
"""Seconds in which animations end."""


async def take() -> None:
    async with running_demo() as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await (await browser.new_context(viewport=LAPTOP)).new_page()
        small = await (await browser.new_context(viewport=SMALL)).new_page()
        await small.emulate_media(reduced_motion="reduce")
        await page.goto(url)
        await small.goto(url)

        async def look(moment: str) -> None:
            match moment:
                case "review":
                    await shoot(small, "phone-review")
                case "report":
                    await small.get_by_role("tab", name="Otieno").click()
                    open_report = Stranger(small).phone("Otieno").locator(".message").last
                    await open_report.evaluate("shown => shown.scrollIntoView()")
                    await shoot(small, "phone-report")
                case "story":
                    await shoot(page, "laptop-story")
                case _:
                    pass

        await play(Stranger(page), look)
        await browser.close()
    async with running_demo() as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        small = await (await browser.new_context(viewport=SMALL)).new_page()
        await small.goto(url)

        async def look_at(_: str) -> None:
            await shoot(small, "phone-kiswahili")

        await report_in_kiswahili(Stranger(small), look_at)
        await browser.close()


async def shoot(page: Page, name: str) -> None:
    await asyncio.sleep(SETTLED)
    with Image.open(BytesIO(await page.screenshot())) as taken:
        taken.convert("RGB").quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    asyncio.run(take())
