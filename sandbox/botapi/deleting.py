from sandbox.botapi.chats import the_chat
from sandbox.botapi.parameters import Parameters
from sandbox.botapi.refusals import BadRequestError, Why
from sandbox.people import Phone
from sandbox.world import World

DELETABLE_SECONDS = 48 * 60 * 60


async def delete_message(world: World, asked: Parameters) -> bool:
    phone = the_chat(world, asked)
    message_id = asked.message_id()
    if message_id not in phone.messages:
        raise BadRequestError(Why.DELETE_UNKNOWN)
    _delete(world, phone, [message_id])
    return True


async def delete_messages(world: World, asked: Parameters) -> bool:
    """Those that are not there are skipped; one too old stops all."""
    message_ids = asked.message_ids()
    phone = the_chat(world, asked)
    _delete(world, phone, [one for one in message_ids if one in phone.messages])
    return True


def _delete(world: World, phone: Phone, message_ids: list[int]) -> None:
    oldest = world.clock.now() - DELETABLE_SECONDS
    if any(phone.messages[one].date < oldest for one in message_ids):
        raise BadRequestError(Why.DELETE_TOO_OLD)
    for one in message_ids:
        phone.messages.pop(one, None)
    if message_ids:
        world.touch(phone)
