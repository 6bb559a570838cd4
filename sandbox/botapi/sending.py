from collections.abc import Callable
from typing import Any

from sandbox.botapi.chats import the_open_chat
from sandbox.botapi.entities import Formatted
from sandbox.botapi.keyboards import read_keyboard
from sandbox.botapi.parameters import Parameters
from sandbox.botapi.refusals import BadRequestError, Why
from sandbox.botapi.words import read_caption, read_text
from sandbox.files import StoredFile, picture_size
from sandbox.messages import Kind, Media, Message
from sandbox.people import Phone
from sandbox.world import World

ATTACHED = "attach://"


async def send_message(world: World, asked: Parameters) -> dict[str, Any]:
    return _send(world, asked, read_text)


async def send_photo(world: World, asked: Parameters) -> dict[str, Any]:
    return _send(world, asked, read_caption, Kind.PHOTO)


async def send_document(world: World, asked: Parameters) -> dict[str, Any]:
    return _send(world, asked, read_caption, Kind.DOCUMENT)


def _send(
    world: World,
    asked: Parameters,
    read_words: Callable[[Parameters], Formatted],
    kind: Kind | None = None,
) -> dict[str, Any]:
    words = read_words(asked)
    keyboard = read_keyboard(asked)
    phone = the_open_chat(world, asked)
    message = Message(
        message_id=world.next_message_id,
        date=int(world.clock.now()),
        from_bot=True,
        words=words,
        keyboard=keyboard,
        media=read_media(world, asked, kind) if kind else None,
        protected=asked.flag("protect_content"),
        reply_to=_replied(phone, asked),
    )
    return world.as_api(phone, world.put(phone, message))


def _replied(phone: Phone, asked: Parameters) -> int | None:
    reply = asked.json("reply_parameters", Why.REPLY_JSON)
    if not isinstance(reply, dict):
        return None
    message_id = reply.get("message_id")
    if message_id in phone.messages:
        return int(message_id)
    if reply.get("allow_sending_without_reply"):
        return None
    raise BadRequestError(Why.REPLY_UNKNOWN)


def read_media(world: World, asked: Parameters, kind: Kind) -> Media:
    file = _file(world, asked, kind)
    if kind is not Kind.PHOTO:
        return Media(kind=kind, file=file)
    size = picture_size(file.content)
    if size is None:
        raise BadRequestError(Why.IMAGE)
    return Media(kind=kind, file=file, width=size[0], height=size[1])


def _file(world: World, asked: Parameters, kind: Kind) -> StoredFile:
    named = asked.text(kind)
    upload = asked.files.get(named.removeprefix(ATTACHED) or kind)
    if upload is not None:
        return world.files.keep(
            folder=f"{kind}s", name=upload.name, mime=upload.mime, content=upload.content
        )
    if not named or named.startswith(ATTACHED):
        raise BadRequestError(Why.FILE_MISSING.format(kind=kind))
    if "://" in named:
        raise BadRequestError(Why.FILE_URL)
    known = world.files.by_id(named)
    if known is None:
        raise BadRequestError(Why.FILE_UNKNOWN)
    return known
