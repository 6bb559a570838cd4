"""A sandbox, a small bot that answers by script, and a browser."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright
from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from tests.sandbox_client import SandboxClient, running_sandbox

TOKEN = "1:sandbox"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = ViewportSize(width=1440, height=900)
NARROW = ViewportSize(width=390, height=844)
CARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Send", callback_data="send"),
            InlineKeyboardButton("Why?", callback_data="why"),
        ],
        [InlineKeyboardButton("Wait", callback_data="wait", style="danger")],
    ]
)


async def answer(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.effective_message
    assert message is not None
    words = (message.text or "").split()
    match words:
        case ["/start", *payload]:
            await message.reply_html(f"<b>Welcome</b> {' '.join(payload)}", reply_markup=CARD)
        case ["secret", *_]:
            await message.delete()
        case ["html", *_]:
            await message.reply_html(
                "<b>bold</b> <code>4821</code> <tg-spoiler>hid</tg-spoiler> "
                '<a href="https://example.org/x">out</a> <a href="javascript:alert(1)">in</a> '
                "<blockquote>said</blockquote> /help",
                protect_content=True,
            )
        case _:
            await message.reply_text(f"echo {message.text or 'a file'}")


async def pressed(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query is not None
    match query.data:
        case "send":
            await query.answer("Sent")
            await query.edit_message_text("Received", reply_markup=CARD)
        case "why":
            await query.answer("Because it matters", show_alert=True)
        case _:
            pass  # a bot that is slow to answer


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxClient]:
    arguments = ("--no-limits", "--bot-name", "Echo", "--bot-username", "echo_bot")
    async with running_sandbox(TOKEN, *arguments) as url, SandboxClient(url) as client:
        yield client


@pytest.fixture
async def bot(sandbox: SandboxClient) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    made = Application.builder().token(TOKEN).base_url(f"{sandbox.url}/bot").build()
    made.add_handler(MessageHandler(filters.ALL, answer))
    made.add_handler(CallbackQueryHandler(pressed))
    async with made:
        await made.bot.set_my_commands([BotCommand("start", "Begin"), BotCommand("help", "Help")])
        await made.bot.set_my_description("Says back what you say.")
        await made.start()
        assert made.updater is not None
        await made.updater.start_polling()
        yield made
        await made.updater.stop()
        await made.stop()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        await opened.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A wide window. What the browser complains of (a script, the policy) fails the test."""
    complaints: asyncio.Queue[str] = asyncio.Queue()
    context = await browser.new_context(viewport=WIDE, locale="en-GB")
    opened = await context.new_page()
    opened.on("pageerror", lambda error: complaints.put_nowait(str(error)))
    opened.on(
        "console",
        lambda said: complaints.put_nowait(said.text) if "Security Policy" in said.text else None,
    )
    opened.on("dialog", lambda dialog: complaints.put_nowait(dialog.message))
    yield opened
    await context.close()
    assert complaints.empty(), complaints.get_nowait()
