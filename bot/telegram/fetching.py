"""A file somebody sent to the bot, fetched into memory: it never touches the disk."""

import asyncio

from telegram import Bot
from telegram.error import BadRequest, InvalidToken

from domain.reports.files import MEGABYTE, MOST_INCOMING, FilesAtRest, FileTooBig

AT_ONCE = 8
"""Files on their way here."""

MOST_HELD = 256 * MEGABYTE
"""Bytes of files in memory, all chats together: on their way, being cleaned, in drafts."""

TOO_BIG = "too big"


async def fetch(bot: Bot, handle: str, size: int | None, gate: asyncio.Semaphore) -> bytes:
    """Raises FileTooBig, FilesAtRest; telegram.error.NetworkError, RetryAfter."""
    if size is not None and size > MOST_INCOMING:
        raise too_big()
    async with gate:
        try:
            return await _fetched(bot, handle)
        except BadRequest as refused:
            raise too_big() if TOO_BIG in refused.message.lower() else FilesAtRest from None
        except InvalidToken:  # what PTB makes of a path that is no more
            raise FilesAtRest from None


async def _fetched(bot: Bot, handle: str) -> bytes:
    """PTB would read a path that happens to be one of this machine: only an address is asked."""
    file = await bot.get_file(handle)
    if file.file_size is not None and file.file_size > MOST_INCOMING:
        raise too_big()
    if not (file.file_path or "").startswith(bot.base_file_url):
        raise FilesAtRest
    content = bytes(await file.download_as_bytearray())
    if len(content) > MOST_INCOMING:
        raise too_big()
    return content


def too_big() -> FileTooBig:
    return FileTooBig(limit=MOST_INCOMING // MEGABYTE)
