"""The outbox is carried out at Telegram's pace, and no chat waits for another."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from app.log import allow
from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.keyring import Keyring
from domain.followup.outbox import LEASE, Outbox
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.followup.windows import Windows
from domain.ports.carrier import Away, Busy, Gone, Poison
from domain.ports.chat import Language
from scheduler.delivery import CHATS_AT_ONCE, MOST_TRIES, Delivery
from scheduler.outage import LONGEST_PAUSE
from scheduler.pace import A_SECOND, Pace
from tests.fakes.stores import MemoryStores
from tests.fakes.world import FakeClock, FakeEntropy


@dataclass(slots=True)
class SteadyTime:
    """Whoever sleeps wakes in order; time passes only while there is nothing else to do."""

    now: float = 0.0
    asleep: list[float] = field(default_factory=list)

    def steady(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        until = self.now + seconds
        self.asleep.append(until)
        while self.now < until:
            await settled()
            self.now = max(self.now, min(self.asleep))
        self.asleep.remove(until)


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@dataclass(slots=True, kw_only=True)
class Post:
    """A carrier under a test's hand. `meets`: what the next messages to a chat meet."""

    time: SteadyTime
    takes: float = 0.0
    sent: list[tuple[float, int, str]] = field(default_factory=list)
    meets: defaultdict[int, list[Exception]] = field(default_factory=lambda: defaultdict(list))
    away: bool = False
    tried: Counter[int] = field(default_factory=Counter)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def carry(self, message: Message) -> None:
        chat = message.to.chat
        self.tried[chat] += 1
        self.asked.set()
        if self.takes:
            await self.time.sleep(self.takes)
        if self.away:
            raise Away
        if self.meets[chat]:
            raise self.meets[chat].pop(0)
        self.sent.append((self.time.now, chat, message.anchor))

    async def was_asked(self, times: int) -> None:
        while self.tried.total() < times:
            self.asked.clear()
            await self.asked.wait()

    def chats(self) -> list[int]:
        return sorted(chat for _, chat, _ in self.sent)


@dataclass(slots=True, kw_only=True)
class Office:
    clock: FakeClock
    outbox: Outbox
    post: Post
    delivery: Delivery
    gone: list[int]
    events: list[str]

    async def puts_in(self, *chats: int, anchor: str = "today", urgent: bool = False) -> None:
        messages = [
            Message(
                subject=self.outbox.subject(chat),
                kind=MessageKind.FOLLOW_UP,
                anchor=anchor,
                due=self.clock.now(),
                to=Addressee(chat=chat, language=Language.ENGLISH),
                facts={},
                urgent=urgent,
            )
            for chat in chats
        ]
        await self.outbox.post(messages)

    async def stages(self) -> dict[str, int]:
        async with self.outbox.stores.addresses() as addresses:
            return dict(await addresses.outgoing.count())


@pytest.fixture
def office() -> Office:
    clock, time = FakeClock(), SteadyTime()
    outbox = Outbox(
        stores=MemoryStores(),
        seal=KeyringChatSeal(Keyring.generate(), Purpose.OUTBOX),
        clock=clock,
        entropy=FakeEntropy(),
    )
    post, gone, events = Post(time=time), list[int](), list[str]()

    def log(event: str, **fields: object) -> None:
        allow(event, fields)
        events.append(event)

    async def on_gone(chat: int) -> None:
        gone.append(chat)

    delivery = Delivery(
        outbox=outbox,
        carrier=post,
        windows=Windows(),
        clock=clock,
        log=log,
        on_gone=on_gone,
        pace=Pace(steady=time.steady, sleep=time.sleep),
    )
    return Office(
        clock=clock, outbox=outbox, post=post, delivery=delivery, gone=gone, events=events
    )


async def test_everything_is_delivered_once(office: Office) -> None:
    await office.puts_in(*range(1, 201))
    assert await office.delivery.run_once() == 200
    assert office.post.chats() == list(range(1, 201))
    assert await office.delivery.run_once() == 0
    assert await office.stages() == {"waiting": 0, "done": 200, "aside": 0}


async def test_the_pace_is_kept_even_while_every_answer_is_slow(office: Office) -> None:
    office.post.takes = 1.0
    await office.puts_in(*range(1, 201))
    await office.delivery.run_once()
    times = sorted(at for at, _, _ in office.post.sent)
    assert max(sum(t <= at < t + 1 for at in times) for t in times) <= A_SECOND + 1
    assert times[-1] <= 200 / A_SECOND + 3


async def test_one_chat_gets_one_message_a_second_in_their_order(office: Office) -> None:
    for number in range(3):
        await office.puts_in(7, anchor=f"{number}")
        office.clock.passes(seconds=1)
    await office.delivery.run_once()
    assert [anchor for _, _, anchor in office.post.sent] == ["0", "1", "2"]
    times = [at for at, _, _ in office.post.sent]
    assert all(later - earlier >= 1 for earlier, later in pairwise(times))


async def test_a_chat_with_a_hundred_messages_holds_up_nobody(office: Office) -> None:
    for number in range(100):
        await office.puts_in(7, anchor=f"{number:03}")
    office.clock.passes(seconds=1)
    await office.puts_in(8)
    await office.delivery.run_once()
    assert next(at for at, chat, _ in office.post.sent if chat == 8) < 2
    for _ in range(60):
        office.clock.passes(seconds=3)
        await office.delivery.run_once()
    assert office.post.chats() == [7] * 100 + [8]


async def test_a_busy_chat_waits_as_long_as_asked_and_no_other_does(office: Office) -> None:
    office.post.meets[7] = [Busy(timedelta(seconds=30))]
    await office.puts_in(7, anchor="first")
    await office.puts_in(7, anchor="second")
    await office.puts_in(8)
    assert await office.delivery.run_once() == 1
    assert office.post.chats() == [8]
    office.clock.passes(seconds=29)
    assert await office.delivery.run_once() == 0
    assert office.post.tried[7] == 1
    office.clock.passes(seconds=1)
    assert await office.delivery.run_once() == 2


async def test_an_outage_of_a_day_is_no_storm_and_no_blame_and_loses_nothing(
    office: Office,
) -> None:
    office.post.away = True
    await office.puts_in(*range(1, 101))
    for _ in range(100):
        await office.delivery.run_once()
        office.clock.passes(minutes=14)
    assert office.post.tried.total() <= 100 * CHATS_AT_ONCE
    assert "telegram.unreachable" in office.events
    office.post.away = False
    office.clock.moment = office.clock.moment.replace(hour=12) + timedelta(days=1)
    office.post.meets[7] = [LookupError()]
    assert await office.delivery.run_once() == 99
    office.clock.passes(minutes=2)
    assert await office.delivery.run_once() == 1
    assert office.post.chats() == list(range(1, 101))


async def test_while_nobody_answers_it_is_tried_less_and_less_often(office: Office) -> None:
    office.post.away = True
    await office.puts_in(*range(1, 1001))
    for _ in range(600):
        await office.delivery.run_once()
        office.clock.passes(seconds=1)
    assert office.post.tried.total() <= (600 / LONGEST_PAUSE.total_seconds() + 6) * CHATS_AT_ONCE


async def test_one_message_nobody_answers_for_stops_no_other(office: Office) -> None:
    office.post.meets[7] = [Away()] * 3
    await office.puts_in(7, *range(100, 110))
    assert await office.delivery.run_once() == 10
    for _ in range(3):
        office.clock.passes(seconds=30)
        await office.delivery.run_once()
    assert 7 in office.post.chats()
    assert office.events == []


async def test_a_chat_that_is_gone_is_dropped_and_said_so(office: Office) -> None:
    office.post.meets[7] = [Gone()]
    await office.puts_in(7, 8)
    assert await office.delivery.run_once() == 1
    assert office.gone == [7]
    assert await office.stages() == {"waiting": 0, "done": 2, "aside": 0}


async def test_what_fails_again_and_again_is_set_aside_and_the_rest_goes_on(
    office: Office,
) -> None:
    office.post.meets[7] = [LookupError("words")] * 99
    await office.puts_in(7, 8)
    for _ in range(10):
        await office.delivery.run_once()
        office.clock.passes(hours=1)
        office.clock.moment = office.clock.moment.replace(hour=12)
        office.clock.passes(days=1)
    assert office.post.tried[7] == MOST_TRIES
    assert await office.stages() == {"waiting": 0, "done": 1, "aside": 1}
    assert office.events == ["outbox.set_aside"]


async def test_poison_is_set_aside_at_once(office: Office) -> None:
    office.post.meets[7] = [Poison()]
    await office.puts_in(7)
    await office.delivery.run_once()
    assert await office.stages() == {"waiting": 0, "done": 0, "aside": 1}


async def test_at_night_only_the_urgent_leaves(office: Office) -> None:
    office.clock.moment = office.clock.moment.replace(hour=22)
    await office.puts_in(7)
    await office.puts_in(8, urgent=True)
    assert await office.delivery.run_once() == 1
    assert office.post.chats() == [8]
    office.clock.passes(hours=9)
    assert await office.delivery.run_once() == 1


async def test_in_a_blackout_only_the_urgent_leaves(office: Office) -> None:
    today = office.clock.now().date()
    office.delivery.windows = Windows(blackouts=((today, date(2026, 11, 20)),))
    await office.puts_in(7)
    await office.puts_in(8, urgent=True)
    assert await office.delivery.run_once() == 1
    office.clock.moment = datetime(2026, 11, 21, 7, tzinfo=office.clock.moment.tzinfo)
    assert await office.delivery.run_once() == 1


async def test_what_was_taken_before_the_night_does_not_leave_in_it(office: Office) -> None:
    office.clock.moment = office.clock.moment.replace(hour=20, minute=59, second=59)
    await office.puts_in(*range(1, 61))
    office.post.takes = 0.1
    run = asyncio.create_task(office.delivery.run_once())
    await office.post.was_asked(5)
    office.clock.passes(seconds=1)
    by_then = office.post.tried.total()
    await run
    assert office.post.tried.total() == by_then
    office.clock.passes(hours=10)
    await office.delivery.run_once()
    assert office.post.chats() == list(range(1, 61))


async def test_what_a_killed_process_had_in_hand_goes_out_when_its_lease_is_over(
    office: Office,
) -> None:
    await office.puts_in(7)
    assert await office.outbox.claim(9)
    assert await office.delivery.run_once() == 0
    office.clock.passes(seconds=LEASE.total_seconds())
    assert await office.delivery.run_once() == 1


async def test_at_a_clean_stop_what_is_being_sent_is_recorded_and_the_rest_waits_on(
    office: Office,
) -> None:
    await office.puts_in(*range(1, 61))
    office.post.takes = 0.5
    run = asyncio.create_task(office.delivery.run_once())
    await office.post.was_asked(1)
    run.cancel()
    await office.delivery.close()
    stages = await office.stages()
    assert stages["done"] == len(office.post.sent) == office.post.tried.total()
    assert stages["waiting"] == 60 - stages["done"]
    assert len(await office.outbox.claim(60)) == stages["waiting"]


async def test_what_nobody_wants_any_more_does_not_leave_and_does_not_come_again(
    office: Office,
) -> None:
    async def but_one(message: Message) -> bool:
        return message.to.chat != 1

    office.delivery.wanted = but_one
    await office.puts_in(1, 2)
    assert await office.delivery.run_once() == 1
    assert office.post.chats() == [2]
    assert await office.stages() == {"waiting": 0, "done": 2, "aside": 0}
