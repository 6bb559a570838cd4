"""One card a chat, edited in place; a new message only where an edit cannot do it."""

from dataclasses import dataclass

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.dialogue.screen import Screen, Text, Verbatim
from bot.telegram.deletion import GONE, delete
from bot.texts.catalogue import Catalogue

UNCHANGED = "message is not modified"

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""A preview would have Telegram fetch what a stranger wrote."""

AWAY = (NetworkError, RetryAfter)
"""Telegram cannot be asked now: what was asked may be asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The message that shows the dialogue now. `editMessageText` cannot change
    `protect`, so a card that must differ in it is a new message.
    """

    message: int
    protect: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What showing a screen did. Ids: `sent` is new in the chat; `stale` is the card before
    it, which the caller deletes.
    """

    card: Card
    sent: frozenset[int] = frozenset()
    stale: frozenset[int] = frozenset()


async def show(
    bot: Bot, chat: int, screen: Screen, catalogue: Catalogue, card: Card | None
) -> Shown:
    """Raises telegram.error.Forbidden when the person has blocked the bot."""
    editable = card is not None and card.protect == screen.protect and not screen.untaken
    if card and editable and await redrawn(bot, chat, screen, catalogue, card.message):
        return Shown(card=card)
    message = await bot.send_message(
        chat,
        words_of(screen, catalogue),
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard_of(screen, catalogue),
        protect_content=screen.protect,
        link_preview_options=NO_PREVIEW,
    )
    new = Card(message=message.message_id, protect=screen.protect)
    stale = frozenset({card.message}) if card else frozenset[int]()
    return Shown(card=new, sent=frozenset({new.message}), stale=stale)


async def draw(bot: Bot, chat: int, screen: Screen, catalogue: Catalogue, message: int) -> None:
    """Raises telegram.error.BadRequest where this message cannot be made to show it."""
    await _edit(bot, chat, message, words_of(screen, catalogue), keyboard_of(screen, catalogue))


async def redrawn(bot: Bot, chat: int, screen: Screen, catalogue: Catalogue, message: int) -> bool:
    """Whether this message shows the screen now."""
    try:
        await draw(bot, chat, screen, catalogue, message)
    except BadRequest:
        return False
    return True


async def wipe(
    bot: Bot, chat: int, messages: frozenset[int], catalogue: Catalogue, instead: Text
) -> frozenset[int]:
    """Those that show nothing any more: deleted, or too old for that and overwritten.

    Raises telegram.error.Forbidden when the person has blocked the bot.
    """
    gone = await delete(bot, chat, messages)
    old = sorted(messages - gone)
    text = catalogue.say(instead)
    return gone | {one for one in old if await _overwritten(bot, chat, one, text)}


def may_have_arrived(error: TelegramError) -> bool:
    """Whether what was sent may stand in the chat all the same: no answer came."""
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


async def answer(bot: Bot, query: str, toast: str | None) -> None:
    """The button stops waiting. A query too old to be answered needs no answer."""
    try:
        await bot.answer_callback_query(query, toast)
    except BadRequest as refused:
        if "query" not in refused.message.lower():
            raise


async def _overwritten(bot: Bot, chat: int, message: int, text: str) -> bool:
    try:
        await _edit(bot, chat, message, text, None)
    except BadRequest as refused:
        return GONE in refused.message.lower()
    return True


async def _edit(
    bot: Bot, chat: int, message: int, text: str, keyboard: InlineKeyboardMarkup | None
) -> None:
    """Raises BadRequest where the message cannot be made to show this."""
    try:
        await bot.edit_message_text(
            text,
            chat_id=chat,
            message_id=message,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard,
            link_preview_options=NO_PREVIEW,
        )
    except BadRequest as refused:
        if UNCHANGED not in refused.message.lower():
            raise


def words_of(screen: Screen, catalogue: Catalogue) -> str:
    return "\n\n".join(_paragraph(screen, each, catalogue) for each in screen.paragraphs)


def _paragraph(screen: Screen, paragraph: Text | Verbatim, catalogue: Catalogue) -> str:
    """Words that are nobody's text stand in a quotation, so that none passes for a line of
    the card. In a report they are set as code too: Telegram makes no link of what is in it,
    and a link pressed would tell a stranger the moderator's address.
    """
    said = catalogue.say(paragraph)
    if not isinstance(paragraph, Verbatim):
        return said
    return f"<blockquote>{f'<code>{said}</code>' if screen.opened else said}</blockquote>"


def keyboard_of(screen: Screen, catalogue: Catalogue) -> InlineKeyboardMarkup | None:
    if not screen.rows:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(catalogue.plain(button.label), callback_data=button.press)
                for button in row
            ]
            for row in screen.rows
        ]
    )
