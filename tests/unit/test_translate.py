from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Bot, CallbackQuery, Chat, Message, Update, User

from bot.dialogue.heard import Attached, Commanded, Heard, Pressed, Typed, Unreadable
from bot.telegram.translate import Said, translate, unread

NOW = datetime(2026, 11, 2, tzinfo=UTC)
PERSON = User(id=77, first_name="Amina", is_bot=False, language_code="sw")
PRIVATE = Chat(id=77, type=Chat.PRIVATE)
BOT = Bot("1:none")


def message(chat: Chat = PRIVATE, **given: Any) -> Message:
    return Message(message_id=5, date=NOW, chat=chat, from_user=PERSON, **given)


def said(sent: Message) -> Said:
    found = translate(Update(update_id=9, message=sent))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("They took my goats", Typed("They took my goats")),
        ("  spaces stay  ", Typed("  spaces stay  ")),
        ("/start", Commanded("start")),
        ("/START@Sauti_Bot", Commanded("start")),
        ("/start m-abc", Commanded("start", "m-abc")),
        ("/check 7K3F9Q-4821", Commanded("check", "7K3F9Q-4821")),
        ("/check   7K3F9Q 4821  ", Commanded("check", "7K3F9Q 4821")),
        ("/check\n7K3F9Q-4821", Commanded("check", "7K3F9Q-4821")),
        ("/check\u00a07K3F9Q", Commanded("check", "7K3F9Q")),
        ("/", Typed("/")),
        ("/ ", Typed("/ ")),
        ("and/or", Typed("and/or")),
    ],
)
def test_text_is_words_or_a_command_however_it_is_spaced(text: str, heard: Heard) -> None:
    assert said(message(text=text)).heard == heard


def test_who_spoke_and_which_message_are_told() -> None:
    assert said(message(text="hello")) == Said(
        update=9, chat=77, language_code="sw", heard=Typed("hello"), message=5
    )


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (
            {
                "sticker": {
                    "width": 1,
                    "height": 1,
                    "is_animated": False,
                    "is_video": False,
                    "type": "regular",
                }
            },
            "sticker",
        ),
        ({"voice": {"duration": 1}}, "voice"),
        ({"video": {"width": 1, "height": 1, "duration": 1}}, "video"),
        (
            {"animation": {"width": 1, "height": 1, "duration": 1}, "document": {}},
            "animation",
        ),
        ({"location": {"longitude": 36.8, "latitude": -1.3}}, "location"),
        ({"contact": {"phone_number": "0700000000", "first_name": "A"}}, "contact"),
        ({"dice": {"emoji": "\N{GAME DIE}", "value": 6}}, "other"),
        ({"new_chat_title": "x"}, "other"),
    ],
)
def test_what_is_no_text_is_unreadable_by_its_kind(raw: dict[str, Any], kind: str) -> None:
    found = _translated(raw)
    assert found.heard == Unreadable(kind)
    assert found.language_code == ""


@pytest.mark.parametrize(
    ("raw", "heard"),
    [
        (
            {
                "photo": [
                    {"width": 1, "height": 1, "file_size": 1},
                    {"width": 9, "height": 9, "file_size": 12, "file_id": "large"},
                ],
                "caption": "words",
            },
            Attached(kind="photo", handle="large", size=12, caption="words"),
        ),
        (
            {"document": {"file_name": "amina-kilonzo.pdf", "mime_type": "application/pdf"}},
            Attached(kind="document", handle="f"),
        ),
    ],
)
def test_of_a_photo_its_largest_size_is_heard_and_of_a_file_neither_name_nor_type(
    raw: dict[str, Any], heard: Attached
) -> None:
    assert _translated(raw).heard == heard
    assert unread(heard) == Unreadable(heard.kind)


def _translated(raw: dict[str, Any]) -> Said:
    whole = {
        "message_id": 5,
        "date": 0,
        "chat": {"id": 77, "type": "private"},
        "from": {"id": 77, "is_bot": False, "first_name": "Amina"},
        **{name: _with_file(value) for name, value in raw.items()},
    }
    found = translate(Update.de_json({"update_id": 9, "message": whole}, BOT))
    assert found is not None
    return found


def _with_file(value: Any) -> Any:
    """Whatever is a file to Telegram has an id."""
    file = {"file_id": "f", "file_unique_id": "u"}
    match value:
        case dict():
            return file | value
        case list():
            return [file | each for each in value]
        case _:
            return value


def test_an_edit_is_never_taken_for_new_words() -> None:
    found = translate(Update(update_id=9, edited_message=message(text="/clear")))
    assert found is not None
    assert found.heard == Unreadable("edited")
    assert found.message == 5


def test_a_press_is_told_with_its_message_and_its_question() -> None:
    query = CallbackQuery(
        id="q", from_user=PERSON, chat_instance="c", data="menu:help", message=message()
    )
    assert translate(Update(update_id=9, callback_query=query)) == Said(
        update=9,
        chat=77,
        language_code="sw",
        heard=Pressed("menu:help"),
        pressed_on=5,
        query="q",
    )


def test_a_press_without_data_is_a_press_on_nothing() -> None:
    query = CallbackQuery(id="q", from_user=PERSON, chat_instance="c", message=message())
    found = translate(Update(update_id=9, callback_query=query))
    assert found is not None
    assert found.heard == Pressed("")


@pytest.mark.parametrize("kind", [Chat.GROUP, Chat.SUPERGROUP, Chat.CHANNEL])
def test_what_is_not_a_private_chat_is_nobodys(kind: str) -> None:
    elsewhere = message(Chat(id=-100, type=kind), text="/start")
    query = CallbackQuery(id="q", from_user=PERSON, chat_instance="c", message=elsewhere)
    assert translate(Update(update_id=9, message=elsewhere)) is None
    assert translate(Update(update_id=9, edited_message=elsewhere)) is None
    assert translate(Update(update_id=9, callback_query=query)) is None


def test_an_update_about_nobody_is_nobodys() -> None:
    inline = CallbackQuery(id="q", from_user=PERSON, chat_instance="c", inline_message_id="i")
    assert translate(Update(update_id=9)) is None
    assert translate(Update(update_id=9, callback_query=inline)) is None
