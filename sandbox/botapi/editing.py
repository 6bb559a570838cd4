from dataclasses import replace
from typing import Any

from sandbox.botapi.chats import the_open_chat
from sandbox.botapi.keyboards import read_keyboard
from sandbox.botapi.parameters import Parameters
from sandbox.botapi.refusals import BadRequestError, Why
from sandbox.botapi.sending import read_media
from sandbox.botapi.words import read_caption, read_text
from sandbox.messages import Kind, Message
from sandbox.people import Phone
from sandbox.world import World


async def edit_message_text(world: World, asked: Parameters) -> dict[str, Any]:
    words, keyboard = read_text(asked), read_keyboard(asked)
    phone, message = _ours(world, asked)
    if message.media is not None:
        raise BadRequestError(Why.EDIT_NO_TEXT)
    return _show(world, phone, message, replace(message, words=words, keyboard=keyboard))


async def edit_message_caption(world: World, asked: Parameters) -> dict[str, Any]:
    words, keyboard = read_caption(asked), read_keyboard(asked)
    phone, message = _ours(world, asked)
    if message.media is None:
        raise BadRequestError(Why.EDIT_NO_CAPTION)
    return _show(world, phone, message, replace(message, words=words, keyboard=keyboard))


async def edit_message_media(world: World, asked: Parameters) -> dict[str, Any]:
    """Also where there were only words so far."""
    given, keyboard = asked.json("media", Why.MEDIA_JSON), read_keyboard(asked)
    match given:
        case None:
            raise BadRequestError(Why.MEDIA_MISSING)
        case {"type": ("photo" | "document") as kind, "media": str(named)}:
            inner = Parameters(values={**given, kind: named}, files=asked.files)
        case _:
            raise BadRequestError(Why.MEDIA_JSON)
    phone, message = _ours(world, asked)
    media, words = read_media(world, inner, Kind(kind)), read_caption(inner)
    return _show(
        world, phone, message, replace(message, words=words, media=media, keyboard=keyboard)
    )


async def edit_message_reply_markup(world: World, asked: Parameters) -> dict[str, Any]:
    keyboard = read_keyboard(asked)
    phone, message = _ours(world, asked)
    return _show(world, phone, message, replace(message, keyboard=keyboard))


def _ours(world: World, asked: Parameters) -> tuple[Phone, Message]:
    phone = the_open_chat(world, asked)
    message = phone.messages.get(asked.message_id())
    if message is None:
        raise BadRequestError(Why.EDIT_UNKNOWN)
    if not message.from_bot:
        raise BadRequestError(Why.EDIT_NOT_OURS)
    return phone, message


def _show(world: World, phone: Phone, before: Message, after: Message) -> dict[str, Any]:
    if before == after:
        raise BadRequestError(Why.NOT_MODIFIED)
    edited = replace(after, edit_date=int(world.clock.now()))
    return world.as_api(phone, world.put(phone, edited))
