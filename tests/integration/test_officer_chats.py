"""Officers on the real front: enrolment by link, buttons under old messages, and the end."""

from pathlib import Path

import pytest
from telegram.error import NetworkError

from bot.dialogue.officer.buttons import acts
from bot.dialogue.screen import Screen, Text
from bot.telegram.card import show
from domain.staff.member import Role
from tests.chat_world import SAY, World, a_world
from tests.sandbox_client import Phone


async def told(world: World, phone: Phone) -> None:
    """What the outbox brought, weeks ago."""
    screen = Screen(paragraphs=(Text("officer.said_taken"),), rows=acts("K7M2QX"))
    await show(world.line.bot, phone.id, screen, SAY.catalogue, None)


async def test_one_card_says_what_they_will_get_then_comes_their_menu(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.officer("021/county_police")
        seen = await phone.last()
        assert SAY("officer.enrolled") in seen["text"]
        entry = await world.house.staff_book().of_chat(phone.id)
        assert entry is not None
        assert entry.role is Role.OFFICER
        assert "member.enrolled" in world.log.events
        await world.says(phone, "/help")
        assert "/notmine" in (await phone.last())["text"]


async def test_a_button_under_an_old_message_is_answered_below_it_after_a_restart(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.officer("021/county_police")
        await told(world, phone)
        await world.restart()
        await world.taps(phone, SAY("officer.button_not_mine"))
        messages = (await phone.see()).messages
        assert SAY("error.referral_unknown") in messages[-1]["text"]
        assert SAY("officer.said_taken") in messages[-2]["text"]
        assert SAY("officer.button_not_mine") in (await phone.see()).buttons()
        await world.says(phone, "/ack K7M2QX")
        assert len((await phone.see()).messages) == len(messages)


async def test_what_could_not_be_shown_is_not_done_twice(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.officer("021/county_police")
        await world.sandbox.fail("sendMessage", drop_before=True)
        with pytest.raises(NetworkError):
            await world.says(phone, "/language")
        await world.answer()
        assert SAY("start.language") in (await phone.last())["text"]


async def test_whoever_was_revoked_is_told_and_is_staff_no_more(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.officer("021/county_police")
        entry = await world.house.staff_book().of_chat(phone.id)
        assert entry is not None
        async with world.house.stores.cases() as cases:
            await cases.staff.revoke(entry.member)
            await cases.commit()
        await world.says(phone, "/ack K7M2QX")
        assert SAY("error.revoked") in (await phone.last())["text"]
        await world.front.staff.lock_idle()
        assert (await phone.last())["text"] == SAY("error.revoked")
        assert await world.house.staff_book().of_chat(phone.id) is None
