"""Languages, the keyboard, pictures and files, a story of any bot's: the page in itself."""

from typing import Any

import pytest
from playwright.async_api import Page, expect
from telegram.ext import Application

from tests.page.test_page import on, write
from tests.sandbox_client import ROOT, SandboxClient

PHOTO = (ROOT / "sandbox" / "samples" / "photo.jpg").read_bytes()
STEP = {"look": {"en": "an answer", "sw": "jibu"}, "keep": None}

pytestmark = pytest.mark.usefixtures("bot")


async def tell(sandbox: SandboxClient) -> None:
    """Two steps: words that vanish, and an answer."""
    steps = [
        STEP
        | {
            "phone": "Amina",
            "do": {"en": "Send a secret.", "sw": "Tuma siri."},
            "fill": {"en": "secret one", "sw": "secret moja"},
            "done": {"phone": "Amina", "taken": True},
        },
        STEP
        | {
            "phone": "Joseph",
            "do": {"en": "Say hodi.", "sw": "Sema hodi."},
            "fill": {"en": "hodi", "sw": "hodi"},
            "done": {"phone": "Joseph", "says": ["echo hodi"]},
        },
    ]
    await sandbox.ask("PUT", "/story", json={"steps": steps})


async def test_the_page_speaks_kiswahili_and_remembers_it(
    sandbox: SandboxClient, page: Page
) -> None:
    amina = await sandbox.phone("Amina", role="citizen")
    await page.goto(sandbox.url)
    await on(page, amina).locator("textarea").fill("half a wor")
    await page.get_by_role("button", name="Kiswahili").click()
    await expect(on(page, amina).get_by_text("Mwananchi")).to_be_visible()
    await expect(page.get_by_role("button", name="Wiki ijayo")).to_be_visible()
    await expect(on(page, amina).get_by_role("textbox", name="Ujumbe")).to_have_value("half a wor")
    await expect(page).to_have_title("Echo · Simu")
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("lang", "sw")
    await expect(on(page, amina).get_by_role("button", name="Anza")).to_be_visible()


async def test_every_word_of_the_page_is_in_both_languages(
    sandbox: SandboxClient, page: Page
) -> None:
    await page.goto(sandbox.url)
    missing = await page.evaluate(
        """async () => {
          const texts = await import("/page/texts.js");
          const said = (language) => { texts.speak(language); return texts.keys().map(texts.say); };
          const [en, sw] = [said("en"), said("sw")];
          return texts.keys().filter((_, at) => !en[at] || !sw[at]);
        }"""
    )
    assert missing == []


async def test_a_step_is_ticked_only_when_it_happened(sandbox: SandboxClient, page: Page) -> None:
    amina, _ = await sandbox.phone("Amina"), await sandbox.phone("Joseph")
    await tell(sandbox)
    await page.goto(sandbox.url)
    count = page.locator("#story h2 small")
    await page.get_by_role("button", name="Fill in").click()
    await expect(on(page, amina).locator("textarea")).to_have_value("secret one")
    await expect(on(page, amina)).to_have_class("phone chosen turn")
    await expect(count).to_have_text("1 / 2")
    await write(page, amina, "not that")
    await expect(on(page, amina).get_by_text("echo not that")).to_be_visible()
    await expect(count).to_have_text("1 / 2")
    await write(page, amina, "secret one")
    await expect(count).to_have_text("2 / 2")
    await page.reload()
    await expect(count).to_have_text("2 / 2")
    await page.get_by_role("button", name="Skip").click()
    await expect(page.locator("#story li.skipped")).to_have_count(1)
    await expect(page.locator("#story")).to_contain_text("The story is told")


async def test_alt_and_a_digit_moves_among_phones_and_to_the_story(
    sandbox: SandboxClient, page: Page
) -> None:
    amina, joseph = await sandbox.phone("Amina"), await sandbox.phone("Joseph")
    await tell(sandbox)
    await page.goto(sandbox.url)
    await expect(on(page, joseph)).to_be_visible()
    for key, phone in (("2", joseph), ("1", amina)):
        await page.keyboard.press(f"Alt+Digit{key}")
        await expect(on(page, phone).locator("textarea")).to_be_focused()
    await page.keyboard.press("Alt+Digit0")
    await expect(page.get_by_role("button", name="Fill in")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#story")).to_be_visible()
    await expect(on(page, amina).locator("textarea")).to_have_value("secret one")


async def test_what_the_bot_sends_is_seen_large_and_saved(
    sandbox: SandboxClient, page: Page, bot: Application[Any, Any, Any, Any, Any, Any]
) -> None:
    amina = await sandbox.phone("Amina")
    await amina.send("x")
    await amina.wait_for_text("echo x")
    await bot.bot.send_photo(amina.id, PHOTO, caption="A chart")
    await bot.bot.send_document(amina.id, b"%PDF-1.7 a digest", filename="digest.pdf")
    await page.goto(sandbox.url)
    picture = on(page, amina).get_by_role("button", name="A chart")
    await picture.focus()
    await page.keyboard.press("Enter")
    large = page.locator(".viewer img")
    await expect(large).to_be_visible()
    assert await large.evaluate("img => img.decode().then(() => img.naturalWidth)") == 480
    await page.keyboard.press("Escape")
    await expect(page.locator(".viewer")).to_have_count(0)
    await expect(picture).to_be_focused()
    async with page.expect_download() as saving:
        await on(page, amina).get_by_role("link", name="digest.pdf").click()
    saved = await saving.value
    assert saved.suggested_filename == "digest.pdf"
    assert (await saved.path()).read_bytes() == b"%PDF-1.7 a digest"


async def test_a_sandbox_that_nobody_owns_empties_itself(
    sandbox: SandboxClient, page: Page
) -> None:
    await sandbox.phone("Amina")
    await page.goto(sandbox.url)
    await page.get_by_role("button", name="Start again").click()
    await page.locator("#freshening").get_by_role("button", name="Start again").click()
    await expect(page.locator(".phone")).to_have_count(0)
