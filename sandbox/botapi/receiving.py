"""How the bot gets its updates and files."""

import re
from typing import Any

from sandbox.botapi.parameters import Parameters
from sandbox.botapi.refusals import BadRequestError, ConflictError, Why
from sandbox.webhook import Target, is_loopback
from sandbox.world import World

MAX_UPDATES = 100
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_SECRET = 256
MOST_CONNECTIONS = 100
USUAL_CONNECTIONS = 40
SECRET = re.compile(r"[A-Za-z0-9_-]*")


async def get_updates(world: World, asked: Parameters) -> list[dict[str, Any]]:
    if world.webhook.target is not None:
        raise ConflictError(Why.POLL_WITH_WEBHOOK)
    _set_allowed(world, asked)
    updates = await world.updates.fetch(
        offset=asked.number("offset"),
        limit=min(max(asked.number("limit", MAX_UPDATES), 1), MAX_UPDATES),
        timeout_seconds=asked.number("timeout"),
    )
    return [update.as_json() for update in updates]


async def set_webhook(world: World, asked: Parameters) -> bool:
    url, secret = asked.text("url"), asked.text("secret_token")
    if not url:
        return await delete_webhook(world, asked)
    if "://" not in url:
        raise BadRequestError(Why.WEBHOOK_URL)
    if len(secret) > MAX_SECRET:
        raise BadRequestError(Why.WEBHOOK_KEY_LONG)
    if not SECRET.fullmatch(secret):
        raise BadRequestError(Why.WEBHOOK_KEY_CHARACTERS)
    if not is_loopback(url):
        raise BadRequestError(Why.WEBHOOK_HOST)
    _set_allowed(world, asked)
    _drop_pending(world, asked)
    connections = asked.number("max_connections", USUAL_CONNECTIONS)
    world.webhook.start(
        Target(url=url, secret=secret, max_connections=min(max(connections, 1), MOST_CONNECTIONS))
    )
    return True


async def delete_webhook(world: World, asked: Parameters) -> bool:
    world.webhook.stop()
    _drop_pending(world, asked)
    return True


async def get_webhook_info(world: World, _: Parameters) -> dict[str, Any]:
    target, error = world.webhook.target, world.webhook.last_error
    shown: dict[str, Any] = {
        "url": target.url if target else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending()),
    }
    if target:
        shown |= {"max_connections": target.max_connections, "ip_address": "127.0.0.1"}
        if error:
            shown |= {"last_error_date": error[0], "last_error_message": error[1]}
    if world.updates.allowed:
        shown["allowed_updates"] = list(world.updates.allowed)
    return shown


async def get_file(world: World, asked: Parameters) -> dict[str, Any]:
    if not asked.text("file_id"):
        raise BadRequestError(Why.FILE_ID_EMPTY)
    file = world.files.by_id(asked.text("file_id"))
    if file is None:
        raise BadRequestError(Why.FILE_UNKNOWN)
    if len(file.content) > MAX_DOWNLOAD_BYTES:
        raise BadRequestError(Why.FILE_TOO_BIG)
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.content),
        "file_path": file.path,
    }


def _set_allowed(world: World, asked: Parameters) -> None:
    """Absent keeps what was said before; an empty list means all, as with Telegram."""
    listed = asked.json("allowed_updates", Why.ENTITIES_JSON)
    if isinstance(listed, list):
        world.updates.allowed = tuple(str(kind) for kind in listed)


def _drop_pending(world: World, asked: Parameters) -> None:
    if asked.flag("drop_pending_updates"):
        world.updates.clear()
