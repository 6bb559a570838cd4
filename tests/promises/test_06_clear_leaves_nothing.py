"""Promise 6: `/clear` leaves nothing that Telegram lets a bot delete, restart or not."""

from pathlib import Path

import pytest
from telegram.error import NetworkError

from bot.telegram.front import Front
from bot.telegram.keeping import Keeping
from domain.chats.traces import AROUND, Share, Traces
from storage.errors import StoreUnavailable
from tests.chat_world import SAY, World, a_world
from tests.integration.test_delivery import a_post, heard
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


async def crashed_unnoted(world: World, phone: Phone, text: str) -> None:
    """The card is sent, and the process dies before anything of it is noted."""

    async def dies(*_: object) -> None:
        raise SystemError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Keeping, "keep", dies)
        with pytest.raises(SystemError):
            await world.says(phone, text)
    await world.restart()
    await world.answer()


async def test_clear_finds_what_a_crash_left_unnoted(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await phone.delete((await phone.last())["message_id"])
        await crashed_unnoted(world, phone, "/help")
        assert len(await phone.texts()) == 2, "the lost card and the one of now"
        await cleared(world, phone)
        assert await phone.texts() == []


async def chatters(world: World, phone: Phone) -> None:
    """Telegram numbers a bot's messages over all its chats: ours come to lie far apart."""
    for _ in range(30):
        await world.says(phone, "/help")


async def test_clear_finds_it_though_other_chats_were_busy_meanwhile(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone, another = await world.citizen(), await world.citizen("Baraka")
        await phone.delete((await phone.last())["message_id"])
        await chatters(world, another)
        await crashed_unnoted(world, phone, "/help")
        await chatters(world, another)
        assert len(await phone.texts()) == 2, "the lost card and the one of now"
        await cleared(world, phone)
        assert await phone.texts() == []


async def test_clear_itself_may_be_cut_off_by_a_crash(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await talked(world)
        await crashed_unnoted(world, phone, "/clear")
        assert len(await phone.texts()) == 1
        await rings(world, seconds=31)
        assert await phone.texts() == []


async def test_clear_finds_a_card_whose_answer_got_lost(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await phone.delete((await phone.last())["message_id"])
        await world.sandbox.fail("sendMessage", drop_after=True)
        with pytest.raises(NetworkError):
            await world.says(phone, "/help")
        await world.answer()
        assert len(await phone.texts()) == 2
        await cleared(world, phone)
        assert await phone.texts() == []


async def busy_elsewhere(world: World) -> None:
    """Chats of staff, whose messages are not noted, have more of them than are looked through."""
    staff = await world.sandbox.phone("Staff")
    await staff.send("/start")
    world.offset = (await world.waiting())[-1].update_id + 1
    for _ in range(AROUND + 20):
        await world.line.bot.send_message(staff.id, "a report")


async def test_clear_finds_what_a_crash_left_though_staff_were_busy(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await phone.delete((await phone.last())["message_id"])
        await busy_elsewhere(world)
        await crashed_unnoted(world, phone, "/help")
        assert len(await phone.texts()) == 2, "the lost card and the one of now"
        await cleared(world, phone)
        assert await phone.texts() == []


async def test_clear_finds_a_card_whose_answer_got_lost_though_staff_were_busy(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await phone.delete((await phone.last())["message_id"])
        await busy_elsewhere(world)
        await world.sandbox.fail("sendMessage", drop_after=True)
        with pytest.raises(NetworkError):
            await world.says(phone, "/help")
        await world.answer()
        assert len(await phone.texts()) == 2
        await cleared(world, phone)
        assert await phone.texts() == []


async def test_clear_finds_what_was_said_unasked_and_whose_answer_got_lost(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        post = a_post(world)
        await post.puts_in(phone)
        await world.sandbox.fail("sendMessage", drop_after=True)
        await post.delivery.run_once()
        await world.restart()
        assert await heard(phone) == 1
        await cleared(world, phone)
        assert await phone.texts() == []


async def test_clear_finds_what_was_said_while_the_database_was_away(tmp_path: Path) -> None:
    async def away(*_: object, **__: object) -> None:
        raise StoreUnavailable

    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        post = a_post(world)
        await post.puts_in(phone)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Traces, "note", away)
            await post.delivery.run_once()
        assert await heard(phone) == 1
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


@pytest.mark.parametrize("ceiling", ["domain.chats.traces.MOST", "bot.telegram.keeping.MOST_NOTED"])
async def test_clear_does_not_say_done_where_there_were_more_messages_than_it_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ceiling: str
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        for _ in range(12):
            await phone.sticker()
            await world.answer()
        monkeypatch.setattr(ceiling, 10)
        await phone.sticker()
        await world.answer()
        await world.says(phone, "/clear")
        assert SAY("clear.unsure") in await phone.texts()


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


async def told_unasked(world: World) -> Phone:
    """The bot wrote on its own, and the process began anew since."""
    phone = await world.citizen()
    post = a_post(world)
    await post.puts_in(phone)
    assert await post.delivery.run_once() == 1
    await world.restart()
    return phone


async def test_clear_takes_what_the_bot_said_unasked(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await told_unasked(world)
        assert await heard(phone) == 1
        await cleared(world, phone)
        assert await phone.texts() == []


async def test_a_build_that_notes_nothing_it_says_unasked_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And does not look for what a crash left: that would find it as well."""

    async def nowhere(*_: object, **__: object) -> None:
        """Notes nothing."""

    monkeypatch.setattr(Front, "note", nowhere)
    monkeypatch.setattr(Share, "doubtful", lambda _: frozenset())
    async with a_world(tmp_path) as world:
        phone = await told_unasked(world)
        await world.says(phone, "/clear")
        await rings(world, seconds=31)
        assert await heard(phone) == 1


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
