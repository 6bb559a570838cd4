"""The sandbox's Bot API, driven by the real python-telegram-bot client."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    MessageEntity,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)

from sandbox.limits import Limits
from tests.sandbox_client import Phone, SandboxClient, running_sandbox, sandbox_process

TOKEN = "1:sandbox"
TWO_DAYS = 48 * 60 * 60


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with sandbox_process(TOKEN) as address:
        yield address


@pytest.fixture
async def sandbox(url: str) -> AsyncIterator[SandboxClient]:
    async with SandboxClient(url) as client:
        await client.reset()
        yield client


@pytest.fixture(autouse=True)
def _timedelta_in_retry_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client warns at every RetryAfter otherwise, and warnings are errors here."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def bot(sandbox: SandboxClient) -> AsyncIterator[Bot]:
    async with Bot(
        TOKEN, base_url=f"{sandbox.url}/bot", base_file_url=f"{sandbox.url}/file/bot"
    ) as made:
        yield made


@pytest.fixture
async def amina(sandbox: SandboxClient, bot: Bot) -> Phone:
    """A phone whose /start the bot has already taken."""
    phone = await sandbox.phone("Amina", language_code="sw")
    sent = await phone.send("/start")
    await bot.get_updates(offset=sent["update_id"] + 1)
    return phone


def words(description: str) -> re.Pattern[str]:
    """A part of a description; the client changes its capital letters."""
    return re.compile(re.escape(description), re.IGNORECASE)


def keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(rows)


def key(text: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=data)


async def test_the_bot_learns_who_it_is(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (1, True, "sandbox_bot")


# Updates


async def test_updates_come_again_until_a_higher_offset_confirms_them(
    bot: Bot, amina: Phone
) -> None:
    first = (await amina.send("one"))["update_id"]
    second = (await amina.send("two"))["update_id"]
    assert second == first + 1
    assert [u.update_id for u in await bot.get_updates()] == [first, second]
    assert [u.update_id for u in await bot.get_updates(offset=first)] == [first, second]
    assert [u.update_id for u in await bot.get_updates(offset=second)] == [second]
    assert [u.update_id for u in await bot.get_updates(offset=second - 5)] == [second]
    assert await bot.get_updates(offset=second + 1) == ()


async def test_a_negative_offset_keeps_only_the_newest(bot: Bot, amina: Phone) -> None:
    for text in ("one", "two", "three"):
        await amina.send(text)
    kept = await bot.get_updates(offset=-2)
    assert [u.message.text for u in kept if u.message] == ["two", "three"]
    assert len(await bot.get_updates(offset=kept[0].update_id)) == 2


async def test_a_limit_hands_out_the_oldest_first(bot: Bot, amina: Phone) -> None:
    for text in ("one", "two", "three"):
        await amina.send(text)
    handed = await bot.get_updates(limit=2)
    assert [u.message.text for u in handed if u.message] == ["one", "two"]


async def test_a_long_poll_is_answered_as_soon_as_something_arrives(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    offset = (await amina.send("before"))["update_id"] + 1
    poll = asyncio.create_task(bot.get_updates(offset=offset, timeout=30))
    await sandbox.wait_for_requests("getUpdates", 2)
    await amina.send("hello")
    (update,) = await asyncio.wait_for(poll, 5)
    assert update.message is not None
    assert update.message.text == "hello"


async def test_a_second_poll_ends_the_first_with_a_conflict(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    offset = (await amina.send("before"))["update_id"] + 1
    first = asyncio.create_task(bot.get_updates(offset=offset, timeout=30))
    await sandbox.wait_for_requests("getUpdates", 2)
    async with Bot(TOKEN, base_url=f"{sandbox.url}/bot") as another:
        second = asyncio.create_task(another.get_updates(offset=offset, timeout=30))
        with pytest.raises(Conflict, match=words("terminated by other getUpdates request")):
            await asyncio.wait_for(first, 5)
        await amina.send("hello")
        assert len(await asyncio.wait_for(second, 5)) == 1


async def test_a_poll_with_nothing_to_say_ends_empty(bot: Bot, amina: Phone) -> None:
    offset = (await amina.send("before"))["update_id"] + 1
    assert await bot.get_updates(offset=offset, timeout=1) == ()


async def test_unwanted_kinds_of_update_never_come(bot: Bot, amina: Phone) -> None:
    await bot.get_updates(allowed_updates=[Update.CALLBACK_QUERY])
    assert (await amina.send("unheard"))["update_id"] is None
    await bot.send_message(amina.id, "?", reply_markup=keyboard([key("Yes", "y")]))
    await amina.tap("Yes")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "y"


async def test_asking_again_at_once_with_the_same_offset_hands_out_one_at_a_time(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    first = (await amina.send("one"))["update_id"]
    await amina.send("two")
    await sandbox.advance(1)
    assert len(await bot.get_updates(offset=first)) == 2
    assert len(await bot.get_updates(offset=first)) == 1
    await sandbox.advance(1)
    assert len(await bot.get_updates(offset=first)) == 2


async def test_updates_older_than_a_day_are_gone(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    await amina.send("stale")
    await sandbox.advance(24 * 60 * 60 + 1)
    await amina.send("fresh")
    texts = [u.message.text for u in await bot.get_updates() if u.message]
    assert texts == ["fresh"]


# What is sent


async def test_a_sent_message_shows_on_the_phone_with_its_buttons(bot: Bot, amina: Phone) -> None:
    rows = keyboard(
        [key("Send", "send"), InlineKeyboardButton("Read", url="https://example.org/a")],
        [InlineKeyboardButton("Copy", copy_text=CopyTextButton("4821"), style="primary")],
    )
    sent = await bot.send_message(
        amina.id, "  Not sent yet  ", reply_markup=rows, protect_content=True
    )
    assert sent.text == "Not sent yet"
    assert sent.has_protected_content
    assert sent.reply_markup == rows
    seen = await amina.last()
    assert seen["message_id"] == sent.message_id
    assert seen["protect_content"]
    assert [[b["text"] for b in row] for row in seen["buttons"]] == [["Send", "Read"], ["Copy"]]


async def test_html_becomes_entities_counted_in_utf_16(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_message(
        amina.id,
        "🏠 <b>Bold <i>both</i></b> &lt;3 <a href='https://example.org/?a=1&amp;b=2'>link</a> "
        "<tg-spoiler>hid</tg-spoiler> <code>1234</code> <s>no</s> <u>un</u>\n"
        '<pre><code class="language-py">x = 1</code></pre><blockquote>said</blockquote>',
        parse_mode="HTML",
    )
    assert sent.text == "🏠 Bold both <3 link hid 1234 no un\nx = 1said"
    found = {entity.type: text for entity, text in sent.parse_entities().items()}
    assert found == {
        MessageEntity.BOLD: "Bold both",
        MessageEntity.ITALIC: "both",
        MessageEntity.TEXT_LINK: "link",
        MessageEntity.SPOILER: "hid",
        MessageEntity.CODE: "1234",
        MessageEntity.STRIKETHROUGH: "no",
        MessageEntity.UNDERLINE: "un",
        MessageEntity.PRE: "x = 1",
        MessageEntity.BLOCKQUOTE: "said",
    }
    bold = sent.entities[0]
    assert (bold.offset, bold.length) == (3, 9)
    (link,) = [e for e in sent.entities if e.type == MessageEntity.TEXT_LINK]
    assert link.url == "https://example.org/?a=1&b=2"
    (pre,) = [e for e in sent.entities if e.type == MessageEntity.PRE]
    assert pre.language == "py"


async def test_a_link_that_leads_nowhere_on_the_web_is_only_text(bot: Bot, amina: Phone) -> None:
    markup = '<a href="javascript:alert(1)">in</a> <a href="file:///etc/passwd">a file</a>'
    sent = await bot.send_message(amina.id, markup, parse_mode="HTML")
    assert (sent.text, sent.entities) == ("in a file", ())


async def test_without_a_parse_mode_markup_is_only_text(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_message(amina.id, "<b>&amp;</b>")
    assert sent.text == "<b>&amp;</b>"
    assert sent.entities == ()


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("é <marquee>", 'Unsupported start tag "marquee" at byte offset 3'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        (
            "<b>a</i>",
            'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a ="x">a</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("2 < 3", 'Unsupported start tag "" at byte offset 2'),
    ],
)
async def test_broken_html_is_refused_in_telegrams_words(
    bot: Bot, amina: Phone, markup: str, why: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(amina.id, markup, parse_mode="HTML")
    assert refused.value.message.removeprefix("Bad Request: ").capitalize() == (
        f"Can't parse entities: {why}".capitalize()
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Message text is empty"),
        (" \n ", "Text must be non-empty"),
        ("x" * 4097, "Message is too long"),
        ("<b>" + "x" * 4097 + "</b>", "Message is too long"),
    ],
)
async def test_a_text_must_have_1_to_4096_characters(
    bot: Bot, amina: Phone, text: str, why: str
) -> None:
    with pytest.raises(BadRequest, match=words(why)):
        await bot.send_message(amina.id, text, parse_mode="HTML")


async def test_4096_characters_after_parsing_are_taken(bot: Bot, amina: Phone) -> None:
    sent = await bot.send_message(amina.id, "<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
    assert len(sent.text or "") == 4096


@pytest.mark.parametrize(
    ("button", "why"),
    [
        (key("x", "d" * 65), "BUTTON_DATA_INVALID"),
        (key("x", "é" * 33), "BUTTON_DATA_INVALID"),
        (InlineKeyboardButton("x"), "Text buttons are unallowed in the inline keyboard"),
        (InlineKeyboardButton("x", url="javascript:alert(1)"), "is invalid: Wrong HTTP URL"),
        (InlineKeyboardButton("x", switch_inline_query="q"), "BUTTON_TYPE_INVALID"),
    ],
)
async def test_a_button_telegram_would_not_take_is_refused(
    bot: Bot, amina: Phone, button: InlineKeyboardButton, why: str
) -> None:
    with pytest.raises(BadRequest, match=words(why)):
        await bot.send_message(amina.id, "x", reply_markup=keyboard([button]))


async def test_64_bytes_of_callback_data_are_taken(bot: Bot, amina: Phone) -> None:
    await bot.send_message(amina.id, "x", reply_markup=keyboard([key("x", "é" * 32)]))
    assert (await amina.last())["buttons"][0][0]["callback_data"] == "é" * 32


async def test_another_sort_of_keyboard_is_refused_rather_than_lost(bot: Bot, amina: Phone) -> None:
    with pytest.raises(BadRequest, match=words("inline keyboards only")):
        await bot.send_message(amina.id, "x", reply_markup=ReplyKeyboardMarkup([["a"]]))


async def test_nobody_is_written_to_who_has_not_written_first(
    sandbox: SandboxClient, bot: Bot
) -> None:
    silent = await sandbox.phone("Silent")
    for chat_id in (silent.id, 42):
        with pytest.raises(BadRequest, match=words("Chat not found")):
            await bot.send_message(chat_id, "hello")


async def test_who_blocked_the_bot_gets_nothing(bot: Bot, amina: Phone) -> None:
    await amina.block()
    with pytest.raises(Forbidden, match=words("bot was blocked by the user")):
        await bot.send_message(amina.id, "hello")
    await amina.unblock()
    await bot.send_message(amina.id, "hello again")
    kinds = [
        u.my_chat_member.new_chat_member.status for u in await bot.get_updates() if u.my_chat_member
    ]
    assert kinds == ["kicked", "member"]


async def test_a_chat_can_be_asked_about(bot: Bot, amina: Phone) -> None:
    chat = await bot.get_chat(amina.id)
    assert (chat.id, chat.first_name, chat.type) == (amina.id, "Amina", "private")


async def test_the_phone_shows_that_the_bot_is_typing(bot: Bot, amina: Phone) -> None:
    await bot.send_chat_action(amina.id, "typing")
    assert (await amina.see()).raw["action"] == "typing"
    await bot.send_message(amina.id, "done")
    assert (await amina.see()).raw["action"] is None
    with pytest.raises(BadRequest, match=words("wrong parameter action in request")):
        await bot.send_chat_action(amina.id, "dancing")


# Edits


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


# Deletes


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


# Buttons pressed


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


# Files


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


# About the bot itself


async def test_each_phone_lists_the_narrowest_commands_in_its_language(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    juma = await sandbox.phone("Juma", language_code="en")
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("help", "Msaada")], language_code="sw")
    assert await commands(amina) == {"help": "Msaada"}
    assert await commands(juma) == {"help": "Help"}
    await bot.set_my_commands(
        [BotCommand("report", "Report")], scope=BotCommandScopeAllPrivateChats()
    )
    await bot.set_my_commands([BotCommand("queue", "Queue")], scope=BotCommandScopeChat(juma.id))
    assert await commands(amina) == {"report": "Report"}
    assert await commands(juma) == {"queue": "Queue"}
    await bot.delete_my_commands(scope=BotCommandScopeChat(juma.id))
    assert await commands(juma) == {"report": "Report"}
    assert await bot.get_my_commands() == (BotCommand("help", "Help"),)


async def commands(phone: Phone) -> dict[str, str]:
    listed = (await phone.see()).raw["commands"]
    return {one["command"]: one["description"] for one in listed}


async def test_commands_have_plain_names_and_a_description(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=words("BOT_COMMAND_INVALID")):
        await bot.set_my_commands([("Wrong-Name", "x")])
    with pytest.raises(BadRequest, match=words("BOT_COMMAND_DESCRIPTION_INVALID")):
        await bot.set_my_commands([("right", " ")])


async def test_the_bot_describes_itself_by_language(bot: Bot, amina: Phone) -> None:
    await bot.set_my_name("Sauti")
    await bot.set_my_description("For all")
    await bot.set_my_description("Kwa wote", language_code="sw")
    await bot.set_my_short_description("Short")
    shown = (await amina.see()).raw["bot"]
    assert (shown["name"], shown["description"]) == ("Sauti", "Kwa wote")
    assert (await bot.get_my_description()).description == "For all"
    assert (await bot.get_my_short_description("sw")).short_description == "Short"
    assert (await bot.get_me()).first_name == "Sauti"
    with pytest.raises(BadRequest):
        await bot.set_my_description("x" * 513)


# Limits and faults


async def test_a_burst_into_one_chat_is_slowed_to_one_a_second(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    for number in range(20):
        await bot.send_message(amina.id, str(number))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(amina.id, "too much")
    assert refused.value.retry_after == timedelta(seconds=1)
    await sandbox.advance(1)
    await bot.send_message(amina.id, "in time")
    await sandbox.limits(on=False)
    await bot.send_message(amina.id, "no limit")


def test_thirty_a_second_pass_overall_and_no_chat_pays_for_another() -> None:
    limits = Limits(on=True)
    assert [limits.seconds_to_wait(chat, 100.0) for chat in range(30)] == [0] * 30
    assert limits.seconds_to_wait(30, 100.0) == 1
    assert limits.seconds_to_wait(30, 100.1) == 0
    busy = Limits(on=True)
    assert [busy.seconds_to_wait(1, 100.0) for _ in range(21)] == [0] * 20 + [1]
    assert busy.seconds_to_wait(2, 100.0) == 0


async def test_a_refusal_for_haste_says_when_to_come_again(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    await sandbox.fail(
        "sendMessage", error_code=429, description="Too Many Requests: retry after 7", retry_after=7
    )
    answer = await raw(sandbox, "sendMessage", chat_id=amina.id, text="x")
    assert answer == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    await bot.send_message(amina.id, "now it goes")


async def test_a_planned_fault_hits_its_method_and_chat_so_many_times(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    await sandbox.fail(
        "sendMessage", error_code=502, description="Bad Gateway", times=2, chat_id=amina.id
    )
    await bot.get_me()
    for _ in range(2):
        with pytest.raises(NetworkError, match=words("Bad Gateway")):
            await bot.send_message(amina.id, "x")
    await bot.send_message(amina.id, "x")


async def test_a_dropped_connection_leaves_the_effect_done_or_not(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    await sandbox.fail("sendMessage", drop_before=True)
    with pytest.raises(NetworkError):
        await bot.send_message(amina.id, "never arrives")
    await sandbox.fail("sendMessage", drop_after=True)
    with pytest.raises(NetworkError):
        await bot.send_message(amina.id, "arrives unanswered")
    assert (await amina.texts())[1:] == ["arrives unanswered"]


async def test_the_log_of_calls_holds_no_words(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    await bot.send_message(amina.id, "secret")
    (call,) = await sandbox.requests("sendMessage")
    assert call.keys() == {"method", "chat_id", "date"}
    assert call["chat_id"] == amina.id


# How calls may come


async def test_calls_come_by_get_form_json_or_multipart(
    sandbox: SandboxClient, amina: Phone
) -> None:
    given = {
        "chat_id": str(amina.id),
        "text": "hi & bye",
        "reply_markup": '{"inline_keyboard":[[{"text":"x","callback_data":"y"}]]}',
    }
    address = f"{sandbox.url}/bot{TOKEN}/SendMessage"
    async with httpx.AsyncClient() as client:
        answers = [
            await client.get(address, params=given),
            await client.post(address, data=given),
            await client.post(address, json={**given, "chat_id": amina.id}),
            await client.post(address, data=given, files={"spare": ("a.txt", b"a")}),
        ]
    for answer in answers:
        result = answer.json()["result"]
        assert result["text"] == "hi & bye"
        assert result["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "y"


async def test_an_unknown_method_and_a_wrong_token_are_told_apart(
    sandbox: SandboxClient, bot: Bot
) -> None:
    assert (await raw(sandbox, "makeCoffee")) == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found",
    }
    async with httpx.AsyncClient() as client:
        wrong = await client.get(f"{sandbox.url}/bot2:sandbox/getMe")
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    stranger = Bot("2:sandbox", base_url=f"{sandbox.url}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()
    assert (await bot.get_me()).id == 1


async def test_a_broken_body_is_a_bad_request(sandbox: SandboxClient) -> None:
    async with httpx.AsyncClient() as client:
        for content, kind in (
            (b"{", "application/json"),
            (b"[]", "application/json"),
            (b"x", "multipart/form-data"),
        ):
            answer = await client.post(
                f"{sandbox.url}/bot{TOKEN}/getMe", content=content, headers={"Content-Type": kind}
            )
            assert answer.json()["error_code"] == 400


async def raw(sandbox: SandboxClient, method: str, **given: Any) -> dict[str, Any]:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{sandbox.url}/bot{TOKEN}/{method}", json=given)
    said: dict[str, Any] = answer.json()
    if not said["ok"]:
        assert answer.status_code == said["error_code"]
    return said


async def test_switched_off_limits_let_a_bot_write_as_fast_as_it_can() -> None:
    async with (
        running_sandbox(TOKEN, "--no-limits") as url,
        SandboxClient(url) as sandbox,
        Bot(TOKEN, base_url=f"{url}/bot") as bot,
    ):
        phone = await sandbox.phone("Amina")
        await phone.send("/start")
        for number in range(40):
            await bot.send_message(phone.id, str(number))
        assert len(await phone.texts()) == 41
