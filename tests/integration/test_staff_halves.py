"""A moderator's phone, when their passphrase and button are made anew."""

from pathlib import Path

import pytest
from telegram.error import NetworkError

from tests.chat_world import SAY, World, a_world
from tests.integration.test_staff_chats import code_of
from tests.sandbox_client import Phone, Seen

UNLOCK, WRITTEN = SAY("moderator.button_unlock"), SAY("button.written")


async def renewed(world: World, phone: Phone) -> str:
    """Unlocked, and the new passphrase on the card."""
    await world.unlocked(phone)
    await world.taps(phone, SAY("moderator.button_passphrase"))
    return code_of(await phone.last())


def unlock_buttons(seen: Seen) -> int:
    return seen.buttons().count(UNLOCK)


async def test_one_button_is_left_and_the_old_message_says_that_its_own_is_gone(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await world.moderator()
        passphrase = await renewed(world, otieno)
        await world.taps(otieno, WRITTEN)
        seen = await otieno.see()
        assert all(passphrase not in text for text in seen.texts())
        assert unlock_buttons(seen) == 1
        assert any(text.startswith("This button opens nothing") for text in seen.texts())
        await world.says(otieno, "/lock")
        await world.taps(otieno, UNLOCK)
        await world.says(otieno, world.reader.passphrase)
        assert SAY("error.passphrase_refused") in (await otieno.last())["text"]
        await world.says(otieno, passphrase)
        assert SAY("moderator.button_next") in (await otieno.see()).buttons()


async def test_a_crash_before_it_holds_leaves_the_old_half_and_takes_the_new_away(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await world.moderator()
        passphrase = await renewed(world, otieno)
        await otieno.tap(WRITTEN)
        await world.restart()
        await world.answer()
        seen = await otieno.see()
        assert all(passphrase not in text for text in seen.texts())
        assert unlock_buttons(seen) == 1
        await world.unlocked(otieno)
        assert SAY("moderator.button_next") in (await otieno.see()).buttons()


async def test_a_crash_after_it_holds_leaves_the_new_half_and_takes_the_passphrase_away(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await world.moderator()
        passphrase = await renewed(world, otieno)
        await otieno.tap(WRITTEN)
        await world.sandbox.fail("editMessageText", drop_before=True)
        with pytest.raises(NetworkError):
            await world.answer()
        await world.restart()
        await world.answer()
        seen = await otieno.see()
        assert all(passphrase not in text for text in seen.texts())
        await world.says(otieno, passphrase)
        assert SAY("moderator.button_next") in (await otieno.see()).buttons()
