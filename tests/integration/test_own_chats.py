"""One's own report in real chats: a question and its answer, news of it, and *Stop*."""

import base64
from datetime import date
from pathlib import Path

from bot.dialogue.outgoing import LETTERS
from bot.telegram.card import show
from domain.followup.followers import CountyFollowed
from domain.followup.notices import LONGEST
from domain.followup.outgoing import MessageKind
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.reports.withdrawal import WAITS
from tests.chat_world import SAY, World, a_world
from tests.sandbox_client import Phone

WORDS = "They took the lamps from the bridge"
ASKED = "Is it still dark there?"


async def a_question(world: World) -> tuple[Phone, Phone, str]:
    """A citizen whose report was sent, and a moderator who asks about it."""
    citizen = await world.citizen()
    code = await world.sent(citizen, WORDS)
    await world.taps(citizen, SAY("button.written"))
    moderator = await world.moderator()
    await world.opened(moderator)
    await world.taps(moderator, SAY("moderator.button_ask"))
    await world.says(moderator, ASKED)
    return citizen, moderator, code


async def test_a_question_is_answered_and_the_answer_is_not_left_in_the_chat(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        citizen, moderator, code = await a_question(world)
        await world.says(citizen, f"/check {code}")
        await world.taps(citizen, SAY("button.answer"))
        assert ASKED in (await citizen.last())["text"]
        await world.says(citizen, "Yes, every night")
        assert SAY("check.answered") in (await citizen.last())["text"]
        assert not any("every night" in text for text in await citizen.texts())
        await world.says(moderator, "/queue")
        assert "NEW WORDS" in " ".join((await moderator.see()).buttons())
        await world.says(moderator, "/next")
        await world.says(moderator, "/queue")
        label = next(each for each in (await moderator.see()).buttons() if "NEW WORDS" in each)
        await world.taps(moderator, label)
        assert "Yes, every night" in (await moderator.last())["text"]


async def test_after_a_restart_the_card_asks_for_the_code_and_keeps_no_answer(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        citizen, _, code = await a_question(world)
        await world.says(citizen, f"/check {code}")
        await world.restart()
        await world.taps(citizen, SAY("button.answer"))
        assert SAY("check.code_again") in (await citizen.last())["text"]


async def test_an_answer_typed_after_a_restart_is_no_new_report_unawares(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        citizen, _, code = await a_question(world)
        await world.says(citizen, f"/check {code}")
        await world.taps(citizen, SAY("button.answer"))
        await world.restart()
        await world.says(citizen, "Yes, every night")
        seen = (await citizen.last())["text"]
        assert SAY.start("report.gone") in seen
        assert "answering the desk, begin with your code: /check" in seen
        await world.says(citizen, f"/check {code}")
        await world.taps(citizen, SAY("button.answer"))
        await world.says(citizen, "Yes, every night")
        assert SAY("check.answered") in (await citizen.last())["text"]


async def test_news_comes_at_the_window_and_stop_ends_it_after_a_restart_too(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        citizen, moderator, code = await a_question(world)
        await world.says(citizen, f"/check {code}")
        await world.taps(citizen, SAY("button.tell_me"))
        assert SAY("check.followed") in (await citizen.last())["text"]
        notices, delivery = world.house.notices(), world.house.delivery(world.line, world.front)
        assert await notices.run() == 0
        world.clock.moment += LONGEST
        await world.front.staff.lock_idle()
        await world.unlocked(moderator)
        assert await notices.run() == 1
        assert await delivery.run_once() == 0, "not before the window"
        world.clock.moment = world.house.settings.windows.next_after(world.clock.now())
        assert await delivery.run_once() == 1
        assert SAY("notice.news") in (await citizen.last())["text"]
        await world.restart()
        await world.taps(citizen, SAY("button.stop"))
        await world.says(citizen, f"/check {code}")
        assert SAY("button.tell_me") in (await citizen.see()).buttons()


async def test_who_became_staff_since_can_still_stop(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        citizen = await world.citizen()
        slot = bytes(range(32))
        async with world.house.stores.addresses() as addresses:
            await addresses.mailboxes.put(slot, b"\x01sealed", date(2099, 1, 1))
            await addresses.commit()
        spelt = base64.urlsafe_b64encode(slot).decode().rstrip("=")
        letter = LETTERS[MessageKind.NOTICE]({"slot": spelt})
        await show(world.line.bot, citizen.id, letter, SAY.catalogue, None)
        await world.house.staff_book().enter(citizen.id, world.reader.member, Language.ENGLISH)
        await world.taps(citizen, SAY("button.stop"))
        async with world.house.stores.addresses() as addresses:
            assert await addresses.mailboxes.get(slot) is None


async def test_a_forgotten_chat_gets_no_news(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        citizen, moderator, code = await a_question(world)
        await world.says(citizen, f"/check {code}")
        await world.taps(citizen, SAY("button.tell_me"))
        world.clock.passes(seconds=1)
        await world.says(citizen, "/forget")
        world.clock.moment += LONGEST
        await world.front.staff.lock_idle()
        await world.unlocked(moderator)
        assert await world.house.notices().run() == 0


async def test_who_has_blocked_the_bot_is_written_to_no_more(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        county = CountyFollowed(county=CountyCode("021"))
        followers = world.house.followers()
        await followers.follow(77, Language.ENGLISH, county)
        await world.house.delivery(world.line, world.front).on_gone(77)
        assert await followers.of(77) == ()
        async with world.house.stores.addresses() as addresses:
            tags = world.house.forgotten_seal.tags(77)
            assert await addresses.forgotten.get(tags) is not None


async def test_a_report_is_withdrawn_kept_and_withdrawn_and_its_code_is_told(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        citizen, moderator, code = await a_question(world)
        await world.says(citizen, f"/check {code}")
        await world.taps(citizen, SAY("button.withdraw"))
        await world.taps(citizen, SAY("button.withdraw_now"))
        assert SAY("check.withdrawal_asked") in (await citizen.last())["text"]
        await world.says(moderator, "/queue")
        assert SAY("moderator.flag_withdrawal") in " ".join((await moderator.see()).buttons())
        await world.says(citizen, f"/check {code}")
        await world.taps(citizen, SAY("button.keep_report"))
        assert SAY("check.kept") in (await citizen.last())["text"]
        await world.taps(citizen, SAY("button.withdraw"))
        await world.taps(citizen, SAY("button.withdraw_now"))
        (retention,) = [job for job in world.house.bells() if job.name == "retention"]
        assert await retention.run(world.clock.now()) == 0
        world.clock.moment += WAITS
        assert await retention.run(world.clock.now()) == 1
        await world.says(citizen, f"/check {code}")
        assert SAY("error.report_withdrawn") in (await citizen.last())["text"]
