"""The sandbox's Bot API, driven by the real python-telegram-bot client."""

from collections.abc import AsyncIterator, Iterator

import pytest
from telegram import (
    Bot,
)

from tests.integration.botapi.calling import TOKEN
from tests.sandbox_client import Phone, SandboxClient, sandbox_process


@pytest.fixture(scope="package")
def url() -> Iterator[str]:
    with sandbox_process(TOKEN) as address:
        yield address


@pytest.fixture
async def sandbox(url: str) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(url) as client:
        await client.reset()
        yield client


@pytest.fixture(autouse=True)
def _timedelta_in_retry_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client warns at every RetryAfter otherwise, and warnings are errors here."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def bot(sandbox: SandboxClient) -> AsyncIterator[Bot]:
    async with Bot(
        TOKEN, base_url=f"{sandbox.url}/bot", base_file_url=f"{sandbox.url}/file/bot"
    ) as made:
        yield made


@pytest.fixture
async def amina(sandbox: SandboxClient, bot: Bot) -> Phone:
    """A phone whose /start the bot has already taken."""
    phone = await sandbox.phone("Amina", language_code="sw")
    sent = await phone.send("/start")
    await bot.get_updates(offset=sent["update_id"] + 1)
    return phone
