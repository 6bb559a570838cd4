"""What is sent, and to whom."""

import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    MessageEntity,
    ReplyKeyboardMarkup,
)
from telegram.error import (
    BadRequest,
    Forbidden,
)

from tests.integration.botapi.calling import key, keyboard, words
from tests.sandbox_client import Phone, SandboxClient


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
