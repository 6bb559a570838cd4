"""What Telegram shows before anybody has said a word: description and command menus."""

from collections.abc import Callable

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden

from bot.dialogue.citizen import COMMANDS as CITIZEN
from bot.dialogue.moderator import COMMANDS as MODERATOR
from bot.dialogue.officer import COMMANDS as OFFICER
from bot.dialogue.screen import Text
from bot.texts.catalogue import Catalogue, Catalogues
from domain.chats.staff_book import StaffBook
from domain.ports.chat import Language
from domain.staff.member import Role

ISO_639_1 = 2
"""Letters of the codes Telegram has menus for; other languages see the English one."""

Commands = tuple[tuple[str, str], ...]


async def introduce(
    bot: Bot, catalogues: Catalogues, book: StaffBook, log: Callable[..., None]
) -> None:
    """English is also what everybody without a language of ours sees."""
    for language in catalogues.spoken.languages:
        if len(language) > ISO_639_1:
            continue
        code = None if language == Language.ENGLISH else language
        catalogue = catalogues.of(language)
        await bot.set_my_commands(_commands(CITIZEN, catalogue), language_code=code)
        await bot.set_my_description(catalogue.plain(Text("bot.description")), code)
    for entry in await book.all():
        commands = OFFICER if entry.role is Role.OFFICER else MODERATOR
        await introduce_staff(bot, entry.chat, commands, catalogues.of(entry.language), log)


async def introduce_staff(
    bot: Bot, chat: int, commands: Commands, catalogue: Catalogue, log: Callable[..., None]
) -> None:
    """A member's own menu, in their chat alone; not where the chat is gone."""
    scope = BotCommandScopeChat(chat)
    try:
        await bot.set_my_commands(_commands(commands, catalogue), scope=scope)
    except (BadRequest, Forbidden) as refused:
        log("telegram.refused", error=type(refused).__name__)


def _commands(names: Commands, catalogue: Catalogue) -> list[BotCommand]:
    return [BotCommand(name, catalogue.plain(Text(key))) for name, key in names]
