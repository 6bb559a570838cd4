"""The phones over HTTP, for the page, the demo and tests. Bodies and answers are JSON."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.botapi.keyboards import Button
from sandbox.http import Body, answering, asked_number
from sandbox.messages import Kind
from sandbox.people import Phone
from sandbox.phones import actions
from sandbox.phones.actions import NewPhone, NothingThereError
from sandbox.phones.media import read_media
from sandbox.world import World

LONGEST_WAIT_SECONDS = 60.0
USUAL_WAIT_SECONDS = 10.0
INLINE_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


def phone_of(world: World, request: Request) -> Phone:
    return world.phone(request.path_params["phone_id"])


async def list_phones(world: World, _: Request) -> Any:
    return [world.as_seen(phone) for phone in world.phones.values()]


async def add_phone(world: World, request: Request) -> Any:
    body = await Body.of(request)
    asked = NewPhone(
        name=body.text("name"),
        last_name=body.text("last_name", "") or None,
        username=body.text("username", "").removeprefix("@") or None,
        language_code=body.text("language_code", "en"),
        role=body.text("role", ""),
        note=body.text("note", ""),
    )
    return world.as_seen(actions.add_phone(world, asked))


async def see_phone(world: World, request: Request) -> Any:
    return world.as_seen(phone_of(world, request))


async def change_phone(world: World, request: Request) -> Any:
    phone, body = phone_of(world, request), await Body.of(request)
    phone.note = body.text("note", phone.note)
    phone.role = body.text("role", phone.role)
    world.touch(phone)
    return world.as_seen(phone)


async def wait_for_change(world: World, request: Request) -> Any:
    """The chat as soon as its `seq` passes `after`, or as it stands when the time is over."""
    phone = phone_of(world, request)
    after = asked_number(request, "after", phone.seq)
    asked = asked_number(request, "timeout", USUAL_WAIT_SECONDS)
    try:
        async with asyncio.timeout(min(asked, LONGEST_WAIT_SECONDS)):
            while phone.seq <= after:
                await world.changed.next().wait()
    except TimeoutError:
        pass
    return world.as_seen(phone)


async def send(world: World, request: Request) -> Any:
    phone, body = phone_of(world, request), await Body.of(request)
    return actions.send_text(world, phone, body.text("text"))


async def press(world: World, request: Request) -> Any:
    """By place (`message_id`, `row`, `column`), by `data`, or by `text` of the button."""
    phone, body = phone_of(world, request), await Body.of(request)
    message_id = body.number("message_id") if "message_id" in body else None
    if "row" in body:
        place = body.number("message_id"), body.number("row"), body.number("column", 0)
        there = actions.button_at(phone, *place)
        return actions.press(world, phone, message_id, lambda button: button is there)
    if "data" in body:
        data = body.text("data")
        return actions.press(world, phone, message_id, lambda button: button.data == data)
    text = body.text("text")
    return actions.press(world, phone, message_id, lambda button: _says(button, text))


def _says(button: Button, text: str) -> bool:
    """The button's text, spaces and an emoji before or after it aside."""
    words = button.text.split()
    return text.split() in (words, words[1:], words[:-1])


async def send_media(world: World, request: Request) -> Any:
    phone = phone_of(world, request)
    kind = Kind(request.url.path.rpartition("/")[2])
    media, caption = await read_media(world, request, kind)
    return actions.send_media(world, phone, media, caption)


async def edit(world: World, request: Request) -> Any:
    phone, body = phone_of(world, request), await Body.of(request)
    return actions.edit_text(world, phone, body.number("message_id"), body.text("text"))


async def delete(world: World, request: Request) -> Any:
    phone, body = phone_of(world, request), await Body.of(request)
    actions.delete(world, phone, body.number("message_id"))
    return {"deleted": True}


async def block(world: World, request: Request) -> Any:
    return {"update_id": actions.set_blocked(world, phone_of(world, request), blocked=True)}


async def unblock(world: World, request: Request) -> Any:
    return {"update_id": actions.set_blocked(world, phone_of(world, request), blocked=False)}


async def open_link(world: World, request: Request) -> Any:
    phone, body = phone_of(world, request), await Body.of(request)
    return actions.open_link(world, phone, body.text("url"))


async def see_file(world: World, request: Request) -> Response:
    """A file of this phone's chat; pictures are shown, everything else is saved."""
    phone, wanted = phone_of(world, request), request.path_params["file"]
    for message in phone.messages.values():
        if message.media is None or message.media.file.unique_id != wanted:
            continue
        file = message.media.file
        if file.mime in INLINE_IMAGES:
            return Response(file.content, media_type=file.mime)
        return Response(
            file.content,
            media_type="application/octet-stream",
            headers={"Content-Disposition": "attachment"},
        )
    why = "there is no such file in this chat"
    raise NothingThereError(why)


ONE = "/phones/{phone_id:int}"
ROUTES = [
    Route("/phones", answering(list_phones), methods=["GET"]),
    Route("/phones", answering(add_phone), methods=["POST"]),
    Route(ONE, answering(see_phone), methods=["GET"]),
    Route(ONE, answering(change_phone), methods=["PATCH"]),
    Route(f"{ONE}/wait", answering(wait_for_change), methods=["GET"]),
    Route(f"{ONE}/files/{{file}}", answering(see_file), methods=["GET"]),
    Route(f"{ONE}/send", answering(send), methods=["POST"]),
    Route(f"{ONE}/press", answering(press), methods=["POST"]),
    Route(f"{ONE}/edit", answering(edit), methods=["POST"]),
    Route(f"{ONE}/delete", answering(delete), methods=["POST"]),
    Route(f"{ONE}/block", answering(block), methods=["POST"]),
    Route(f"{ONE}/unblock", answering(unblock), methods=["POST"]),
    Route(f"{ONE}/open", answering(open_link), methods=["POST"]),
    *(Route(f"{ONE}/{kind}", answering(send_media), methods=["POST"]) for kind in Kind),
]
