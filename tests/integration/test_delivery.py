"""The outbox over HTTP to the real sandbox: what Telegram refuses, loses and slows down."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dialogue.screen import Button, Screen, Text
from bot.telegram.carrier import TelegramCarrier
from domain.followup.followers import CountyFollowed
from domain.followup.outbox import LEASE
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.places.county import CountyCode
from domain.ports.chat import Language
from scheduler.delivery import MOST_TRIES, Delivery
from scheduler.pace import Pace
from tests.chat_world import SAY, World, a_world
from tests.sandbox_client import Phone

KIAMBU = CountyCode("022")


def letter(facts: Mapping[str, object]) -> Screen:
    """Made of texts there are."""
    if facts.get("broken"):
        raise LookupError
    return Screen(paragraphs=(Text("button.send"),), rows=((Button("menu", Text("button.back")),),))


@dataclass(slots=True, kw_only=True)
class Post:
    world: World
    delivery: Delivery
    gone: list[int] = field(default_factory=list)

    async def puts_in(self, *phones: Phone, anchor: str = "today", **more: object) -> None:
        """News for whoever follows; else they would not be wanted."""
        outbox, now = self.world.house.outbox(), self.world.clock.now()
        subject = CountyFollowed(county=KIAMBU)
        for phone in phones:
            await self.world.house.followers().follow(phone.id, Language.ENGLISH, subject)
            message = Message(
                subject=outbox.subject(phone.id),
                kind=MessageKind.FOLLOW_UP,
                anchor=anchor,
                due=now,
                to=Addressee(chat=phone.id, language=Language.ENGLISH),
                facts=more,
            )
            await outbox.post([message])

    async def stages(self) -> Mapping[str, int]:
        async with self.world.house.stores.addresses() as addresses:
            return await addresses.outgoing.count()


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    async with a_world(tmp_path) as world:
        yield a_post(world)


def a_post(world: World) -> Post:
    delivery = world.house.delivery(world.line, world.front)
    assert isinstance(delivery.carrier, TelegramCarrier)
    delivery.carrier = TelegramCarrier(
        bot=world.line.bot,
        catalogues=world.house.catalogues,
        note=world.front.note,
        doubt=world.front.doubt,
        log=world.log,
        letters={MessageKind.FOLLOW_UP: letter},
    )
    delivery.pace = Pace(sleep=lambda _: asyncio.sleep(0))
    post = Post(world=world, delivery=delivery)

    async def on_gone(chat: int) -> None:
        post.gone.append(chat)

    delivery.on_gone = on_gone
    return post


async def heard(phone: Phone) -> int:
    return (await phone.see()).bot_texts().count(SAY("button.send"))


async def phones(post: Post, count: int) -> list[Phone]:
    found = [await post.world.sandbox.phone(f"Follower {number}") for number in range(count)]
    for phone in found:
        await phone.send("/start")
    post.world.offset = (await post.world.waiting())[-1].update_id + 1
    return found


async def test_a_message_comes_worded_protected_and_with_its_buttons(post: Post) -> None:
    (amina,) = await phones(post, 1)
    await post.puts_in(amina)
    assert await post.delivery.run_once() == 1
    message = await amina.last()
    assert message["text"] == SAY("button.send")
    assert message["buttons"][0][0]["text"] == SAY("button.back")
    assert message["protect_content"]


async def test_clear_deletes_what_the_bot_sent_on_its_own(post: Post) -> None:
    amina = await post.world.citizen()
    await post.puts_in(amina)
    await post.delivery.run_once()
    assert await heard(amina) == 1
    await post.world.says(amina, "/clear")
    assert await heard(amina) == 0


async def test_clear_deletes_it_after_a_restart_and_for_who_was_not_here_too(post: Post) -> None:
    (amina,) = await phones(post, 1)
    await post.puts_in(amina)
    await post.delivery.run_once()
    await post.world.restart()
    await post.world.says(amina, "/clear")
    assert await heard(amina) == 0


async def test_a_staff_chat_has_no_memory_for_clear(post: Post) -> None:
    otieno = await post.world.moderator()
    await post.puts_in(otieno)
    await post.delivery.run_once()
    assert await heard(otieno) == 1
    assert await post.world.house.memories().all() == ()


async def test_a_busy_chat_waits_alone_and_as_long_as_telegram_asks(post: Post) -> None:
    amina, baraka = await phones(post, 2)
    await post.world.sandbox.fail("sendMessage", retry_after=30, error_code=429, chat_id=amina.id)
    await post.puts_in(amina, baraka)
    assert await post.delivery.run_once() == 1
    assert (await heard(amina), await heard(baraka)) == (0, 1)
    post.world.clock.passes(seconds=29)
    assert await post.delivery.run_once() == 0
    post.world.clock.passes(seconds=1)
    assert await post.delivery.run_once() == 1


async def test_after_an_outage_everything_comes_once(post: Post) -> None:
    found = await phones(post, 12)
    await post.puts_in(*found)
    await post.world.sandbox.fail("sendMessage", times=12, drop_before=True)
    assert await post.delivery.run_once() == 0
    assert "telegram.unreachable" in post.world.log.events
    for _ in range(6):
        post.world.clock.passes(hours=1)
        await post.delivery.run_once()
    assert [await heard(phone) for phone in found] == [1] * 12


async def test_who_has_blocked_the_bot_is_dropped_and_the_rest_hears(post: Post) -> None:
    amina, baraka = await phones(post, 2)
    await amina.block()
    await post.puts_in(amina, baraka)
    assert await post.delivery.run_once() == 1
    assert post.gone == [amina.id]
    assert await post.stages() == {"waiting": 0, "done": 2, "aside": 0}


async def test_who_has_blocked_the_bot_follows_nothing_any_more(post: Post) -> None:
    amina, baraka = await phones(post, 2)
    followers = post.world.house.followers()
    for phone in (amina, baraka):
        await followers.follow(phone.id, Language.ENGLISH, CountyFollowed(county=KIAMBU))
    await amina.block()
    await post.puts_in(amina, baraka)
    post.delivery.on_gone = post.world.house.delivery(post.world.line, post.world.front).on_gone
    await post.delivery.run_once()
    assert [one.chat for one in await followers.all()] == [baraka.id]


async def test_a_chat_telegram_does_not_know_is_dropped(post: Post) -> None:
    (amina,) = await phones(post, 1)
    amina.id = 999_999
    await post.puts_in(amina)
    await post.delivery.run_once()
    assert post.gone == [999_999]


async def test_poison_is_set_aside_and_the_rest_hears(post: Post) -> None:
    amina, baraka = await phones(post, 2)
    await post.puts_in(amina, broken=True)
    await post.puts_in(baraka)
    for _ in range(MOST_TRIES):
        await post.delivery.run_once()
        post.world.clock.passes(minutes=20)
    assert (await heard(amina), await heard(baraka)) == (0, 1)
    assert await post.stages() == {"waiting": 0, "done": 1, "aside": 1}


async def test_a_kind_without_a_letter_is_set_aside(post: Post) -> None:
    (amina,) = await phones(post, 1)
    assert isinstance(post.delivery.carrier, TelegramCarrier)
    await post.puts_in(amina)
    post.delivery.carrier = TelegramCarrier(
        bot=post.world.line.bot,
        catalogues=post.world.house.catalogues,
        note=post.world.front.note,
        doubt=post.world.front.doubt,
        log=post.world.log,
        letters={},
    )
    await post.delivery.run_once()
    assert await post.stages() == {"waiting": 0, "done": 0, "aside": 1}


async def test_nothing_comes_at_night(post: Post) -> None:
    (amina,) = await phones(post, 1)
    post.world.clock.moment = post.world.clock.moment.replace(hour=23)
    await post.puts_in(amina)
    await post.delivery.run_once()
    assert await heard(amina) == 0
    post.world.clock.passes(hours=9)
    await post.delivery.run_once()
    assert await heard(amina) == 1


async def test_what_was_in_hand_at_a_kill_comes_once_the_lease_is_over(post: Post) -> None:
    (amina,) = await phones(post, 1)
    await post.puts_in(amina)
    assert await post.world.house.outbox().claim(9)
    fresh = a_post(post.world)
    assert await fresh.delivery.run_once() == 0
    post.world.clock.moment += LEASE + timedelta(seconds=1)
    assert await fresh.delivery.run_once() == 1
    assert await heard(amina) == 1
