"""Many messages of one chat at once: one answer for all, and nothing of them lost."""

from pathlib import Path

import pytest
from telegram.error import NetworkError

from bot.dialogue.citizen.state import Unsent
from bot.telegram.burst import MOST_QUERIES
from bot.telegram.citizens import nothing_behind
from bot.telegram.front import MOST_LINKS
from crypto.code import mint
from domain.chats.traces import AROUND
from domain.reports.tries import MOST
from tests.chat_world import SAY, World, a_world
from tests.integration.test_cards import cards, taken
from tests.sandbox_client import Phone


async def at_once(world: World, *, until: int | None = None) -> None:
    """All that waits, as the intake hands it over: each knows what follows. `until`: how many
    are handled, before whatever comes then.
    """
    updates = await world.waiting()
    for place, update in enumerate(updates[:until]):
        behind = tuple(updates[place + 1 :])
        world.front.citizens.behind = lambda _, behind=behind: behind  # type: ignore[misc] # bound at each turn
        await world.handle(update)
        world.offset = update.update_id + 1
    world.front.citizens.behind = nothing_behind


async def calls(world: World) -> list[str]:
    made = [call["method"] for call in await world.sandbox.requests()]
    return [method for method in made if method not in {"getMe", "getUpdates"}]


async def calls_of(world: World, *, until: int | None = None) -> list[str]:
    """What a burst costs."""
    before = len(await calls(world))
    await at_once(world, until=until)
    return (await calls(world))[before:]


def draft_of(world: World, phone: Phone) -> tuple[str, ...]:
    report = world.front.citizens.talks[phone.id].state.report
    assert isinstance(report, Unsent)
    return report.draft.words


THIRTY = tuple(f"{number} goats were taken" for number in range(30))


async def test_a_burst_of_words_is_taken_whole_and_in_order_and_shown_once(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        for words in THIRTY:
            await phone.send(words)
        assert await calls_of(world) == ["editMessageText", "deleteMessages"]
        assert draft_of(world, phone) == THIRTY
        seen = await phone.see()
        assert taken(30) in seen.last()["text"]
        assert len(seen.messages) == 1


async def test_nothing_of_a_burst_is_taken_twice_when_it_comes_again(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        for words in THIRTY:
            await phone.send(words)
        updates = await world.waiting()
        await at_once(world)
        for update in updates:
            await world.handle(update)
        assert draft_of(world, phone) == THIRTY


async def test_a_burst_is_whole_when_its_last_could_not_be_shown(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        for words in THIRTY:
            await phone.send(words)
        await world.sandbox.fail("editMessageText", drop_before=True)
        with pytest.raises(NetworkError):
            await at_once(world)
        await phone.send("and one more")
        await at_once(world)
        assert draft_of(world, phone) == (*THIRTY, "and one more")
        assert taken(31) in (await phone.last())["text"]
        assert len((await phone.see()).messages) == 1


async def test_what_a_burst_could_not_take_is_told_with_its_last(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await phone.send("They took my goats")
        await phone.sticker()
        await phone.voice()
        await phone.send("at night")
        await at_once(world)
        seen = await phone.see()
        assert [message["from"] for message in seen.messages] == ["me", "me", "bot"]
        for line in ("unreadable.other", "unreadable.voice"):
            assert SAY.start(line) in seen.last()["text"]
        assert taken(2) in seen.last()["text"]
        await world.says(phone, "with pangas")
        assert SAY.start("unreadable.other") not in (await phone.last())["text"]


async def test_presses_of_a_burst_are_answered_with_its_last_but_only_a_few(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        card = (await phone.last())["message_id"]
        for _ in range(20):
            await phone.press_data(card, "menu:help")
        made = await calls_of(world)
        assert made.count("answerCallbackQuery") == MOST_QUERIES + 1
        assert made.count("editMessageText") == 1


async def test_stickers_beyond_thirty_in_a_row_are_answered_by_nothing(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        for _ in range(90):
            await phone.sticker()
        assert await calls_of(world) == ["sendMessage", "deleteMessages"]
        before = await calls(world)
        for _ in range(3):
            await phone.sticker()
            await world.answer()
            await world.front.citizens.vanish()
        assert await calls(world) == before


@pytest.mark.parametrize("how", ["words come", "a minute passes"])
async def test_after_too_many_stickers_the_person_is_heard_again_when(
    tmp_path: Path, how: str
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        for _ in range(60):
            await phone.sticker()
        await at_once(world)
        if how == "words come":
            await world.says(phone, "They took my goats")
            assert taken(1) in (await phone.last())["text"]
        else:
            world.clock.passes(minutes=1)
            await phone.sticker()
            await world.answer()
        seen = await phone.see()
        assert seen.messages[-1]["from"] == "bot"
        assert SAY.start("unreadable.other") in seen.last()["text"]


async def test_a_burst_whose_last_says_nothing_is_shown_by_the_clock(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await phone.send("They took my goats")
        await phone.send("/elsewhere")
        await at_once(world, until=1)
        assert taken(1) not in (await phone.last())["text"]
        await world.front.citizens.vanish()
        assert taken(1) in (await phone.last())["text"]
        assert "They took my goats" not in await phone.texts()


async def test_clear_asked_for_many_times_at_once_empties_the_chat_in_a_few_calls(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await phone.sticker()
        await world.answer()
        for _ in range(30):
            await phone.send("/clear")
        made = await calls_of(world)
        assert made.count("sendMessage") == 1
        assert len(made) <= 3 + 2 * AROUND // 100
        assert await phone.texts() == [SAY("clear.done")]


async def test_clear_spares_what_came_after_it_and_was_not_taken(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await phone.send("They took my goats")
        await phone.send("/clear")
        sticker = await phone.sticker()
        await at_once(world)
        seen = await phone.see()
        assert [message["from"] for message in seen.messages] == ["me", "bot"]
        assert seen.messages[0]["message_id"] == sticker["message_id"]


async def test_after_a_crash_in_the_middle_of_a_burst_clear_finds_all_of_it(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        for _ in range(60):
            await phone.sticker()
        await at_once(world, until=50)
        world.offset = (await world.waiting())[-1].update_id + 1
        await world.restart()
        await world.says(phone, "/clear")
        assert await phone.texts() == [SAY("clear.done")]


async def test_a_card_whose_answer_got_lost_is_found_though_a_burst_followed(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await phone.delete((await phone.last())["message_id"])
        await world.sandbox.fail("sendMessage", drop_after=True)
        with pytest.raises(NetworkError):
            await world.says(phone, "/help")
        for words in THIRTY:
            await phone.send(words)
        await at_once(world)
        assert len(await cards(phone)) == 2, "the card nobody knows of, and the one of now"
        await world.says(phone, "/clear")
        assert len(await phone.texts()) == 1


async def test_beyond_the_ceiling_the_longest_silent_go_and_those_without_words_first(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        world.front.citizens.most_talks = 2
        writer = await world.citizen("Amina")
        await world.says(writer, "They took my goats")
        world.clock.passes(minutes=1)
        reader = await world.citizen("Baraka")
        world.clock.passes(minutes=1)
        third = await world.citizen("Chebet")
        await world.says(third, "They took my cow")
        assert set(world.front.citizens.talks) == {writer.id, third.id}
        await world.says(reader, "/help")
        assert set(world.front.citizens.talks) == {reader.id, third.id}
        await world.says(writer, "are you there?")
        assert SAY.start("report.gone") in (await writer.last())["text"]


async def test_a_chat_that_guesses_codes_is_told_to_wait_and_another_is_not(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        guesser, other = await world.citizen("Guesser"), await world.citizen("Amina")
        for _ in range(MOST):
            await world.says(guesser, f"/check {mint().text}")
            assert SAY.start("error.code_refused") in (await guesser.last())["text"]
        await world.says(guesser, f"/check {mint().text}")
        assert SAY.start("error.too_many_tries") in (await guesser.last())["text"]
        await world.says(other, f"/check {mint().text}")
        assert SAY.start("error.code_refused") in (await other.last())["text"]
        world.clock.passes(minutes=1)
        await world.says(guesser, f"/check {mint().text}")
        assert SAY.start("error.code_refused") in (await guesser.last())["text"]


async def test_links_that_are_refused_again_and_again_open_nothing_for_a_minute(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        for _ in range(MOST_LINKS):
            await world.says(phone, "/start m-x")
            assert SAY("error.invite_refused") in (await phone.last())["text"]
        valid = f"/start {await world.invite()}"
        await world.says(phone, valid)
        assert SAY("button.report") in (await phone.see()).buttons()
        world.clock.passes(minutes=1)
        await world.says(phone, valid)
        assert SAY("button.written") in (await phone.see()).buttons()
