"""Calls about the bot itself."""

import re
from typing import Any

from sandbox.botapi.parameters import Parameters
from sandbox.botapi.refusals import BadRequestError, Why
from sandbox.profile import About, Command, Scope
from sandbox.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MAX_COMMAND_DESCRIPTION = 256
MAX_COMMANDS = 100
MAX_LENGTHS = {About.NAME: 64, About.DESCRIPTION: 512, About.SHORT_DESCRIPTION: 120}
SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
CHAT_SCOPES = frozenset({"chat", "chat_administrators"})


async def get_me(world: World, _: Parameters) -> dict[str, Any]:
    off = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
    more = ("can_connect_to_business", "has_main_web_app", "has_topics_enabled")
    return world.bot_as_user() | dict.fromkeys(
        (*off, *more, "allows_users_to_create_topics"), False
    )


async def set_my_name(world: World, asked: Parameters) -> bool:
    return _set(world, asked, About.NAME)


async def set_my_description(world: World, asked: Parameters) -> bool:
    return _set(world, asked, About.DESCRIPTION)


async def set_my_short_description(world: World, asked: Parameters) -> bool:
    return _set(world, asked, About.SHORT_DESCRIPTION)


async def get_my_name(world: World, asked: Parameters) -> dict[str, str]:
    name = world.profile.text(About.NAME, asked.text("language_code"))
    return {About.NAME: name or world.bot.name}


async def get_my_description(world: World, asked: Parameters) -> dict[str, str]:
    return _get(world, asked, About.DESCRIPTION)


async def get_my_short_description(world: World, asked: Parameters) -> dict[str, str]:
    return _get(world, asked, About.SHORT_DESCRIPTION)


async def set_my_commands(world: World, asked: Parameters) -> bool:
    listed = asked.json("commands", Why.COMMANDS_JSON)
    if not isinstance(listed, list):
        raise BadRequestError(Why.COMMANDS_NOT_ARRAY)
    if len(listed) > MAX_COMMANDS:
        raise BadRequestError(Why.COMMANDS_TOO_MANY)
    commands = tuple(_command(one) for one in listed)
    world.profile.commands[_scope(asked), asked.text("language_code")] = commands
    _show_all(world)
    return True


async def get_my_commands(world: World, asked: Parameters) -> list[dict[str, str]]:
    listed = world.profile.commands.get((_scope(asked), asked.text("language_code")), ())
    return [command.as_json() for command in listed]


async def delete_my_commands(world: World, asked: Parameters) -> bool:
    world.profile.commands.pop((_scope(asked), asked.text("language_code")), None)
    _show_all(world)
    return True


def _set(world: World, asked: Parameters, about: About) -> bool:
    text = asked.text(about)
    if len(text) > MAX_LENGTHS[about]:
        raise BadRequestError(Why.DESCRIPTION_LONG.format(kind=about.upper()))
    world.profile.set_text(about, asked.text("language_code"), text)
    _show_all(world)
    return True


def _get(world: World, asked: Parameters, about: About) -> dict[str, str]:
    return {about: world.profile.text(about, asked.text("language_code"))}


def _command(one: Any) -> Command:
    match one:
        case {"command": str(name), "description": str(description)}:
            name = name.removeprefix("/")
        case _:
            raise BadRequestError(Why.COMMANDS_JSON)
    if not COMMAND.fullmatch(name):
        raise BadRequestError(Why.COMMAND_NAME)
    if not 1 <= len(description.strip()) <= MAX_COMMAND_DESCRIPTION:
        raise BadRequestError(Why.COMMAND_DESCRIPTION)
    return Command(command=name, description=description)


def _scope(asked: Parameters) -> Scope:
    given = asked.json("scope", Why.SCOPE)
    match given:
        case None:
            return Scope()
        case {"type": str(kind)} if kind in SCOPES:
            return Scope(kind=kind)
        case {"type": str(kind), "chat_id": int() | str() as chat_id} if kind in CHAT_SCOPES:
            try:
                return Scope(kind=kind, chat_id=int(chat_id))
            except ValueError as unknown:
                raise BadRequestError(Why.CHAT_NOT_FOUND) from unknown
        case _:
            raise BadRequestError(Why.SCOPE.format(what="unsupported type specified"))


def _show_all(world: World) -> None:
    for phone in world.phones.values():
        world.touch(phone)
