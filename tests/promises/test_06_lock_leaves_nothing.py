"""Promise 6: nothing opened stays in a moderator's chat, however the opening ended."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram.error import NetworkError
from typer.testing import CliRunner

from app.cli import sauti
from bot.telegram import staff
from tests.chat_world import KEPT, SAY, World, a_world
from tests.sandbox_client import Phone

WORDS = "The Kwasakwasa boys carry pangas"
TWO_DAYS = 48 * 3600
REFUSED: dict[str, Any] = {"error_code": 400, "description": "Bad Request: no"}


async def rings(world: World, **span: float) -> None:
    """Time passes and the clock rings all its jobs."""
    world.clock.passes(**span)
    for job in world.house.jobs(world.front):
        await job.run()


async def opened(world: World) -> Phone:
    await world.sent(await world.citizen(), WORDS)
    otieno = await world.moderator()
    await world.opened(otieno)
    assert any(WORDS in text for text in await otieno.texts())
    return otieno


async def locks(world: World, otieno: Phone) -> None:
    await world.says(otieno, "/lock")


async def idles(world: World, _: Phone) -> None:
    await rings(world, minutes=14)
    await rings(world, minutes=1)


async def restarts(world: World, _: Phone) -> None:
    await world.restart()


async def stops(world: World, _: Phone) -> None:
    await world.front.close()


Ending = Callable[[World, Phone], Awaitable[None]]
ENDINGS: tuple[Ending, ...] = (locks, idles, restarts, stops)


@pytest.mark.parametrize("end", ENDINGS)
async def test_what_was_opened_is_gone_when_a_moderator_is_locked(
    tmp_path: Path, end: Ending
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await opened(world)
        await end(world, otieno)
        texts = await otieno.texts()
        assert all(WORDS not in text for text in texts)
        assert KEPT in texts


@pytest.mark.parametrize("end", ENDINGS)
async def test_what_was_opened_goes_as_soon_as_telegram_is_back(
    tmp_path: Path, end: Ending
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await opened(world)
        await world.sandbox.fail("deleteMessages", drop_before=True, times=2)
        await end(world, otieno)
        for _ in range(3):
            await rings(world, seconds=15)
        assert all(WORDS not in text for text in await otieno.texts())


async def test_what_was_opened_goes_though_the_card_that_says_so_cannot_be_sent(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await opened(world)
        await world.sandbox.fail("sendMessage", drop_before=True)
        with pytest.raises(NetworkError):
            await world.says(otieno, "/lock")
        assert all(WORDS not in text for text in await otieno.texts())
        await world.answer()
        assert SAY.start("moderator.locked_now") in (await otieno.last())["text"]


async def test_a_deletion_that_failed_is_not_forgotten_by_a_crash(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        otieno = await opened(world)
        await world.sandbox.fail("deleteMessages", drop_before=True, times=3)
        await world.says(otieno, "/lock")
        assert any(WORDS in text for text in await otieno.texts())
        await world.restart()
        await rings(world, seconds=15)
        assert all(WORDS not in text for text in await otieno.texts())


async def test_a_crash_just_after_the_words_were_shown_leaves_them_noted(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        await world.sent(await world.citizen(), WORDS)
        otieno = await world.moderator()
        await world.unlocked(otieno)
        await world.sandbox.fail("editMessageText", drop_after=True)
        with pytest.raises(NetworkError):
            await world.taps(otieno, SAY("moderator.button_next"))
        assert any(WORDS in text for text in await otieno.texts())
        await world.restart()
        assert all(WORDS not in text for text in await otieno.texts())


async def test_what_is_too_old_to_be_deleted_after_days_of_standing_still_is_overwritten(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await opened(world)
        await world.sandbox.advance(TWO_DAYS + 60)
        await world.restart()
        assert all(WORDS not in text for text in await otieno.texts())


def shows_words(texts: list[str]) -> bool:
    return any(WORDS in text for text in texts)


@pytest.mark.parametrize("end", [locks, idles])
async def test_what_is_too_old_to_be_deleted_is_overwritten_when_a_moderator_is_locked(
    tmp_path: Path, end: Ending
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await opened(world)
        await world.sandbox.advance(TWO_DAYS + 60)
        await end(world, otieno)
        assert not shows_words(await otieno.texts())
        assert await noted(world, otieno) == ()


async def noted(world: World, otieno: Phone) -> tuple[int, ...]:
    entry = await world.house.staff_book().of_chat(otieno.id)
    assert entry is not None
    return entry.opened


async def test_what_could_be_neither_deleted_nor_overwritten_stays_noted_until_it_is(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await opened(world)
        await world.sandbox.advance(TWO_DAYS + 60)
        await world.sandbox.fail(
            "editMessageText", error_code=400, description="Bad Request: no", times=2
        )
        await world.says(otieno, "/lock")
        assert shows_words(await otieno.texts())
        assert await noted(world, otieno) != ()
        await rings(world, seconds=15)
        assert not shows_words(await otieno.texts())
        assert await noted(world, otieno) == ()


async def test_what_a_sweep_could_not_overwrite_is_tried_again(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        otieno = await opened(world)
        await world.sandbox.advance(TWO_DAYS + 60)
        await world.sandbox.fail("editMessageText", **REFUSED)
        await world.restart()
        assert shows_words(await otieno.texts())
        await rings(world, seconds=15)
        assert not shows_words(await otieno.texts())


async def test_a_report_is_never_shown_in_a_card_of_days_ago(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        await world.sent(await world.citizen(), WORDS)
        otieno = await world.moderator()
        await world.unlocked(otieno)
        await world.says(otieno, "/lock")
        await world.sandbox.advance(TWO_DAYS + 60)
        card = (await otieno.last())["message_id"]
        await world.opened(otieno)
        shown = await otieno.last()
        assert WORDS in shown["text"]
        assert shown["message_id"] > card


async def test_a_report_whose_message_was_sent_and_the_answer_lost_leaves_no_words(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        await world.sent(await world.citizen(), WORDS)
        otieno = await world.moderator()
        await world.unlocked(otieno)
        await otieno.delete((await otieno.last())["message_id"])
        await world.sandbox.fail("sendMessage", drop_after=True)
        with pytest.raises(NetworkError):
            await world.says(otieno, "/next")
        await world.answer()
        assert sum(WORDS in text for text in await otieno.texts()) == 1
        await world.says(otieno, "/lock")
        assert not shows_words(await otieno.texts())


async def test_a_report_whose_card_the_moderator_deleted_comes_in_one_that_is_noted(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await opened(world)
        await otieno.delete((await otieno.last())["message_id"])
        await world.says(otieno, "/release")
        shown = await otieno.last()
        assert WORDS in shown["text"]
        assert shown["message_id"] in await noted(world, otieno)


async def revokes(world: World) -> None:
    """As an operator does, beside the running bot."""
    words = ["staff", "revoke", world.reader.member.hex()]
    told = {"SAUTI_DATA_DIR": str(world.house.settings.data_dir)}
    done = await asyncio.to_thread(CliRunner().invoke, sauti, words, env=told)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_was_opened_goes_when_a_moderator_is_revoked(
    tmp_path: Path, *, restarted: bool
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await opened(world)
        await revokes(world)
        if restarted:
            await world.restart()
        else:
            await rings(world, seconds=15)
        texts = await otieno.texts()
        assert not shows_words(texts)
        assert SAY("error.revoked") in texts[-1]
        assert world.house.sessions.idle(world.clock.now() + timedelta(days=1)) == frozenset()
        assert await world.house.staff_book().of_chat(otieno.id) is None


async def test_the_chat_of_somebody_revoked_is_noted_until_nothing_stands_in_it(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await opened(world)
        await revokes(world)
        await world.sandbox.fail("deleteMessages", drop_before=True, times=3)
        await rings(world, seconds=15)
        assert await noted(world, otieno) != ()
        await world.restart()
        for _ in range(3):
            await rings(world, seconds=15)
        assert not shows_words(await otieno.texts())
        assert await world.house.staff_book().of_chat(otieno.id) is None


async def test_a_moderator_who_blocked_the_bot_does_not_keep_the_others_unlocked(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        otieno = await opened(world)
        await otieno.block()
        await rings(world, minutes=15)
        assert world.house.sessions.idle(world.clock.now()) == frozenset()
        assert world.log.events.count("member.locked") == 1
        await rings(world, seconds=15)
        assert "job.failed" not in world.log.events


async def test_a_build_that_notes_nothing_opened_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nowhere(*_: object) -> None:
        """Notes nothing."""

    monkeypatch.setattr(staff.StaffChats, "_note", nowhere)
    async with a_world(tmp_path) as world:
        otieno = await opened(world)
        await world.restart()
        assert any(WORDS in text for text in await otieno.texts())
