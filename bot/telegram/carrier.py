"""Carries messages of the outbox to Telegram: worded in the language of whoever reads them."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import ExtBot

from bot.dialogue.outgoing import LETTERS, Letter
from bot.telegram.card import NO_PREVIEW, keyboard_of, words_of
from bot.texts.catalogue import Catalogues
from domain.errors import DomainError
from domain.followup.outgoing import Message, MessageKind
from domain.ports.carrier import Away, Busy, Gone, Poison

NO_CHAT = ("chat not found", "user not found", "peer_id_invalid")
ONE_TRY = 1
"""The outbox is the retry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramCarrier:
    """`note` is told of each message that was sent: chat and message id."""

    bot: ExtBot[Any]
    catalogues: Catalogues
    note: Callable[[int, int], Awaitable[None]]
    log: Callable[..., None]
    letters: Mapping[MessageKind, Letter] = field(default_factory=lambda: LETTERS)

    async def carry(self, message: Message) -> None:
        """Raises Busy, Away, Gone, Poison."""
        letter = self.letters.get(message.kind)
        if letter is None:
            raise Poison
        screen = letter(message.facts)
        catalogue = self.catalogues.of(message.to.language)
        with _told_apart():
            sent = await self.bot.send_message(
                message.to.chat,
                words_of(screen, catalogue),
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard_of(screen, catalogue),
                protect_content=screen.protect,
                link_preview_options=NO_PREVIEW,
                rate_limit_args=ONE_TRY,
            )
        try:
            await self.note(message.to.chat, sent.message_id)
        except DomainError as unnoted:  # it has gone out: it must not go out again for that
            self.log("outbox.unnoted", error=type(unnoted).__name__)


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
