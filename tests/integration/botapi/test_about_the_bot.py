"""What a phone shows of the bot itself."""

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import (
    BadRequest,
)

from tests.integration.botapi.calling import words
from tests.sandbox_client import Phone, SandboxClient


async def test_each_phone_lists_the_narrowest_commands_in_its_language(
    sandbox: SandboxClient, bot: Bot, amina: Phone
) -> None:
    juma = await sandbox.phone("Juma", language_code="en")
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("help", "Msaada")], language_code="sw")
    assert await commands(amina) == {"help": "Msaada"}
    assert await commands(juma) == {"help": "Help"}
    await bot.set_my_commands(
        [BotCommand("report", "Report")], scope=BotCommandScopeAllPrivateChats()
    )
    await bot.set_my_commands([BotCommand("queue", "Queue")], scope=BotCommandScopeChat(juma.id))
    assert await commands(amina) == {"report": "Report"}
    assert await commands(juma) == {"queue": "Queue"}
    await bot.delete_my_commands(scope=BotCommandScopeChat(juma.id))
    assert await commands(juma) == {"report": "Report"}
    assert await bot.get_my_commands() == (BotCommand("help", "Help"),)


async def commands(phone: Phone) -> dict[str, str]:
    listed = (await phone.see()).raw["commands"]
    return {one["command"]: one["description"] for one in listed}


async def test_commands_have_plain_names_and_a_description(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=words("BOT_COMMAND_INVALID")):
        await bot.set_my_commands([("Wrong-Name", "x")])
    with pytest.raises(BadRequest, match=words("BOT_COMMAND_DESCRIPTION_INVALID")):
        await bot.set_my_commands([("right", " ")])


async def test_the_bot_describes_itself_by_language(bot: Bot, amina: Phone) -> None:
    await bot.set_my_name("Sauti")
    await bot.set_my_description("For all")
    await bot.set_my_description("Kwa wote", language_code="sw")
    await bot.set_my_short_description("Short")
    shown = (await amina.see()).raw["bot"]
    assert (shown["name"], shown["description"]) == ("Sauti", "Kwa wote")
    assert (await bot.get_my_description()).description == "For all"
    assert (await bot.get_my_short_description("sw")).short_description == "Short"
    assert (await bot.get_me()).first_name == "Sauti"
    with pytest.raises(BadRequest):
        await bot.set_my_description("x" * 513)
