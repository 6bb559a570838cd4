"""The page of phones in a real Chromium."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect
from telegram.ext import Application

from tests.page.conftest import NARROW, TOKEN
from tests.sandbox_client import ROOT, Phone, SandboxClient, running_sandbox

pytestmark = pytest.mark.usefixtures("bot")

# For every shown text: its contrast with what lies behind it (WCAG 2.2, relative luminance).
CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = (rgb) => {
    const [r, g, b] = [...rgb].slice(0, 3).map((v) => v / 255)
      .map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = rgba(getComputedStyle(e).backgroundColor);
      if (color[3] > 200) return color;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    const skipped = element.closest(".unseen, .spoiler, script, noscript");
    if (!text || skipped || !element.checkVisibility()) continue;
    const [a, b] = [light(rgba(getComputedStyle(element).color)), light(behind(element))];
    found.push([text, (Math.max(a, b) + .05) / (Math.min(a, b) + .05)]);
  }
  return found;
}"""


def on(page: Page, phone: Phone) -> Locator:
    return page.locator(f"#phone-{phone.id}")


async def write(page: Page, phone: Phone, text: str) -> None:
    box = on(page, phone).get_by_role("textbox", name="Message")
    await box.fill(text)
    await box.press("Enter")


async def messages(page: Page, phone: Phone) -> list[str]:
    return await on(page, phone).locator(".message .words").all_inner_texts()


async def test_two_phones_stand_side_by_side_and_each_has_its_own_chat(
    sandbox: SandboxClient, page: Page
) -> None:
    amina = await sandbox.phone("Amina", role="Citizen")
    joseph = await sandbox.phone("Joseph", role="Moderator")
    await page.goto(sandbox.url)
    await write(page, amina, "hello")
    await write(page, joseph, "hodi")
    await expect(on(page, amina).get_by_text("echo hello")).to_be_visible()
    await expect(on(page, joseph).get_by_text("echo hodi")).to_be_visible()
    assert await messages(page, amina) == ["hello", "echo hello"]
    left, right = await on(page, amina).bounding_box(), await on(page, joseph).bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]
    assert left["y"] == right["y"]


async def test_shift_enter_makes_a_new_line_and_enter_sends(
    sandbox: SandboxClient, page: Page
) -> None:
    amina = await sandbox.phone("Amina")
    await page.goto(sandbox.url)
    box = on(page, amina).get_by_role("textbox", name="Message")
    await box.press_sequentially("one")
    await box.press("Shift+Enter")
    await box.press_sequentially("two")
    assert await amina.texts() == []
    await box.press("Enter")
    await expect(on(page, amina).get_by_text("echo one")).to_be_visible()
    await expect(box).to_have_value("")
    assert (await amina.texts())[0] == "one\ntwo"


async def test_a_new_chat_tells_what_the_bot_does_and_starts_it(
    sandbox: SandboxClient, page: Page
) -> None:
    amina = await sandbox.phone("Amina")
    await page.goto(sandbox.url)
    await expect(on(page, amina).get_by_text("Says back what you say.")).to_be_visible()
    start = on(page, amina).get_by_role("button", name="Start", exact=True)
    await start.click()
    await expect(on(page, amina).get_by_text("Welcome")).to_be_visible()
    await expect(start).to_be_hidden()


async def test_a_pressed_button_edits_in_place_toasts_and_keeps_the_focus(
    sandbox: SandboxClient, page: Page
) -> None:
    amina = await sandbox.phone("Amina")
    await page.goto(sandbox.url)
    await write(page, amina, "/start")
    send = on(page, amina).locator(".key", has_text="Send")
    await send.focus()
    await page.keyboard.press("Enter")
    await expect(on(page, amina).locator(".toast")).to_have_text("Sent")
    await expect(on(page, amina).locator(".message").last).to_contain_text("Received")
    await expect(on(page, amina).locator(".message").last).to_contain_text("edited")
    await expect(send).to_be_focused()
    assert len(await messages(page, amina)) == 2


async def test_an_unanswered_button_shows_that_it_waits(sandbox: SandboxClient, page: Page) -> None:
    amina = await sandbox.phone("Amina")
    await page.goto(sandbox.url)
    await write(page, amina, "/start")
    wait = on(page, amina).get_by_role("button", name="Wait")
    await wait.click()
    await expect(wait).to_have_attribute("aria-busy", "true")


async def test_an_alert_takes_the_focus_and_gives_it_back(
    sandbox: SandboxClient, page: Page
) -> None:
    amina = await sandbox.phone("Amina")
    await page.goto(sandbox.url)
    await write(page, amina, "/start")
    why = on(page, amina).get_by_role("button", name="Why?")
    await why.focus()
    await page.keyboard.press("Enter")
    dialog = on(page, amina).get_by_role("alertdialog")
    await expect(dialog).to_contain_text("Because it matters")
    await expect(dialog.get_by_role("button", name="OK")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_a_deleted_message_is_seen_to_vanish(sandbox: SandboxClient, page: Page) -> None:
    amina = await sandbox.phone("Amina")
    await page.goto(sandbox.url)
    await write(page, amina, "secret words")
    await expect(on(page, amina).locator(".message.gone")).to_have_count(1)
    await expect(on(page, amina).get_by_role("status")).to_have_text("Message deleted")
    await expect(on(page, amina).locator(".message")).to_have_count(0)


async def test_who_wants_no_motion_sees_it_gone_at_once(sandbox: SandboxClient, page: Page) -> None:
    amina = await sandbox.phone("Amina")
    await amina.send("/start")
    await amina.wait_for_text("Welcome")
    await page.emulate_media(reduced_motion="reduce")
    await page.goto(sandbox.url)
    await expect(on(page, amina).locator(".message")).to_have_count(2)
    await amina.delete(1)
    await expect(on(page, amina).locator(".message")).to_have_count(1, timeout=1000)


async def test_the_command_menu_lists_and_sends_by_keyboard(
    sandbox: SandboxClient, page: Page
) -> None:
    amina = await sandbox.phone("Amina")
    await page.goto(sandbox.url)
    opener = on(page, amina).get_by_role("button", name="Commands")
    await opener.focus()
    await page.keyboard.press("Enter")
    menu = on(page, amina).get_by_role("menu", name="Commands")
    assert await menu.get_by_role("menuitem").all_inner_texts() == ["/start\nBegin", "/help\nHelp"]
    await expect(menu.get_by_role("menuitem").first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(on(page, amina).get_by_text("echo /help")).to_be_visible()


async def test_a_narrow_window_shows_one_phone_at_a_time_with_tabs(
    sandbox: SandboxClient, page: Page
) -> None:
    await page.set_viewport_size(NARROW)
    amina, joseph = await sandbox.phone("Amina"), await sandbox.phone("Joseph")
    await page.goto(sandbox.url)
    await expect(on(page, amina)).to_be_visible()
    await expect(on(page, joseph)).to_be_hidden()
    await joseph.send("hodi")
    tab = page.get_by_role("tab", name="Joseph")
    await expect(tab).to_have_text("Joseph1newEnglish")
    await page.get_by_role("tab", name="Amina").focus()
    await page.keyboard.press("ArrowRight")
    await expect(tab).to_be_focused()
    await expect(tab).to_have_text("JosephEnglish")
    await expect(on(page, joseph)).to_have_role("tabpanel")
    await expect(on(page, joseph).get_by_text("echo hodi")).to_be_visible()
    await expect(on(page, amina)).to_be_hidden()
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide == NARROW["width"]


async def test_hostile_text_stays_text(sandbox: SandboxClient, page: Page) -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    amina = await sandbox.phone(hostile[:60], role=hostile, note=hostile)
    await page.goto(sandbox.url)
    await write(page, amina, hostile)
    await expect(on(page, amina).get_by_text(f"echo {hostile}")).to_be_visible()
    assert await page.locator(".phone img, .phone script").count() == 0


async def test_marked_words_show_as_such_and_only_web_links_lead_out(
    sandbox: SandboxClient, page: Page
) -> None:
    amina = await sandbox.phone("Amina")
    await page.goto(sandbox.url)
    await write(page, amina, "html")
    shown = on(page, amina).locator(".message").last
    await expect(shown.locator("strong")).to_have_text("bold")
    await expect(shown.locator("code")).to_have_text("4821")
    await expect(shown.locator("blockquote")).to_have_text("said")
    await expect(shown.locator("a")).to_have_text(["out"])
    await expect(shown.locator("a")).to_have_attribute("rel", "noopener noreferrer")
    await expect(shown.locator(".words")).to_have_css("user-select", "none")
    await shown.get_by_role("button", name="Hidden text").click()
    await expect(shown.locator(".spoiler")).to_have_class(re.compile("open"))
    await shown.get_by_role("button", name="/help").click()
    await expect(on(page, amina).get_by_text("echo /help")).to_be_visible()


async def test_a_photo_and_a_file_are_attached(sandbox: SandboxClient, page: Page) -> None:
    amina = await sandbox.phone("Amina")
    await page.goto(sandbox.url)
    for name, sample in (("Photo…", "photo.jpg"), ("File…", "document.txt")):
        await on(page, amina).get_by_role("button", name="Attach").click()
        async with page.expect_file_chooser() as chooser:
            await on(page, amina).get_by_role("menuitem", name=name).click()
        await (await chooser.value).set_files(ROOT / "sandbox" / "samples" / sample)
    picture = on(page, amina).get_by_role("img", name="Photo")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("img => img.decode().then(() => img.naturalWidth)") == 480
    await expect(on(page, amina).get_by_role("link", name="document.txt")).to_be_visible()


async def test_the_note_copies_what_stands_after_its_name(
    sandbox: SandboxClient, page: Page
) -> None:
    joseph = await sandbox.phone("Joseph", note="Passphrase: copper lantern river")
    amina = await sandbox.phone("Amina", note="Press Start.")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(sandbox.url)
    await on(page, joseph).get_by_role("button", name="Copy").click()
    await expect(on(page, joseph).locator(".toast")).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "copper lantern river"
    await expect(on(page, amina).get_by_role("button", name="Copy")).to_be_hidden()


async def test_a_person_edits_and_deletes_on_the_page(sandbox: SandboxClient, page: Page) -> None:
    amina = await sandbox.phone("Amina")
    await page.goto(sandbox.url)
    await write(page, amina, "tomorow")
    mine = on(page, amina).locator(".message.mine").first
    await mine.hover()
    await mine.get_by_role("button", name="What to do with this message").click()
    await on(page, amina).get_by_role("menuitem", name="Edit").click()
    await on(page, amina).get_by_role("textbox", name="Message").fill("tomorrow")
    await page.keyboard.press("Enter")
    await expect(mine).to_contain_text("tomorrow")
    await mine.hover()
    await mine.get_by_role("button", name="What to do with this message").click()
    await on(page, amina).get_by_role("menuitem", name="Delete").click()
    await expect(on(page, amina).locator(".message.mine")).to_have_count(0)


async def test_a_blocked_bot_is_unblocked_on_the_page(sandbox: SandboxClient, page: Page) -> None:
    amina = await sandbox.phone("Amina")
    await page.goto(sandbox.url)
    await on(page, amina).get_by_role("button", name="More").click()
    await on(page, amina).get_by_role("menuitem", name="Block the bot").click()
    await expect(on(page, amina).get_by_role("textbox", name="Message")).to_be_hidden()
    await on(page, amina).get_by_role("button", name="Unblock the bot").click()
    await expect(on(page, amina).get_by_role("textbox", name="Message")).to_be_visible()


async def test_a_phone_is_added_on_the_page(sandbox: SandboxClient, page: Page) -> None:
    await page.goto(sandbox.url)
    await expect(page.get_by_text("No phones yet.")).to_be_visible()
    await page.get_by_role("button", name="Add a phone").click()
    await page.get_by_label("Name", exact=True).fill("Wanjiru")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("heading", name="Wanjiru")).to_be_visible()
    await expect(page.get_by_text("No phones yet.")).to_be_hidden()
    assert [phone.name for phone in await sandbox.phones()] == ["Wanjiru"]


async def test_a_long_chat_opens_and_stays_at_its_newest_message(
    sandbox: SandboxClient, page: Page
) -> None:
    amina = await sandbox.phone("Amina")
    for number in range(15):
        await amina.send(f"line {number}\n\n\n")
    await amina.wait_for_text("echo line 14")
    await page.goto(sandbox.url)
    await expect(on(page, amina).get_by_text("echo line 14")).to_be_in_viewport()
    await amina.send("the newest")
    await expect(on(page, amina).get_by_text("echo the newest")).to_be_in_viewport()


@pytest.mark.parametrize("narrow", [False, True])
async def test_every_text_can_be_read_and_the_focus_seen(
    sandbox: SandboxClient, page: Page, *, narrow: bool
) -> None:
    if narrow:
        await page.set_viewport_size(NARROW)
    amina = await sandbox.phone("Amina", role="Citizen", note="Passphrase: copper lantern")
    await amina.send("/start")
    await amina.send("html")
    await amina.voice()
    await page.goto(sandbox.url)
    await expect(on(page, amina).locator(".message")).to_have_count(6)
    await on(page, amina).get_by_role("button", name="Wait").click()
    contrasts: list[tuple[str, float]] = await page.evaluate(CONTRASTS)
    assert len(contrasts) > 15
    assert [(text, ratio) for text, ratio in contrasts if ratio < 4.5] == []
    await on(page, amina).get_by_role("textbox", name="Message").focus()
    for _ in range(3):
        await page.keyboard.press("Shift+Tab")
        outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


async def test_the_page_comes_back_after_the_sandbox_was_away(browser: Browser) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    async with running_sandbox(TOKEN) as url, SandboxClient(url) as sandbox:
        await sandbox.phone("Amina")
        await page.goto(url)
        await expect(page.get_by_role("heading", name="Amina")).to_be_visible()
    await expect(page.locator("#connection")).to_have_text("Reconnecting…")
    port = url.rpartition(":")[2]
    async with running_sandbox(TOKEN, "--port", port), SandboxClient(url) as sandbox:
        await sandbox.phone("Juma")
        await expect(page.get_by_role("heading", name="Juma")).to_be_visible(timeout=15_000)
        await expect(page.locator("#connection")).to_have_text("Live")
        await expect(page.get_by_role("heading", name="Amina")).to_have_count(0)
        await context.close()


async def test_a_start_link_in_a_message_is_followed_here(
    sandbox: SandboxClient, page: Page, bot: Application[Any, Any, Any, Any, Any, Any]
) -> None:
    amina = await sandbox.phone("Amina")
    await amina.send("x")
    await bot.bot.send_message(amina.id, "https://t.me/echo_bot?start=f-KEY")
    await page.goto(sandbox.url)
    await on(page, amina).get_by_role("button", name="https://t.me/echo_bot?start=f-KEY").click()
    await expect(on(page, amina).get_by_text("Welcome f-KEY")).to_be_visible()


async def test_the_clock_is_shown_and_moved_forward(sandbox: SandboxClient, page: Page) -> None:
    await sandbox.phone("Amina")
    await page.goto(sandbox.url)
    clock = page.locator("#clock")
    await expect(clock).to_have_text(re.compile(r"\w{3},? \d+ \w{3},? \d\d:\d\d"))
    await page.get_by_role("button", name="Next window").click()
    await expect(clock).to_have_text(re.compile(r"18:00$"))
    shown = await clock.inner_text()
    await page.get_by_role("button", name="Next week").click()
    await expect(clock).not_to_have_text(shown)
    await expect(clock).to_have_text(re.compile(rf"^{shown[:3]}.*18:00$"))
