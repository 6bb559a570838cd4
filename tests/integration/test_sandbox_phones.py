"""The sandbox's phones over HTTP, through the client that end-to-end tests use."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update

from sandbox.files import picture_size
from tests.sandbox_client import (
    NeverSeenError,
    Phone,
    SandboxClient,
    SandboxSaysNoError,
    sandbox_process,
)

TOKEN = "1:sandbox"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with sandbox_process(TOKEN) as address:
        yield address


@pytest.fixture
async def sandbox(url: str) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(url) as client:
        await client.reset()
        yield client


@pytest.fixture
async def bot(sandbox: SandboxClient) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{sandbox.url}/bot") as made:
        yield made


@pytest.fixture
async def amina(sandbox: SandboxClient) -> Phone:
    return await sandbox.phone("Amina", username="@amina_w", role="Citizen", note="Code: 4821")


def rows(*listed: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(listed)


def key(text: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=data)


async def updates(bot: Bot) -> list[Update]:
    """All that wait; confirmed with the same call."""
    waiting = list(await bot.get_updates())
    if waiting:
        await bot.get_updates(offset=waiting[-1].update_id + 1)
    return waiting


async def test_a_phone_is_a_person_with_a_real_looking_id(
    sandbox: SandboxClient, amina: Phone
) -> None:
    seen = (await amina.see()).raw
    assert 10**9 <= seen["id"] < 10**10
    assert (seen["name"], seen["username"], seen["role"]) == ("Amina", "amina_w", "Citizen")
    assert [phone.id for phone in await sandbox.phones()] == [amina.id]


async def test_a_note_can_be_changed(sandbox: SandboxClient, amina: Phone) -> None:
    await sandbox.ask("PATCH", f"/phones/{amina.id}", json={"note": "Passphrase: a b c"})
    seen = (await amina.see()).raw
    assert (seen["note"], seen["role"]) == ("Passphrase: a b c", "Citizen")


async def test_a_sent_command_is_marked_as_one(bot: Bot, amina: Phone) -> None:
    await amina.send("  /check 4821 ")
    (update,) = await updates(bot)
    message = update.message
    assert message is not None
    assert message.text == "/check 4821"
    assert (message.entities[0].type, message.entities[0].length) == ("bot_command", 6)
    assert message.from_user is not None
    assert message.from_user.username == "amina_w"


async def test_ten_thousand_characters_leave_in_pieces_as_from_a_real_app(
    bot: Bot, amina: Phone
) -> None:
    sent = await amina.send("x" * 10_000)
    assert len(sent["message_ids"]) == 3
    lengths = [len(u.message.text or "") for u in await updates(bot) if u.message]
    assert lengths == [4096, 4096, 1808]


async def test_nothing_cannot_be_sent(amina: Phone) -> None:
    with pytest.raises(SandboxSaysNoError, match="empty message"):
        await amina.send("  ")


async def test_message_and_update_ids_grow_over_all_chats(
    sandbox: SandboxClient, amina: Phone
) -> None:
    juma = await sandbox.phone("Juma")
    sent = [await phone.send("x") for phone in (amina, juma, amina)]
    assert [one["message_id"] for one in sent] == [1, 2, 3]
    first = sent[0]["update_id"]
    assert [one["update_id"] for one in sent] == [first, first + 1, first + 2]


async def test_a_button_is_pressed_by_place_data_or_text(bot: Bot, amina: Phone) -> None:
    await amina.send("/start")
    sent = await bot.send_message(
        amina.id, "?", reply_markup=rows([key("Left", "l")], [key("✅ Right", "r")])
    )
    await updates(bot)
    where = {"message_id": sent.message_id}
    await amina._do("press", **where, row=1, column=0)
    await amina.press_data(sent.message_id, "l")
    await amina._do("press", **where, text="Right")
    pressed = [u.callback_query.data for u in await updates(bot) if u.callback_query]
    assert pressed == ["r", "l", "r"]


async def test_a_button_that_is_not_there_is_told_with_those_that_are(
    bot: Bot, amina: Phone
) -> None:
    await amina.send("/start")
    sent = await bot.send_message(amina.id, "?", reply_markup=rows([key("Left", "l")]))
    with pytest.raises(SandboxSaysNoError, match="no such button; there are: Left"):
        await amina.press_data(sent.message_id, "other")
    with pytest.raises(SandboxSaysNoError, match="no button in row 3"):
        await amina._do("press", message_id=sent.message_id, row=3, column=0)
    with pytest.raises(SandboxSaysNoError, match="there is no message 99"):
        await amina.press_data(99, "l")


async def test_pressing_waits_for_the_button_and_for_the_answer(bot: Bot, amina: Phone) -> None:
    await amina.send("/start")
    press = asyncio.create_task(amina.press("Send"))
    await bot.send_message(amina.id, "?", reply_markup=rows([key("Send", "s")]))
    await amina.wait_for(lambda seen: bool(seen.raw["pressed"]))
    assert not press.done()
    query = (await updates(bot))[-1].callback_query
    assert query is not None
    await bot.answer_callback_query(query.id, "Sent")
    await press
    assert (await amina.see()).raw["toast"]["text"] == "Sent"


async def test_a_start_link_sends_its_payload(bot: Bot, amina: Phone) -> None:
    link = "https://t.me/sandbox_bot?start=f-KEY_1"
    await amina.open_link(link)
    await bot.send_message(amina.id, "?", reply_markup=rows([InlineKeyboardButton("Go", url=link)]))
    await amina._do("press", message_id=2, text="Go")
    texts = [u.message.text for u in await updates(bot) if u.message]
    assert texts == ["/start f-KEY_1", "/start f-KEY_1"]


@pytest.mark.parametrize(
    "link",
    [
        "https://t.me/other_bot?start=x",
        "https://example.org/sandbox_bot?start=x",
        "https://t.me/sandbox_bot?start=no%20spaces",
        f"https://t.me/sandbox_bot?start={'x' * 65}",
    ],
)
async def test_another_link_starts_nothing(amina: Phone, link: str) -> None:
    with pytest.raises(SandboxSaysNoError, match="not a start link"):
        await amina.open_link(link)


async def test_a_copying_button_copies_and_a_web_button_leads_away(bot: Bot, amina: Phone) -> None:
    await amina.send("/start")
    copying = {"text": "Copy", "copy_text": {"text": "4821 7730"}}
    await bot.send_message(
        amina.id,
        "?",
        reply_markup=rows(
            [InlineKeyboardButton.de_json(copying)],
            [InlineKeyboardButton("Read", url="https://example.org/")],
        ),
    )
    assert (await amina._do("press", message_id=2, text="Copy"))["copied"] == "4821 7730"
    assert (await amina._do("press", message_id=2, text="Read"))["url"] == "https://example.org/"


async def test_stickers_voices_photos_and_documents_arrive_as_such(bot: Bot, amina: Phone) -> None:
    await amina.sticker()
    await amina.voice()
    await amina.photo(caption="Look")
    await amina.document(b"%PDF-1.7", name="a.pdf", mime="application/pdf", caption="Read")
    sticker, voice, photo, document = [u.message for u in await updates(bot) if u.message]
    assert sticker.sticker is not None
    assert voice.voice is not None
    assert voice.voice.mime_type == "audio/ogg"
    assert (photo.photo[0].width, photo.caption) == (480, "Look")
    assert document.document is not None
    assert (document.document.file_name, document.document.file_size) == ("a.pdf", 8)


async def test_a_photo_that_is_none_is_refused(amina: Phone) -> None:
    with pytest.raises(SandboxSaysNoError, match="a photo is a JPEG, a PNG or a WebP"):
        await amina.photo(b"GIF89a")


async def test_a_webp_is_a_photo_too(amina: Phone) -> None:
    for lossless in (False, True):
        taken = BytesIO()
        Image.new("RGB", (120, 80)).save(taken, "WEBP", lossless=lossless)
        assert picture_size(taken.getvalue()) == (120, 80)
    await amina.photo(taken.getvalue())


async def test_pictures_are_shown_and_other_files_saved(
    sandbox: SandboxClient, amina: Phone
) -> None:
    await amina.photo()
    await amina.document(b"<script>", name="x.html", mime="text/html")
    photo, page = [m["media"]["file"] for m in (await amina.see()).messages]
    async with httpx.AsyncClient(base_url=f"{sandbox.url}/phones/{amina.id}") as client:
        shown, saved = await client.get(f"/files/{photo}"), await client.get(f"/files/{page}")
        missing = await client.get("/files/none")
    assert shown.headers["content-type"] == "image/jpeg"
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"] == "attachment"
    assert missing.status_code == 404


async def test_a_person_edits_and_deletes_their_own_words(bot: Bot, amina: Phone) -> None:
    message_id = (await amina.send("tomorow"))["message_id"]
    await amina.edit(message_id, "tomorrow")
    edited = (await updates(bot))[-1].edited_message
    assert edited is not None
    assert edited.text == "tomorrow"
    await amina.delete(message_id)
    assert await updates(bot) == []
    assert await amina.texts() == []
    with pytest.raises(SandboxSaysNoError, match="there is no message"):
        await amina.delete(message_id)


async def test_what_is_not_their_own_they_cannot_edit(bot: Bot, amina: Phone) -> None:
    await amina.sticker()
    await bot.send_message(amina.id, "of the bot")
    for message_id in (1, 2):
        with pytest.raises(SandboxSaysNoError, match="not a text of this person's own"):
            await amina.edit(message_id, "x")


async def test_who_blocked_the_bot_must_unblock_it_to_write(amina: Phone) -> None:
    await amina.block()
    with pytest.raises(SandboxSaysNoError, match="unblock"):
        await amina.send("x")
    await amina.unblock()
    await amina.send("x")


async def test_a_wait_ends_with_the_change_it_waits_for(bot: Bot, amina: Phone) -> None:
    await amina.send("/start")
    waiting = asyncio.create_task(amina.wait_for_text("Welcome"))
    await bot.send_message(amina.id, "Welcome, mother of two")
    assert (await waiting)["text"] == "Welcome, mother of two"


async def test_a_wait_in_vain_shows_the_chat_as_it_stood(bot: Bot, amina: Phone) -> None:
    await amina.send("/start")
    await bot.send_message(amina.id, "Hm", reply_markup=rows([key("Go", "g")]))
    with pytest.raises(NeverSeenError, match=r"'Hm' \[\['Go'\]\]"):
        await amina.wait_for(lambda seen: "Welcome" in seen.texts(), timeout=0.2)


async def test_a_vanished_message_is_awaited(bot: Bot, amina: Phone) -> None:
    message_id = (await amina.send("secret"))["message_id"]
    gone = asyncio.create_task(amina.wait_gone(message_id))
    await bot.delete_message(amina.id, message_id)
    assert (await gone).messages == []


async def test_events_tell_each_change_of_each_phone(sandbox: SandboxClient, amina: Phone) -> None:
    async with (
        httpx.AsyncClient(timeout=10) as client,
        client.stream("GET", f"{sandbox.url}/events") as stream,
    ):
        told = events(stream)
        assert await anext(told) == ("phones", [amina.id])
        name, clock = await anext(told)
        assert (name, clock["ahead"], clock["window"]) == ("clock", 0, "18:00")
        name, story = await anext(told)
        assert (name, story["steps"]) == ("story", [])
        assert (await anext(told))[1]["messages"] == []
        await amina.send("hello")
        name, chat = await anext(told)
        assert (name, chat["messages"][0]["text"]) == ("phone", "hello")
        await sandbox.reset()
        assert (await anext(told))[0] == "story"
        assert await anext(told) == ("phones", [])


async def events(stream: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    name = ""
    async for line in stream.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        if line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def test_a_reset_forgets_people_and_wakes_a_poll_that_waits(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    sent = await amina.send("x")
    poll = asyncio.create_task(bot.get_updates(offset=sent["update_id"] + 1, timeout=30))
    await sandbox.wait_for_requests("getUpdates", 1)
    await sandbox.reset()
    assert await asyncio.wait_for(poll, 5) == ()
    assert await sandbox.phones() == []
    juma = await sandbox.phone("Juma")
    assert (await juma.send("y"))["update_id"] > sent["update_id"]


@pytest.mark.parametrize(
    ("path", "body", "why"),
    [
        ("/phones", {}, '"name" is missing'),
        ("/phones", {"name": 5}, '"name" is missing or of the wrong type'),
        ("/phones/7/send", {"text": "x"}, "there is no such phone"),
        ("/clock", {"advance_seconds": "soon"}, "wrong type"),
        ("/faults", {}, '"method" is missing'),
    ],
)
async def test_a_wrong_request_gets_one_clear_line(
    sandbox: SandboxClient, path: str, body: dict[str, Any], why: str
) -> None:
    with pytest.raises(SandboxSaysNoError, match=why):
        await sandbox.ask("POST", path, json=body)
