"""A report's files in a moderator's chat: under the same rules as its words."""

from collections.abc import Awaitable, Callable

from telegram import Bot, InputFile, InputMedia, InputMediaDocument, InputMediaPhoto

from bot.dialogue.screen import Screen, Text
from bot.telegram.card import show
from bot.telegram.staff_talk import StaffTalk
from bot.texts.catalogue import Catalogue
from domain.reports.files import CleanFile, FileKind

WORDLESS = Screen(paragraphs=(Text("moderator.locked"),))
"""What stands in a message for the moment before a report or a file does."""

ENDINGS = {FileKind.PDF: "pdf", FileKind.TEXT: "txt"}


async def put_files(
    bot: Bot,
    talk: StaffTalk,
    screen: Screen,
    catalogue: Catalogue,
    note: Callable[[StaffTalk], Awaitable[None]],
) -> None:
    """As with words, an empty message is sent and noted first, and filled then: whatever
    crashes, no file stands in a message that nobody deletes.
    """
    if not screen.files:
        return
    talk.files, talk.files_about = frozenset(), screen.about
    for number, file in enumerate(screen.files, start=1):
        shown = await show(bot, talk.chat, WORDLESS, catalogue, None)
        message = shown.card.message
        talk.opened |= {message}
        talk.files |= {message}
        await note(talk)
        await bot.edit_message_media(_media(file, number), chat_id=talk.chat, message_id=message)


def drop_others(talk: StaffTalk, screen: Screen) -> None:
    """What belongs to a report that is not on the card any more is waste."""
    if screen.about is None or screen.about != talk.files_about:
        talk.files, talk.files_about = frozenset(), None


def _media(file: CleanFile, number: int) -> InputMedia:
    """From bytes: a name could be taken for a path of this machine."""
    if file.kind is FileKind.PHOTO:
        photo = InputFile(file.content, filename=f"{number}.jpg", attach=True)
        return InputMediaPhoto(photo)
    name = f"{number}.{ENDINGS[file.kind]}"
    return InputMediaDocument(InputFile(file.content, filename=name, attach=True))
