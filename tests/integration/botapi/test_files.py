"""Photos and files, both ways."""

import httpx
import pytest
from telegram import (
    Bot,
    InputFile,
)
from telegram.error import (
    BadRequest,
)

from tests.integration.botapi.calling import TOKEN, words
from tests.sandbox_client import Phone, SandboxClient


async def test_files_go_both_ways(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_document(
        amina.id,
        InputFile(b"\x00\r\n--bytes\xff", filename="dïgest.pdf"),
        caption="<b>Due</b>",
        parse_mode="HTML",
    )
    assert sent.document is not None
    assert (sent.document.file_name, sent.caption) == ("dïgest.pdf", "Due")
    assert await (await sent.document.get_file()).download_as_bytearray() == b"\x00\r\n--bytes\xff"
    await bot.send_document(amina.id, sent.document.file_id)
    assert (await amina.last())["media"]["name"] == "dïgest.pdf"


async def test_a_photo_is_measured_and_anything_else_is_no_photo(bot: Bot, amina: Phone) -> None:
    await amina.photo()
    (update,) = await bot.get_updates()
    assert update.message is not None
    (size,) = update.message.photo
    assert (size.width, size.height) == (480, 320)
    picture = bytes(await (await size.get_file()).download_as_bytearray())
    echoed = await bot.send_photo(amina.id, picture, caption="Chart")
    assert echoed.photo[0].file_size == len(picture)
    with pytest.raises(BadRequest, match=words("IMAGE_PROCESS_FAILED")):
        await bot.send_photo(amina.id, b"not an image")
    with pytest.raises(BadRequest, match=words("caption is too long")):
        await bot.send_photo(amina.id, picture, caption="x" * 1025)


async def test_unknown_files_are_refused(sandbox: SandboxClient, bot: Bot, amina: Phone) -> None:
    with pytest.raises(BadRequest, match=words("wrong file_id or the file is temporarily")):
        await bot.get_file("made-up")
    with pytest.raises(BadRequest, match=words("Wrong HTTP URL specified")):
        await bot.send_document(amina.id, "https://example.org/a.pdf")
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{sandbox.url}/file/bot{TOKEN}/documents/file_9")
    assert answer.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
