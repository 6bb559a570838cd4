from typing import Any

from sandbox.botapi.parameters import Parameters
from sandbox.botapi.refusals import BadRequestError, ForbiddenError, Why
from sandbox.people import Action, Phone
from sandbox.world import World

ACTIONS = frozenset(
    {
        "choose_sticker",
        "find_location",
        "record_video",
        "record_video_note",
        "record_voice",
        "typing",
        "upload_document",
        "upload_photo",
        "upload_video",
        "upload_video_note",
        "upload_voice",
    }
)
ACTION_SECONDS = 5


def the_chat(world: World, asked: Parameters) -> Phone:
    """The chat a call is about. A bot knows nobody who has not written to it.

    Raises:
        BadRequestError: no such chat.
    """
    if not asked.text("chat_id"):
        raise BadRequestError(Why.CHAT_EMPTY)
    phone = world.phones.get(asked.chat_id() or 0)
    if phone is None or not phone.started:
        raise BadRequestError(Why.CHAT_NOT_FOUND)
    return phone


def the_open_chat(world: World, asked: Parameters) -> Phone:
    """Raises BadRequestError for no such chat, ForbiddenError where the bot is blocked."""
    phone = the_chat(world, asked)
    if phone.blocked:
        raise ForbiddenError(Why.BLOCKED)
    return phone


async def get_chat(world: World, asked: Parameters) -> dict[str, Any]:
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    accepted = dict.fromkeys((*gifts, "gifts_from_channels"), True)
    return the_chat(world, asked).as_chat() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": accepted,
    }


async def send_chat_action(world: World, asked: Parameters) -> bool:
    name = asked.text("action")
    if name not in ACTIONS:
        raise BadRequestError(Why.WRONG_ACTION)
    phone = the_open_chat(world, asked)
    phone.action = Action(name=name, until=world.clock.now() + ACTION_SECONDS)
    world.touch(phone)
    return True
