"""Who is heard as whom, thirty silent minutes, blocked bots, and the chats of staff."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from telegram import Chat, Message, Update, User
from telegram.error import NetworkError, TimedOut

from bot.telegram.code_cards import CodeCards
from storage.errors import StoreUnavailable
from tests.chat_world import SAY, World, a_world
from tests.disk import Disk
from tests.sandbox_client import Phone

CUT_OFF_AT = 3
WORDS = "The Kwasakwasa boys carry pangas"


def on_disk(world: World) -> bytes:
    folder = world.house.settings.data_dir
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def silence(world: World, **span: float) -> None:
    """Time passes and the clock rings all its jobs, as it does."""
    world.clock.passes(**span)
    for job in world.house.jobs(world.front):
        await job.run()


async def test_unsent_words_are_never_on_disk(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.reviewing(phone, WORDS)
        stored = on_disk(world)
        assert b"wasakwasa" not in stored
        assert b"wasakwasa".hex().encode() not in stored


async def test_after_thirty_silent_minutes_the_words_are_gone_and_the_card_says_so(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        code = await world.reviewing(phone, WORDS)
        await silence(world, minutes=29)
        assert code in (await phone.last())["text"]
        await silence(world, minutes=1)
        seen = await phone.see()
        assert SAY.start("report.expired") in seen.last()["text"]
        assert code not in seen.last()["text"]
        assert world.front.citizens.talks == {}


async def test_words_are_dropped_in_time_even_when_telegram_is_away(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        code = await world.reviewing(phone, WORDS)
        await world.sandbox.fail("editMessageText", drop_before=True)
        await silence(world, minutes=31)
        assert code in (await phone.last())["text"]
        assert WORDS not in repr(world.front.citizens.talks)
        await silence(world, minutes=1)
        assert SAY.start("report.expired") in (await phone.last())["text"]


async def test_whoever_writes_before_they_could_be_told_is_told_then(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.says(phone, WORDS)
        await world.sandbox.fail("editMessageText", drop_before=True)
        await silence(world, minutes=31)
        await world.says(phone, "and another thing")
        assert SAY.start("report.gone") in (await phone.last())["text"]


async def test_one_chat_that_fails_does_not_keep_the_words_of_others(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        first, second = await world.citizen("Amina"), await world.citizen("Baraka")
        for phone in (first, second):
            await world.reviewing(phone, WORDS)
        await world.sandbox.fail("editMessageText", drop_before=True, chat_id=first.id)
        await silence(world, minutes=31)
        assert SAY.start("report.expired") in (await second.last())["text"]


async def test_whoever_blocked_the_bot_is_forgotten_when_the_card_expires(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.says(phone, WORDS)
        await phone.block()
        await silence(world, minutes=31)
        assert world.front.citizens.talks == {}


async def test_a_restart_keeps_the_language_and_says_that_the_words_are_gone(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.says(phone, WORDS)
        await world.restart()
        await world.says(phone, "are you there?")
        assert SAY.start("report.gone") in (await phone.last())["text"]


async def cut_off_at_send(world: World, phone: Phone) -> str:
    """*Send* is kept, and the process dies before the answer: the press comes again."""
    code = await world.reviewing(phone, WORDS)
    await world.sandbox.fail("editMessageText", drop_before=True)
    with pytest.raises(NetworkError):
        await world.taps(phone, SAY("button.send"))
    await world.restart()
    await world.answer()
    return code


async def test_a_crash_at_send_leaves_the_code_on_the_phone(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        code = await cut_off_at_send(world, phone)
        assert SAY.start("report.gone_code_above") in (await phone.last())["text"]
        card, news = (await phone.texts())[-2:]
        assert code in card
        assert "code on the card above" in news
        await world.says(phone, f"/check {code}")
        assert SAY("standing.received") in (await phone.last())["text"]
        assert any(code in text for text in await phone.texts())


async def test_a_card_with_a_code_is_emptied_after_a_restart_too(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        silent, told = await world.citizen("Amina"), await world.citizen("Baraka")
        codes = [await world.sent(silent, WORDS), await cut_off_at_send(world, told)]
        await silence(world, minutes=29)
        for phone, code in zip((silent, told), codes, strict=True):
            assert any(code in text for text in await phone.texts())
        await silence(world, minutes=2)
        for phone, code in zip((silent, told), codes, strict=True):
            assert not any(code in text for text in await phone.texts())
        memory = await world.house.memories().of(silent.id)
        assert memory.codes == frozenset()


async def test_whoever_wrote_the_code_down_may_say_so_after_a_restart(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        code = await world.sent(phone, WORDS)
        await world.restart()
        await world.taps(phone, SAY("button.written"))
        assert not any(code in text for text in await phone.texts())


async def test_a_forged_row_of_one_chat_keeps_neither_it_nor_others_waiting(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        forged, other = await world.citizen("Amina"), await world.citizen("Baraka")
        code = await world.sent(other, WORDS)
        tag = world.house.chat_seal.tags(forged.id)[0]
        disk = Disk(folder=world.house.settings.data_dir)
        assert disk.tamper("addresses", "UPDATE chat SET sealed = ? WHERE tag = ?", b"x", tag) == 1
        await world.restart()
        assert "alarm.envelope_lost" in world.log.events
        await silence(world, minutes=31)
        assert not any(code in text for text in await other.texts())
        await world.says(forged, "/start")
        assert SAY("language.sw") in (await forged.see()).buttons()


async def test_a_clear_that_was_cut_off_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        deletes, asked = type(world.line.bot).delete_messages, list[list[int]]()

        async def cut_off(bot: Any, chat: int, messages: list[int], **how: Any) -> bool:
            asked.append(list(messages))
            if len(asked) == CUT_OFF_AT:
                raise TimedOut
            return await deletes(bot, chat, messages, **how)

        monkeypatch.setattr(type(world.line.bot), "delete_messages", cut_off)
        with pytest.raises(NetworkError):
            await world.says(phone, "/clear")
        done, left = asked[: CUT_OFF_AT - 1], asked[CUT_OFF_AT - 1]
        await world.answer()
        again = asked[CUT_OFF_AT:]
        assert again[0] == left
        assert not {one for some in done for one in some} & {one for some in again for one in some}
        assert await phone.texts() == [SAY("clear.done")]


async def test_a_chat_that_is_forgotten_while_a_card_is_emptied_stays_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.sent(phone, WORDS)
        await world.restart()
        wiped = CodeCards.wiped

        async def meanwhile(*of: Any) -> frozenset[int]:
            gone = await wiped(*of)
            await world.says(phone, "/forget")
            return gone

        with monkeypatch.context() as patch:
            patch.setattr(CodeCards, "wiped", meanwhile)
            await silence(world, minutes=31)
        assert (await world.house.memories().of(phone.id)).language is None
        await silence(world, seconds=31)
        await silence(world, minutes=31)
        disk = Disk(folder=world.house.settings.data_dir)
        assert disk.rows("addresses", "SELECT tag FROM chat") == []


async def test_words_of_all_are_dropped_in_time_though_the_database_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable

    async with a_world(tmp_path) as world:
        for name in ("Amina", "Baraka", "Chebet"):
            await world.reviewing(await world.citizen(name), WORDS)
        world.clock.passes(minutes=31)
        monkeypatch.setattr(type(world.house.stores), "addresses", away)
        with pytest.raises(StoreUnavailable):
            await world.front.citizens.expire()
        assert WORDS not in repr(world.front.citizens.talks)


async def test_forget_drops_the_language_and_what_was_not_sent(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.says(phone, WORDS)
        await world.says(phone, "/forget")
        memory = await world.house.memories().of(phone.id)
        assert (memory.language, memory.shared, memory.drafting) == (None, None, False)
        await world.restart()
        await world.says(phone, "/start")
        assert SAY("language.sw") in (await phone.see()).buttons()


async def test_the_message_with_the_code_is_deleted_at_once_right_or_wrong(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        code = await world.sent(phone, WORDS)
        await world.taps(phone, SAY("button.written"))
        for typed in (f"/check {code}", code, f"/check\n{code.lower()}", f"/check {code[:-1]}"):
            await world.says(phone, typed)
            assert all(code[:6] not in text.upper() for text in await phone.texts())
        await world.says(phone, f"/check  {code}")
        assert SAY("standing.received") in (await phone.last())["text"]


@pytest.mark.parametrize("broken", ["m-", "m-x", "m-" + "A" * 60])
async def test_a_citizen_who_opens_a_broken_invite_stays_a_citizen(
    tmp_path: Path, broken: str
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.says(phone, f"/start {broken}")
        await can_still_report(world, phone)


async def test_a_citizen_who_opens_a_used_invite_stays_a_citizen(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        used = await world.invite()
        newcomer = await world.sandbox.phone("Wanjiru")
        await world.says(newcomer, f"/start {used}")
        await world.taps(newcomer, SAY("button.written"))
        phone = await world.citizen()
        await world.says(phone, f"/start {used}")
        assert SAY("error.invite_refused") in (await phone.last())["text"]
        await can_still_report(world, phone)


async def can_still_report(world: World, phone: Phone) -> None:
    assert await world.house.staff_book().of_chat(phone.id) is None
    code = await world.sent(phone, WORDS)
    await world.taps(phone, SAY("button.written"))
    await world.says(phone, f"/check {code}")
    assert SAY("standing.received") in (await phone.last())["text"]


async def test_clear_takes_the_card_of_a_refused_invite_too(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await world.says(phone, "/start m-broken")
        await world.says(phone, "/clear")
        await silence(world, seconds=31)
        assert await phone.texts() == []


async def test_what_is_not_a_private_chat_is_not_answered(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        group = Chat(id=-100, type=Chat.GROUP)
        sender = User(id=77, first_name="Amina", is_bot=False)
        now = datetime.now(UTC)
        message = Message(message_id=5, date=now, chat=group, from_user=sender, text="/start")
        calls = len(await world.sandbox.requests())
        await world.handle(Update(update_id=1, message=message))
        await world.handle(Update(update_id=2))
        assert len(await world.sandbox.requests()) == calls
