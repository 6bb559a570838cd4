"""Edits, deletes and buttons pressed."""

from typing import Any

import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    BadRequest,
)

from tests.integration.botapi.calling import TWO_DAYS, key, keyboard, raw, words
from tests.sandbox_client import Phone, SandboxClient


async def test_an_edit_changes_the_message_in_place_and_drops_its_buttons(
    bot: Bot, amina: Phone
) -> None:
    sent = await bot.send_message(amina.id, "one", reply_markup=keyboard([key("x", "x")]))
    edited = await bot.edit_message_text("two", amina.id, sent.message_id)
    assert getattr(edited, "edit_date", None) is not None
    seen = await amina.last()
    assert (seen["text"], seen["edited"], seen["buttons"]) == ("two", True, [])


async def test_an_edit_that_changes_nothing_is_refused_to_the_letter(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    sent = await bot.send_message(amina.id, "same", reply_markup=keyboard([key("x", "x")]))
    answer = await raw(
        sandbox,
        "editMessageText",
        chat_id=amina.id,
        message_id=sent.message_id,
        text="same",
        reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]},
    )
    assert answer == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: message is not modified: specified new message content and "
        "reply markup are exactly the same as a current content and reply markup of the message",
    }
    with pytest.raises(BadRequest, match=words("Message is not modified")):
        await bot.edit_message_reply_markup(
            amina.id, sent.message_id, reply_markup=keyboard([key("x", "x")])
        )


async def test_only_buttons_can_be_taken_away(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_message(amina.id, "one", reply_markup=keyboard([key("x", "x")]))
    await bot.edit_message_reply_markup(amina.id, sent.message_id)
    assert (await amina.last())["buttons"] == []


async def test_what_cannot_be_edited_is_refused(bot: Bot, amina: Phone) -> None:
    own = (await amina.send("mine"))["message_id"]
    document = await bot.send_document(amina.id, b"x", filename="x.txt")
    text = await bot.send_message(amina.id, "x")
    with pytest.raises(BadRequest, match=words("Message to edit not found")):
        await bot.edit_message_text("x", amina.id, 999)
    with pytest.raises(BadRequest, match=words("Message can't be edited")):
        await bot.edit_message_text("x", amina.id, own)
    with pytest.raises(BadRequest, match=words("There is no text in the message to edit")):
        await bot.edit_message_text("x", amina.id, document.message_id)
    with pytest.raises(BadRequest, match=words("There is no caption in the message to edit")):
        await bot.edit_message_caption(amina.id, text.message_id, caption="x")


async def test_a_bot_deletes_its_own_messages_and_the_persons(bot: Bot, amina: Phone) -> None:
    own = (await amina.send("secret"))["message_id"]
    sent = await bot.send_message(amina.id, "gone soon")
    await bot.delete_message(amina.id, own)
    await bot.delete_messages(amina.id, [sent.message_id, 999])
    assert await amina.texts() == ["/start"]
    with pytest.raises(BadRequest, match=words("Message to delete not found")):
        await bot.delete_message(amina.id, own)


async def test_nothing_is_deleted_after_48_hours(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    old = await bot.send_message(amina.id, "old")
    await sandbox.advance(TWO_DAYS + 1)
    new = await bot.send_message(amina.id, "new")
    with pytest.raises(BadRequest, match=words("Message can't be deleted for everyone")):
        await bot.delete_message(amina.id, old.message_id)
    with pytest.raises(BadRequest, match=words("Message can't be deleted for everyone")):
        await bot.delete_messages(amina.id, [old.message_id, new.message_id])
    assert (await amina.texts())[-2:] == ["old", "new"]


@pytest.mark.parametrize(
    ("ids", "why"),
    [
        ([], "message identifiers are not specified"),
        (list(range(1, 102)), "too many message identifiers specified"),
        ("[", "can't parse message_ids JSON object"),
        (5, "expected an Array of message identifiers"),
        ([0], "invalid message identifier specified"),
    ],
)
async def test_1_to_100_messages_are_deleted_at_once(
    sandbox: SandboxClient, amina: Phone, ids: Any, why: str
) -> None:
    answer = await raw(sandbox, "deleteMessages", chat_id=amina.id, message_ids=ids)
    assert answer["description"] == f"Bad Request: {why}"


async def test_a_pressed_button_brings_the_whole_message_and_its_answer_shows(
    bot: Bot, amina: Phone
) -> None:
    sent = await bot.send_message(amina.id, "Ready?", reply_markup=keyboard([key("✅ Yes", "y")]))
    await amina.tap("Yes")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("y", amina.id)
    assert query.message == sent
    assert (await amina.see()).raw["pressed"] == [{"message_id": sent.message_id, "data": "y"}]
    await query.answer("Noted", show_alert=True)
    seen = (await amina.see()).raw
    assert (seen["pressed"], seen["toast"]["text"], seen["toast"]["alert"]) == ([], "Noted", True)


async def test_an_old_unknown_or_wordy_answer_is_refused(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    await bot.send_message(amina.id, "?", reply_markup=keyboard([key("Yes", "y")]))
    pressed = await amina.tap("Yes")
    with pytest.raises(BadRequest, match=words("MESSAGE_TOO_LONG")):
        await bot.answer_callback_query(pressed["callback_query_id"], "x" * 201)
    await sandbox.advance(60 * 60)
    for query_id in (pressed["callback_query_id"], "12345"):
        with pytest.raises(
            BadRequest, match=words("query is too old and response timeout expired")
        ):
            await bot.answer_callback_query(query_id)
