"""Carries messages of the outbox to Telegram: worded in the language of whoever reads them."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import telegram
from telegram import InputFile
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import ExtBot

from bot.dialogue.outgoing import LETTERS, Letter
from bot.dialogue.screen import Screen
from bot.pictures.digest_sheet import digest_sheet
from bot.pictures.draw import Form
from bot.pictures.studio import Studio, Undrawn
from bot.telegram.card import NO_PREVIEW, keyboard_of, words_of
from bot.texts.catalogue import Catalogue, Catalogues
from domain.errors import DomainError
from domain.followup.outgoing import Message, MessageKind
from domain.ports.carrier import Away, Busy, Gone, Poison

NO_CHAT = ("chat not found", "user not found", "peer_id_invalid")
ONE_TRY = 1
"""The outbox is the retry."""

PICTURED = {MessageKind.WEEKLY_CHART: Form.CHART, MessageKind.WEEKLY_PAGE: Form.PAGE}
ENDING = {Form.CHART: "png", Form.PAGE: "pdf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramCarrier:
    """`note` is told of each message that was sent: chat and message id. `doubt`: of a chat to
    which one may have gone.
    """

    bot: ExtBot[Any]
    catalogues: Catalogues
    note: Callable[[int, int], Awaitable[None]]
    doubt: Callable[[int], Awaitable[None]]
    log: Callable[..., None]
    letters: Mapping[MessageKind, Letter] = field(default_factory=lambda: LETTERS)
    studio: Studio = field(default_factory=Studio)

    async def carry(self, message: Message) -> None:
        """Raises Busy, Away, Gone, Poison."""
        letter = self.letters.get(message.kind)
        if letter is None:
            raise Poison
        screen = letter(message.facts)
        catalogue = self.catalogues.of(message.to.language)
        picture = await self._picture(message, catalogue)
        try:
            with _told_apart():
                sent = await self._sent(message, screen, catalogue, picture)
        except Away:
            await self._noted(self.doubt(message.to.chat))
            raise
        await self._noted(self.note(message.to.chat, sent.message_id))

    async def _noted(self, noting: Awaitable[None]) -> None:
        """What has gone out must not go out again because this fails."""
        try:
            await noting
        except DomainError as unnoted:
            self.log("outbox.unnoted", error=type(unnoted).__name__)

    async def _picture(self, message: Message, catalogue: Catalogue) -> InputFile | None:
        """Drawn anew at each try: it is as long in the outbox as its facts. Raises Undrawn."""
        form = PICTURED.get(message.kind)
        if form is None:
            return None
        try:
            made = await self.studio.drawn(digest_sheet(message.facts, catalogue), form)
        except Undrawn as why:
            self.log("picture.undrawn", error=type(why.__cause__ or why).__name__)
            raise
        return InputFile(made, filename=f"{message.facts['day']}.{ENDING[form]}")

    async def _sent(
        self, message: Message, screen: Screen, catalogue: Catalogue, picture: InputFile | None
    ) -> telegram.Message:
        chat, words = message.to.chat, words_of(screen, catalogue)
        common: dict[str, Any] = {
            "parse_mode": ParseMode.HTML,
            "reply_markup": keyboard_of(screen, catalogue),
            "protect_content": screen.protect,
            "rate_limit_args": ONE_TRY,
        }
        match picture:
            case None:
                return await self.bot.send_message(
                    chat, words, link_preview_options=NO_PREVIEW, **common
                )
            case InputFile(mimetype="image/png"):
                return await self.bot.send_photo(chat, picture, caption=words, **common)
            case _:
                return await self.bot.send_document(chat, picture, caption=words, **common)


@contextmanager
def _told_apart() -> Iterator[None]:
    """A BadRequest is a NetworkError to python-telegram-bot, and a fault of the message to us."""
    try:
        yield
    except RetryAfter as asked:
        waits = asked.retry_after
        raise Busy(waits if isinstance(waits, timedelta) else timedelta(seconds=waits)) from None
    except Forbidden:
        raise Gone from None
    except BadRequest as refused:
        if any(why in refused.message.lower() for why in NO_CHAT):
            raise Gone from None
        raise
    except (NetworkError, InvalidToken) as away:
        raise Away from away
