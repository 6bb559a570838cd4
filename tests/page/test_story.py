"""The guided story, played by a stranger on the real product; then a fresh world."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.page.playing import PATIENCE, Stranger, play, report_in_kiswahili, running_demo
from tests.page.test_page import CONTRASTS
from tests.sandbox_client import SandboxClient

LAPTOP = ViewportSize(width=1366, height=768)
SMALL = ViewportSize(width=360, height=740)
PAGE_WIDTH = "document.documentElement.scrollWidth"
PAGE_HEIGHT = "document.documentElement.scrollHeight"

# What can be pressed and is smaller than 44 by 44; links inside a text are exempt (WCAG 2.5.8).
TOO_SMALL = """() => [...document.querySelectorAll("button, a, textarea, select")]
  .filter((one) => one.checkVisibility() && !one.closest(".words"))
  .map((one) => [one.getAttribute("aria-label") ?? one.textContent, one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.width < 43.9 || box.height < 43.9))
  .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""


# Of a step on a small screen: whose it is, what to do and what to look for.
HIDDEN = """() => [...document.querySelectorAll("#story div.now > p")]
  .filter((one) => one.getBoundingClientRect().width < 30).map((one) => one.textContent)"""

# The card of a desk is no card on a small screen, whosever turn it is.
CORNERS = """() => [...new Set([...document.querySelectorAll(".phone")]
  .map((one) => getComputedStyle(one).borderTopLeftRadius))]"""


@pytest.mark.timeout(240)
async def test_a_stranger_plays_the_story_and_starts_again(browser: Browser) -> None:
    async with running_demo() as url, SandboxClient(url) as sandbox:
        page = await (await browser.new_context(viewport=LAPTOP)).new_page()
        small = await (await browser.new_context(viewport=SMALL)).new_page()
        await page.goto(url)
        await small.goto(url)

        async def look(moment: str) -> None:
            await fits(page, LAPTOP)
            await fits(small, SMALL)
            assert await small.evaluate(TOO_SMALL) == [], moment
            assert await small.evaluate(HIDDEN) == [], moment
            assert await small.evaluate(CORNERS) == ["0px"], moment

        await play(Stranger(page), look)
        assert await page.locator("#story li.done").count() == 20
        await skips_and_hides(small)
        await starts_again(page, sandbox)
        await fits(page, LAPTOP)
        await report_in_kiswahili(Stranger(page))
        await fits(page, LAPTOP)


async def fits(page: Page, size: ViewportSize) -> None:
    """Phones and story scroll, the page does not; and every text can be read."""
    assert await page.evaluate(PAGE_WIDTH) == size["width"]
    assert await page.evaluate(PAGE_HEIGHT) == size["height"]
    area = (
        "[...document.querySelectorAll('.phones')].map((one) => one.scrollWidth - one.clientWidth)"
    )
    assert await page.evaluate(area) == [0]
    contrasts: list[tuple[str, float]] = await page.evaluate(CONTRASTS)
    assert [(text, ratio) for text, ratio in contrasts if ratio < 4.5] == []


async def skips_and_hides(page: Page) -> None:
    """On a page opened beside the first: what it did not see happen can be skipped."""
    story = page.locator("#story")
    await story.get_by_role("button", name="Hide the story").click()
    await expect(story).to_be_hidden()
    await expect(page.locator("#tell")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(story).to_be_visible()


async def starts_again(page: Page, sandbox: SandboxClient) -> None:
    before = {phone.id for phone in await sandbox.phones()}
    await page.get_by_role("button", name="Start again").click()
    await page.locator("#freshening").get_by_role("button", name="Start again").click()
    await expect(page.locator("#empty")).to_have_text("A fresh world is being made…")
    await Stranger(page).at(1)
    await expect(page.locator(".phone")).to_have_count(4, timeout=PATIENCE)
    async with asyncio.timeout(30):
        assert before.isdisjoint(phone.id for phone in await sandbox.phones())
    await expect(page.locator("#story li.done")).to_have_count(0)
    await expect(page.locator("#story .paper")).to_have_count(0)
    clock = await sandbox.ask("GET", "/clock")
    assert clock["ahead"] == 0
