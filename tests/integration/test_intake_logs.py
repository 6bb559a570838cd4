import logging

import pytest
from telegram import Update

import bot.telegram.intake.intake as house
from bot.telegram.intake import quiet_libraries
from bot.telegram.intake.processor import AnyContext
from tests.integration.intake_world import (
    TOKEN,
    Journal,
    bot_at,
    loggers_restored,
    telegram_on_loopback,
    words_of,
)

WORDS = "pelican-lighthouse-marmalade"


async def everything_logged(caplog: pytest.LogCaptureFixture) -> str:
    """A good, a poison and an unreadable update, all with the person's words in them."""
    caplog.set_level(logging.DEBUG)
    journal = Journal()

    async def handle(update: Update, _: AnyContext) -> None:
        if update.update_id % 2:
            raise LookupError(words_of(update))

    async with telegram_on_loopback() as telegram:
        ids = [await telegram.write(4711_4711, WORDS) for _ in range(2)]
        ids.append(await telegram.bring({"message": {"text": WORDS}}))
        async with bot_at(telegram, handle, journal=journal):
            await telegram.until(lambda: telegram.confirmed == ids)
    assert journal.count("update.set_aside") == 2
    formatter = logging.Formatter("%(name)s %(message)s")
    return "\n".join(formatter.format(record) for record in caplog.records) + repr(journal.events)


async def test_no_word_id_or_token_is_logged_even_at_debug(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with loggers_restored():
        quiet_libraries()  # as the app does before it builds the application
        logged = await everything_logged(caplog)
    assert "intake.drained" in logged
    for secret in (WORDS, "47114711", TOKEN, "'700'", "update_id"):
        assert secret not in logged


async def test_without_the_quieting_words_and_token_would_be_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "quiet_libraries", lambda: None)
    logged = await everything_logged(caplog)
    assert WORDS in logged
    assert TOKEN in logged
