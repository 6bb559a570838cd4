"""A bot in a process of its own, for tests that kill it; called with an address and a mode.

It tells Telegram when a handler begins and when it is done. In the mode `stuck`, messages of chat 2
never get done.
"""

import asyncio
import sys

from telegram import Update

from bot.telegram.intake import Intake, Processor
from bot.telegram.intake.processor import AnyContext
from tests.integration.intake_world import (
    Journal,
    application_with,
    chat_id_of,
    quick_settings,
    words_of,
)


async def main(url: str, mode: str) -> None:
    async def handle(update: Update, context: AnyContext) -> None:
        chat = chat_id_of(update)
        await context.bot.send_message(chat, f"begun {words_of(update)}")
        if mode == "stuck" and chat == 2:
            await asyncio.Event().wait()
        await context.bot.send_message(chat, f"done {words_of(update)}")

    processor = Processor()
    application = application_with(url, processor, handle)
    async with application:
        intake = Intake(
            application=application,
            processor=processor,
            log=Journal().log,
            settings=quick_settings(),
        )
        await application.start()
        await intake.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
