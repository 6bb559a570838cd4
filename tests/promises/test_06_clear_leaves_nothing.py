"""Promise 6: `/clear` leaves nothing that Telegram lets a bot delete, restart or not."""

from pathlib import Path

import pytest
from telegram.error import NetworkError

from domain.chats.traces import Share, Traces
from tests.chat_world import SAY, World, a_world
from tests.sandbox_client import Phone

WORDS = "The Kwasakwasa boys carry pangas"
TWO_DAYS = 48 * 3600


async def rings(world: World, **span: float) -> None:
    """Time passes and the clock rings all its jobs."""
    world.clock.passes(**span)
    for job in world.house.jobs(world.front):
        await job.run()


async def talked(world: World) -> Phone:
    """Everything a chat can gather: cards, a sticker, an unknown command, a code."""
    phone = await world.citizen()
    await world.says(phone, "/nothing at all")
    await phone.sticker()
    await world.answer()
    await world.sent(phone, WORDS, "and they come at night")
    await phone.voice()
    await world.answer()
    return phone


async def cleared(world: World, phone: Phone) -> None:
    """The confirmation says how to delete the chat itself, and goes too."""
    await world.says(phone, "/clear")
    assert [SAY("clear.done")] == await phone.texts()
    await rings(world, seconds=29)
    assert await phone.texts() != []
    await rings(world, seconds=1)


async def test_clear_leaves_nothing(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await talked(world)
        assert len(await phone.texts()) > 2
        await cleared(world, phone)
        assert await phone.texts() == []


async def test_clear_leaves_nothing_after_a_restart(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await talked(world)
        await world.restart()
        await cleared(world, phone)
        assert await phone.texts() == []


async def test_the_confirmation_goes_even_when_the_bot_restarts_meanwhile(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await talked(world)
        await world.says(phone, "/clear")
        await world.restart()
        assert await phone.texts() == []


async def test_the_confirmation_goes_when_telegram_is_away_at_the_restart(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await talked(world)
        await world.says(phone, "/clear")
        await world.sandbox.fail("deleteMessages", drop_before=True, times=2)
        await world.restart()
        await rings(world, seconds=5)
        assert await phone.texts() != []
        await rings(world, seconds=5)
        assert await phone.texts() == []


async def test_the_confirmation_goes_when_telegram_was_away_in_its_last_second(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await talked(world)
        await world.says(phone, "/clear")
        await world.sandbox.fail("deleteMessages", drop_before=True)
        await rings(world, seconds=30)
        await world.restart()
        assert await phone.texts() == []


async def test_whoever_speaks_before_the_confirmation_is_gone_still_gets_a_clean_chat(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await talked(world)
        await world.says(phone, "/clear")
        await world.says(phone, "/help")
        await cleared(world, phone)
        assert await phone.texts() == []


async def test_clear_leaves_the_chats_of_others_alone(tmp_path: Path) -> None:
    """Though it asks for the messages of all of them."""
    async with a_world(tmp_path) as world:
        others = [await world.citizen(name) for name in ("Baraka", "Chebet")]
        before = [await other.texts() for other in others]
        phone = await talked(world)
        await world.restart()
        await cleared(world, phone)
        assert await phone.texts() == []
        assert [await other.texts() for other in others] == before


async def test_a_clear_that_telegram_cut_off_is_finished_when_it_comes_again(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await talked(world)
        await world.sandbox.fail("deleteMessages", drop_after=True)
        with pytest.raises(NetworkError):
            await world.says(phone, "/clear")
        await world.answer()
        await rings(world, seconds=31)
        assert await phone.texts() == []


async def test_what_is_too_old_to_be_deleted_is_counted_and_says_nothing_any_more(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        code = await world.sent(phone, WORDS)
        await world.sandbox.advance(TWO_DAYS + 60)
        await world.says(phone, "/clear")
        texts = await phone.texts()
        assert len(texts) == 1
        assert code not in texts[0]
        one_left = SAY.catalogue.form("clear.left", 1).partition("{")[0]
        assert texts[0].startswith(one_left)


async def test_a_shared_phone_is_cleared_by_send(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen(shared=True)
        await phone.sticker()
        await world.answer()
        code = await world.sent(phone, WORDS)
        assert all(code not in text for text in await phone.texts())
        assert len(await phone.texts()) == 1
        await rings(world, seconds=31)
        assert await phone.texts() == []


async def test_send_on_a_shared_phone_sends_once_though_the_clearing_had_to_be_tried_again(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen(shared=True)
        code = await world.reviewing(phone, WORDS)
        await world.sandbox.fail("deleteMessages", drop_before=True)
        with pytest.raises(NetworkError):
            await world.taps(phone, SAY("button.send"))
        await world.answer()
        await world.says(phone, f"/check {code}")
        assert SAY("standing.received") in (await phone.last())["text"]


async def test_a_build_that_notes_no_messages_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor looks for what a crash left: that would find them as well."""
    monkeypatch.setattr(Share, "noting", lambda self, *_: self)
    monkeypatch.setattr(Share, "doubtful", lambda _: frozenset())
    async with a_world(tmp_path) as world:
        phone = await talked(world)
        await world.restart()
        await world.says(phone, "/clear")
        await rings(world, seconds=31)
        assert await phone.texts() != []


async def test_a_build_that_forgets_its_notes_in_a_restart_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nowhere(*_: object, **__: object) -> None:
        """Keeps nothing."""

    monkeypatch.setattr(Traces, "note", nowhere)
    async with a_world(tmp_path) as world:
        phone = await talked(world)
        await world.restart()
        await world.says(phone, "/clear")
        await rings(world, seconds=31)
        assert await phone.texts() != []
