"""What a person does with their phone."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sandbox.botapi.entities import Formatted
from sandbox.botapi.keyboards import Button
from sandbox.botapi.words import MAX_CAPTION, MAX_TEXT
from sandbox.messages import Media, Message
from sandbox.people import Phone, Press
from sandbox.phones.links import start_payload
from sandbox.world import World


class CannotDoError(Exception):
    """A phone would not do that; the message says why, for whoever wrote the test or clicked."""


class NothingThereError(CannotDoError):
    """There is no such message or button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPhone:
    name: str
    language_code: str
    last_name: str | None = None
    username: str | None = None
    role: str = ""
    note: str = ""


def add_phone(world: World, asked: NewPhone) -> Phone:
    phone = Phone(
        id=world.new_user_id(),
        name=asked.name,
        last_name=asked.last_name,
        username=asked.username,
        language_code=asked.language_code,
        role=asked.role,
        note=asked.note,
    )
    world.phones[phone.id] = phone
    world.touch(phone)
    return phone


def send_text(world: World, phone: Phone, text: str) -> dict[str, Any]:
    """A text over 4,096 characters goes out in pieces, as Telegram's own apps do it."""
    kept = text.strip()
    if not kept:
        why = "an empty message cannot be sent"
        raise CannotDoError(why)
    pieces = [kept[at : at + MAX_TEXT] for at in range(0, len(kept), MAX_TEXT)]
    sent = [
        _send(world, phone, Formatted(text=piece).trimmed().with_found())
        for piece in pieces
        if piece.strip()
    ]
    return sent[-1] | {"message_ids": [one["message_id"] for one in sent]}


def send_media(world: World, phone: Phone, media: Media, caption: str) -> dict[str, Any]:
    if len(caption.strip()) > MAX_CAPTION:
        why = f"a caption has at most {MAX_CAPTION} characters"
        raise CannotDoError(why)
    return _send(world, phone, Formatted(text=caption).trimmed().with_found(), media)


def edit_text(world: World, phone: Phone, message_id: int, text: str) -> dict[str, Any]:
    message = _message(phone, message_id)
    if message.from_bot or message.media is not None:
        why = f"message {message_id} is not a text of this person's own"
        raise CannotDoError(why)
    if not text.strip() or len(text.strip()) > MAX_TEXT:
        why = f"a message has 1 to {MAX_TEXT} characters"
        raise CannotDoError(why)
    words = Formatted(text=text).trimmed().with_found()
    edited = replace(message, words=words, edit_date=int(world.clock.now()))
    return _tell(world, phone, world.put(phone, edited), "edited_message")


def delete(world: World, phone: Phone, message_id: int) -> None:
    """For both sides; Telegram does not tell the bot."""
    _message(phone, message_id)
    del phone.messages[message_id]
    world.touch(phone)


def set_blocked(world: World, phone: Phone, *, blocked: bool) -> int | None:
    """The id of the update that tells the bot; None where nothing changed."""
    if phone.blocked == blocked:
        return None
    phone.blocked = blocked
    world.touch(phone)
    member: dict[str, Any] = {"user": world.bot_as_user()}
    kicked = member | {"status": "kicked", "until_date": 0}
    present = member | {"status": "member"}
    change = {
        "chat": phone.as_chat(),
        "from": phone.as_user(),
        "date": int(world.clock.now()),
        "old_chat_member": present if blocked else kicked,
        "new_chat_member": kicked if blocked else present,
    }
    return world.updates.add("my_chat_member", phone.id, change)


def open_link(world: World, phone: Phone, url: str) -> dict[str, Any]:
    """Following `https://t.me/<bot>?start=X` and pressing Start sends "/start X"."""
    payload = start_payload(url, world.bot.username)
    if payload is None:
        why = f"not a start link of this bot: https://t.me/{world.bot.username}?start=…"
        raise CannotDoError(why)
    return send_text(world, phone, f"/start {payload}".strip())


def press(
    world: World, phone: Phone, message_id: int | None, wanted: Callable[[Button], bool]
) -> dict[str, Any]:
    """Presses the newest button that is wanted, and says what came of it.

    Raises:
        NothingThereError: no such message or button; the message lists the buttons there are.
    """
    messages = (
        list(phone.messages.values()) if message_id is None else [_message(phone, message_id)]
    )
    for message in reversed(messages):
        for row in message.keyboard:
            for button in row:
                if wanted(button):
                    return _press(world, phone, message, button)
    there = [b.text for message in messages for row in message.keyboard for b in row]
    why = f"no such button; there are: {', '.join(there) or 'none'}"
    raise NothingThereError(why)


def button_at(phone: Phone, message_id: int, row: int, column: int) -> Button:
    """Raises NothingThereError."""
    keyboard = _message(phone, message_id).keyboard
    if not 0 <= row < len(keyboard) or not 0 <= column < len(keyboard[row]):
        why = f"message {message_id} has no button in row {row}, column {column}"
        raise NothingThereError(why)
    return keyboard[row][column]


def _press(world: World, phone: Phone, message: Message, button: Button) -> dict[str, Any]:
    pressed: dict[str, Any] = {"message_id": message.message_id, "button": button.as_json()}
    if button.copy is not None:
        return pressed | {"copied": button.copy}
    if button.url is not None:
        if start_payload(button.url, world.bot.username) is None:
            return pressed | {"url": button.url}
        return pressed | {"sent": open_link(world, phone, button.url)}
    query_id = str(secrets.randbits(62))
    data = str(button.data)
    phone.presses[query_id] = Press(
        query_id=query_id, message_id=message.message_id, data=data, date=world.clock.now()
    )
    world.touch(phone)
    query = {
        "id": query_id,
        "from": phone.as_user(),
        "message": world.as_api(phone, message),
        "chat_instance": str(phone.id * 7919),
        "data": data,
    }
    update_id = world.updates.add("callback_query", phone.id, query)
    return pressed | {"callback_query_id": query_id, "update_id": update_id}


def _send(
    world: World, phone: Phone, words: Formatted, media: Media | None = None
) -> dict[str, Any]:
    if phone.blocked:
        why = "this person has blocked the bot; unblock it first"
        raise CannotDoError(why)
    phone.started = True
    message = Message(
        message_id=world.next_message_id,
        date=int(world.clock.now()),
        from_bot=False,
        words=words,
        media=media,
    )
    return _tell(world, phone, world.put(phone, message), "message")


def _tell(world: World, phone: Phone, message: Message, kind: str) -> dict[str, Any]:
    update_id = world.updates.add(kind, phone.id, world.as_api(phone, message))
    return {"message_id": message.message_id, "update_id": update_id}


def _message(phone: Phone, message_id: int) -> Message:
    try:
        return phone.messages[message_id]
    except KeyError as unknown:
        why = f"there is no message {message_id}"
        raise NothingThereError(why) from unknown
