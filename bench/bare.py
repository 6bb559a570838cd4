"""A bare bot in a process of its own: python-telegram-bot as its documentation shows it, forty
handlers, no state, no store. Called with an address, a token and a folder.

It makes the calls of Telegram that a conversation cannot do without: what a person wrote is
deleted, the card is drawn, the button that was pressed is answered. *Send* does the raw work.
"""

import asyncio
import sys
from pathlib import Path

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bench.raw import Raw

CARD = "<b>A card</b>\n\n" + "A line of forty characters, or a bit less.\n" * 8
BUTTONS = (*("menu:privacy", "menu", "words:done", "topic:theft", "review:send", "a", "b", "c"),)
COMMANDS = 34
"""With four kinds of button and two of message: forty handlers."""
POOL = 136

Context = ContextTypes.DEFAULT_TYPE


def keyboard() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(data, callback_data=data)] for data in BUTTONS]
    )


class Bare:
    def __init__(self, folder: Path) -> None:
        self.raw = Raw.at(folder)
        self.cards: dict[int, int] = {}
        self.disk = asyncio.Lock()

    async def started(self, update: Update, context: Context) -> None:
        await self.drawn(update, context)

    async def heard(self, update: Update, context: Context) -> None:
        assert update.effective_message
        await self.drawn(update, context)
        await update.effective_message.delete()

    async def pressed(self, update: Update, context: Context) -> None:
        assert update.callback_query
        await self.drawn(update, context)
        await update.callback_query.answer()

    async def sent(self, update: Update, context: Context) -> None:
        await asyncio.to_thread(self.raw.derive)
        self.raw.seal()
        async with self.disk:
            await asyncio.to_thread(self.raw.keep)
        await self.pressed(update, context)

    async def drawn(self, update: Update, context: Context) -> None:
        assert update.effective_chat
        chat = update.effective_chat.id
        if chat in self.cards:
            await context.bot.edit_message_text(
                CARD,
                chat_id=chat,
                message_id=self.cards[chat],
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(),
            )
            return
        message = await context.bot.send_message(
            chat, CARD, parse_mode=ParseMode.HTML, reply_markup=keyboard()
        )
        self.cards[chat] = message.message_id


def main(url: str, token: str, folder: Path) -> None:
    bare = Bare(folder)
    application = (
        Application.builder()
        .token(token)
        .base_url(f"{url}/bot")
        .request(HTTPXRequest(connection_pool_size=POOL))
        .concurrent_updates(64)
        .build()
    )
    for number in range(COMMANDS):
        application.add_handler(CommandHandler(f"command{number}", bare.started))
    application.add_handler(CommandHandler("start", bare.started))
    application.add_handler(CallbackQueryHandler(bare.sent, pattern="^review:send$"))
    application.add_handler(CallbackQueryHandler(bare.pressed, pattern="^topic:"))
    application.add_handler(CallbackQueryHandler(bare.pressed, pattern="^words:"))
    application.add_handler(CallbackQueryHandler(bare.pressed, pattern="^menu"))
    application.add_handler(MessageHandler(filters.TEXT, bare.heard))
    application.run_polling(drop_pending_updates=False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
