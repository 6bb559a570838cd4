"""What the bot's token surrenders, as docs/attacks.md says: weaknesses, tried on the sandbox, which
answers as Telegram's Bot API server does. Where one is mended, mend the page too.
"""

from collections.abc import AsyncIterator
from pathlib import Path

from telegram import Message, ReplyParameters
from telegram.error import BadRequest

from bot.dialogue.heard import Pressed
from bot.dialogue.moderator.buttons import is_unlock, read_share
from tests.chat_world import SAY, World, a_world

MOST = 60
"""Numbers that are tried: a bot's messages are counted from one."""


async def standing_in(world: World, chat: int) -> AsyncIterator[Message]:
    """Whoever has the token answers each number there may be, and deletes the answer at once."""
    for number in range(1, MOST):
        try:
            sent = await world.line.bot.send_message(
                chat, ".", reply_parameters=ReplyParameters(number)
            )
        except BadRequest:
            continue
        await sent.delete()
        if sent.reply_to_message is not None:
            yield sent.reply_to_message


async def test_with_the_keyring_it_gives_the_share_in_a_moderators_button(tmp_path: Path) -> None:
    """And with the passphrase, all that the moderator reads."""
    async with a_world(tmp_path) as world:
        otieno = await world.moderator()
        before = [message["text"] for message in (await otieno.see()).messages]
        (chat,) = [
            entry.chat
            for entry in await world.house.staff_book().all()
            if entry.member == world.reader.member
        ]
        pressed = [
            str(button.callback_data)
            async for message in standing_in(world, chat)
            if message.reply_markup is not None
            for row in message.reply_markup.inline_keyboard
            for button in row
        ]
        (share,) = {read_share(each) for each in pressed if is_unlock(Pressed(each))}
        assert share == world.reader.share
        assert [message["text"] for message in (await otieno.see()).messages] == before
        async with world.house.stores.cases() as cases:
            member = await cases.staff.member(world.reader.member)
            copies = tuple(await cases.staff.copies(world.reader.member))
            keys = tuple(await cases.staff.desk_keys())
        assert member is not None
        session = await world.house.custody.unlock(
            member, world.reader.passphrase, share, keys, copies
        )
        assert session.desks


async def test_it_gives_no_word_of_a_report_and_no_code_that_was_written_down(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        amina = await world.citizen()
        code = await world.reviewing(amina, "They came at night")
        shown = [message.text or "" async for message in standing_in(world, amina.id)]
        assert any(code in text for text in shown), "a card that shows a code shows it to them too"
        await world.taps(amina, SAY("button.send"))
        await world.taps(amina, SAY("button.written"))
        left = "\n".join([message.text or "" async for message in standing_in(world, amina.id)])
        assert left
        assert code not in left
        assert "They came at night" not in "\n".join((*shown, left))
