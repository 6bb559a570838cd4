"""The outbox is carried out: each message until it is delivered or refused, at the pace
Telegram allows, and nobody waits for somebody else's chat.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.followup.outbox import LEASE, Claimed, Outbox
from domain.followup.outgoing import Message
from domain.followup.windows import Windows
from domain.ports.carrier import Away, Busy, Carrier, Gone, Poison
from domain.ports.world import Clock
from scheduler.outage import Outage
from scheduler.pace import CHAT_RESTS, Pace
from scheduler.recording import Recording

CHATS_AT_ONCE = 64
"""As many as it takes to keep the pace while every answer takes two seconds."""

MOST_OF_A_CHAT = 3
"""Messages of one chat in hand; more of them wait in the outbox, and hold up nobody."""

MOST_TRIES = 5
FIRST_PAUSE = timedelta(minutes=1)


async def nothing_to_drop(_chat: int) -> None:
    """Where nobody keeps anything by chat."""


async def wanted_always(_message: Message) -> bool:
    """Where nobody takes back what they asked for."""
    return True


@dataclass(slots=True)
class Hand:
    """What one run has in hand, by chat; and how much more of a chat it had to put off."""

    claimed_at: datetime
    waiting: dict[int, deque[Claimed]] = field(default_factory=dict)
    too_many: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True, kw_only=True)
class Delivery:
    """`wanted`: whether a message still is, at the moment it leaves. `on_gone`: the chat takes
    nothing from us any more; whatever makes us write to it goes. `resting`: chats Telegram
    asked patience for, and until when.
    """

    outbox: Outbox
    carrier: Carrier
    windows: Windows
    clock: Clock
    log: Callable[..., None]
    wanted: Callable[[Message], Awaitable[bool]] = wanted_always
    on_gone: Callable[[int], Awaitable[object]] = nothing_to_drop
    pace: Pace = field(default_factory=Pace)
    outage: Outage = field(default_factory=Outage)
    resting: dict[int, datetime] = field(default_factory=dict)
    closing: bool = False
    tasks: set[asyncio.Task[int]] = field(default_factory=set)
    recording: Recording = field(init=False)

    def __post_init__(self) -> None:
        self.recording = Recording(outbox=self.outbox)

    async def run_once(self) -> int:
        """Until nothing that may leave now is left. How many were delivered. One run at a time.

        Raises StoreUnavailable: what was sent and could not be recorded is sent again.
        """
        hand, delivered = Hand(self.clock.now()), 0
        failure: BaseException | None = None
        more = True
        while more or self.tasks:
            while more and len(self.tasks) <= CHATS_AT_ONCE // 2:
                more = failure is None and await self._taken(hand)
            if self.tasks:
                done, _ = await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)
                self.tasks -= done
                failure = failure or next(filter(None, (one.exception() for one in done)), None)
                delivered += sum(one.result() for one in done if one.exception() is None)
        if failure is not None:
            raise failure
        return delivered

    async def close(self) -> None:
        """What is being sent is finished and recorded; the rest goes back into the outbox."""
        self.closing = True
        if self.tasks:
            done, _ = await asyncio.wait(self.tasks)
            for one in done:
                one.exception()  # looked at: what is not recorded comes again

    async def _taken(self, hand: Hand) -> bool:
        """Whether anything was."""
        now = self.clock.now()
        if self.closing or self.outage.is_on(now):
            return False
        self.resting = {chat: until for chat, until in self.resting.items() if until > now}
        room = CHATS_AT_ONCE - len(self.tasks)
        claimed = await self.outbox.claim(room, urgent_only=self._is_closed(now))
        hand.claimed_at = now
        for one in claimed:
            chat = one.message.to.chat
            if chat not in hand.waiting:
                hand.waiting[chat] = deque([one])
                self.tasks.add(asyncio.create_task(self._serve(chat, hand)))
            elif len(hand.waiting[chat]) < MOST_OF_A_CHAT:
                hand.waiting[chat].append(one)
            else:
                hand.too_many[chat] += 1
                places = MOST_OF_A_CHAT + hand.too_many[chat]
                later = now + places * timedelta(seconds=CHAT_RESTS)
                await self.outbox.put_off(one.key, later, blameless=True)
        return bool(claimed)

    async def _serve(self, chat: int, hand: Hand) -> int:
        """One message of the chat after the other; how many were delivered."""
        delivered, claimed_at = 0, hand.claimed_at
        try:
            while hand.waiting[chat]:
                one = hand.waiting[chat].popleft()
                await self.pace.turn(chat)
                if self.clock.now() - claimed_at < LEASE / 2:  # else it may be another's by now
                    delivered += await self._sent(one)
        finally:
            del hand.waiting[chat]
        return delivered

    async def _sent(self, one: Claimed) -> bool:
        now = self.clock.now()
        until = self._kept_back(one, now)
        if until is not None:
            await self.outbox.put_off(one.key, until, blameless=True)
            return False
        if not await self.wanted(one.message):
            await self.recording.delivered(one.key)
            return False
        try:
            await self.carrier.carry(one.message)
        except Away as away:
            await self._missed(one, away, now)
            return False
        except Exception as refused:  # noqa: BLE001 - told apart below; a fault of one harms no other
            self.outage.answered()
            await self._refused(one, refused, now)
            return False
        finally:
            self.pace.sent(one.message.to.chat)
        self.outage.answered()
        await self.recording.delivered(one.key)
        return True

    def _kept_back(self, one: Claimed, now: datetime) -> datetime | None:
        """What has come up since it was claimed: until when it waits."""
        if self.closing or (self._is_closed(now) and not one.message.urgent):
            return one.message.due
        if self.outage.is_on(now):
            return self.outage.until
        until = self.resting.get(one.message.to.chat)
        return until if until is not None and until > now else None

    async def _missed(self, one: Claimed, away: Away, now: datetime) -> None:
        was_on = self.outage.is_on(now)
        await self.outbox.put_off(one.key, self.outage.missed(now), blameless=True)
        if self.outage.is_on(now) and not was_on:
            self.log("telegram.unreachable", error=type(away.__cause__ or away).__name__)

    async def _refused(self, one: Claimed, why: Exception, now: datetime) -> None:
        match why:
            case Busy(after=after):
                self.resting[one.message.to.chat] = now + after
                await self.outbox.put_off(one.key, now + after, blameless=True)
            case Gone():
                await self.recording.delivered(one.key)
                await self.on_gone(one.message.to.chat)
            case _ if isinstance(why, Poison) or one.tries >= MOST_TRIES:
                await self.outbox.set_aside(one.key)
                self.log("outbox.set_aside", error=type(why).__name__)
            case _:
                await self.outbox.put_off(one.key, now + FIRST_PAUSE * 2 ** (one.tries - 1))

    def _is_closed(self, now: datetime) -> bool:
        """Only what is urgent leaves."""
        return self.windows.is_quiet(now) or self.windows.is_blackout(now.date())
