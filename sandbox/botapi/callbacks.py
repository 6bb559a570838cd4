from sandbox.botapi.parameters import Parameters
from sandbox.botapi.refusals import BadRequestError, Why
from sandbox.people import Press, Toast
from sandbox.world import World

ANSWER_WITHIN_SECONDS = 15 * 60
MAX_TEXT = 200


async def answer_callback_query(world: World, asked: Parameters) -> bool:
    text = asked.text("text")
    if len(text) > MAX_TEXT:
        raise BadRequestError(Why.CALLBACK_TEXT_LONG)
    query_id = asked.text("callback_query_id")
    for phone in world.phones.values():
        press = phone.presses.pop(query_id, None)
        if press is None:
            continue
        if _is_old(world, press):
            break
        url = asked.text("url") or None
        if text or url:
            phone.toast = Toast(
                text=text, alert=asked.flag("show_alert"), url=url, number=world.next_toast()
            )
        world.touch(phone)
        return True
    raise BadRequestError(Why.QUERY_OLD)


def _is_old(world: World, press: Press) -> bool:
    return press.date < world.clock.now() - ANSWER_WITHIN_SECONDS
