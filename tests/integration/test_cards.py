"""One card a chat, over a bad connection and on phones where people press what they like."""

import asyncio
from pathlib import Path

import pytest
from telegram.error import NetworkError, RetryAfter

from tests.chat_world import SAY, World, a_world
from tests.sandbox_client import Phone


def of_the_bot(seen: list[dict[str, object]]) -> list[object]:
    return [message["text"] for message in seen if message["from"] == "bot"]


async def cards(phone: Phone) -> list[object]:
    return of_the_bot((await phone.see()).messages)


def taken(count: int) -> str:
    return f"{count} message"


async def test_words_are_taken_into_one_card_and_leave_the_chat(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.says(phone, "They took my goats")
        await world.says(phone, "at night")
        seen = await phone.see()
        assert len(seen.messages) == 1
        assert taken(2) in seen.last()["text"]


async def test_a_card_the_person_deleted_comes_again_as_a_message_of_its_own(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await phone.delete((await phone.last())["message_id"])
        await world.says(phone, "They took my goats")
        assert taken(1) in (await phone.last())["text"]


async def test_what_could_not_be_read_stays_in_the_chat_above_the_card(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.says(phone, "They took my goats")
        sticker = await phone.sticker()
        await world.answer()
        seen = await phone.see()
        assert [message["from"] for message in seen.messages] == ["me", "bot"]
        assert seen.messages[0]["message_id"] == sticker["message_id"]


async def test_an_edited_message_changes_nothing_and_the_person_is_told(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.says(phone, "They took my goats")
        sticker = await phone.send("x" * 4000)
        await world.sandbox.fail("deleteMessages", drop_before=True)
        await world.answer()
        await phone.edit(sticker["message_id"], "something else")
        await world.answer()
        assert SAY.start("unreadable.edited") in (await phone.last())["text"]
        assert taken(2) in (await phone.last())["text"]


async def test_every_card_is_protected_unless_the_code_is_to_be_copied(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        code = await world.reviewing(phone, "They took my goats")
        assert (await phone.last())["protect_content"]
        await world.taps(phone, SAY("button.more"))
        await world.taps(phone, SAY("button.copy"))
        seen = await phone.see()
        assert len(seen.messages) == 1
        assert code in seen.last()["text"]
        assert not seen.last()["protect_content"]


async def test_the_card_before_goes_even_when_the_connection_breaks_between_show_and_delete(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.reviewing(phone, "They took my goats")
        await world.taps(phone, SAY("button.more"))
        await world.sandbox.fail("deleteMessages", drop_before=True)
        await world.taps(phone, SAY("button.copy"))
        assert len(await cards(phone)) == 2
        await world.front.citizens.vanish()
        assert len(await cards(phone)) == 1
        assert not (await phone.last())["protect_content"]


async def test_a_message_that_could_not_be_deleted_is_deleted_later(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.sandbox.fail("deleteMessages", drop_before=True)
        await world.says(phone, "They took my goats")
        assert "They took my goats" in await phone.texts()
        assert "telegram.unreachable" in world.log.events
        await world.front.citizens.vanish()
        assert "They took my goats" not in await phone.texts()


async def test_words_are_taken_once_when_telegram_asks_for_patience_after_they_were_taken(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.sandbox.fail("deleteMessages", error_code=429, retry_after=60, times=3)
        await world.says(phone, "They took my goats")
        await world.says(phone, "at night")
        assert taken(2) in (await phone.last())["text"]
        await world.front.citizens.vanish()
        await world.front.citizens.vanish()
        assert "They took my goats" not in await phone.texts()


async def test_words_are_taken_once_when_the_card_could_not_be_shown(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.sandbox.fail("editMessageText", drop_before=True)
        with pytest.raises(NetworkError):
            await world.says(phone, "They took my goats")
        assert "They took my goats" in await phone.texts()
        await world.answer()
        assert taken(1) in (await phone.last())["text"]
        assert "They took my goats" not in await phone.texts()


async def test_words_are_taken_once_when_the_answer_of_telegram_got_lost(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.sandbox.fail("editMessageText", drop_after=True)
        with pytest.raises(NetworkError):
            await world.says(phone, "They took my goats")
        await world.answer()
        assert taken(1) in (await phone.last())["text"]


async def test_a_wish_is_not_undone_by_the_press_that_came_twice(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.reviewing(phone, "They took my goats")
        await world.taps(phone, SAY("button.more"))
        await world.taps(phone, SAY("button.keep_out"))
        await world.sandbox.fail("answerCallbackQuery", drop_before=True)
        with pytest.raises(NetworkError):
            await world.taps(phone, SAY("kept_out.police_station"))
        await world.answer()
        chosen = SAY("button.on", label=SAY("kept_out.police_station"))
        assert chosen in (await phone.see()).buttons()


async def test_a_long_wait_asked_by_telegram_is_left_to_the_intake(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.sandbox.fail("editMessageText", error_code=429, retry_after=60)
        with pytest.raises(RetryAfter):
            await world.says(phone, "They took my goats")
        await world.answer()
        assert taken(1) in (await phone.last())["text"]


async def test_a_short_wait_asked_by_telegram_is_not_seen_by_anybody(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.sandbox.fail("editMessageText", error_code=429, retry_after=1)
        await world.says(phone, "They took my goats")
        assert taken(1) in (await phone.last())["text"]


async def test_a_button_of_an_older_card_gets_the_card_of_now_and_the_older_one_goes(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.says(phone, "They took my goats")
        older = (await phone.last())["message_id"]
        await world.restart()
        await world.says(phone, "Are you there?")
        assert older in [message["message_id"] for message in (await phone.see()).messages]
        await phone.press_data(older, "words:done")
        await world.answer()
        seen = await phone.see()
        assert older not in [message["message_id"] for message in seen.messages]
        assert len(seen.messages) == 1


async def test_a_press_too_old_to_be_answered_is_still_carried_out(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.says(phone, "They took my goats")
        too_old = (
            "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )
        await world.sandbox.fail("answerCallbackQuery", error_code=400, description=too_old)
        await world.taps(phone, SAY("button.done"))
        assert SAY.start("topic.ask") in (await phone.last())["text"]


async def test_whoever_blocks_the_bot_holds_up_nothing_and_may_come_back(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await phone.send("They took my goats")
        await phone.block()
        await world.answer()
        assert "telegram.refused" in world.log.events
        await phone.unblock()
        await world.says(phone, "I am back")
        assert taken(1) in (await phone.last())["text"]


async def test_two_updates_of_one_chat_at_once_are_both_taken(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.restart()
        await phone.send("They took my goats")
        await phone.send("at night")
        await both_at_once(world)
        assert taken(2) in (await phone.last())["text"]
        assert len(await cards(phone)) == 2, "the card of before the restart, and one of now"


async def both_at_once(world: World) -> None:
    updates = await world.waiting()
    assert len(updates) == 2
    await asyncio.gather(*map(world.handle, updates))
    world.offset = updates[-1].update_id + 1
