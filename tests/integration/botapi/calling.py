"""What the tests of the Bot API say to it."""

import re
from typing import Any

import httpx
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)

from tests.sandbox_client import SandboxClient

TOKEN = "1:sandbox"
TWO_DAYS = 48 * 60 * 60


def words(description: str) -> re.Pattern[str]:
    """A part of a description; the client changes its capital letters."""
    return re.compile(re.escape(description), re.IGNORECASE)


def keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(rows)


def key(text: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=data)


async def raw(sandbox: SandboxClient, method: str, **given: Any) -> dict[str, Any]:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{sandbox.url}/bot{TOKEN}/{method}", json=given)
    said: dict[str, Any] = answer.json()
    if not said["ok"]:
        assert answer.status_code == said["error_code"]
    return said
