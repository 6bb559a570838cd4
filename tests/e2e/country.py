"""A country in simulated time: the House with a clock that is told, its own jobs at their own
moments, its outbox, and a sandbox Telegram over HTTP.
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

import pytest

from app.opening import open_house
from app.wiring import House
from crypto import member_keys
from domain.digest.publication import PublishedTable
from domain.followup.followers import CountyFollowed
from domain.followup.notices import FEWEST, LONGEST, Notices
from domain.moderation.desk import ModeratorDesk
from domain.places.county import CountyCode
from domain.ports.chat import Cleared, Language
from domain.ports.lead import Lead
from domain.reports.report import Report, ReportRef
from domain.reports.state import State, Want
from domain.reports.topic import Topic
from scheduler.delivery import Delivery
from scheduler.pace import Pace
from scheduler.ringing import Ringing
from storage.stores import SqlStores
from tests.chat_world import ELSEWHERE, World
from tests.house import unwrap_once
from tests.sandbox_client import Phone
from tests.unit.test_publish import History

MORE_THAN_A_DAY_OF_TRIES = 100_000
COUNTY = CountyCode("021")
REASONS = {State.BLOCKED: Want.FUEL}


@dataclass(slots=True, kw_only=True)
class SimulatedSteadiness:
    """A steady clock that sleeping moves: Telegram's pace costs the test no time."""

    second: float = 0.0

    def now(self) -> float:
        return self.second

    async def sleep(self, seconds: float) -> None:
        self.second += seconds


class QuietChat:
    """Nothing of the chat itself is asked for here."""

    async def remember(self, *, language: Language, shared: bool) -> None:
        raise AssertionError(language, shared)

    async def fetch(self, handle: str, size: int | None) -> bytes:
        raise AssertionError(handle, size)

    async def clear(self) -> Cleared:
        raise AssertionError

    async def forget(self) -> None:
        raise AssertionError


@dataclass(slots=True, kw_only=True)
class Citizen:
    phone: Phone
    ref: ReportRef
    since: date
    in_progress: bool = False


@dataclass(slots=True, kw_only=True)
class Model:
    """What ought to leave, worked out from nothing but what people did and when: by chat, the
    windows it is to hear in.
    """

    windows_at: int
    blackouts: frozenset[date]
    marked: dict[int, date] = field(default_factory=dict)
    expected: set[tuple[int, datetime]] = field(default_factory=set)

    def moved(self, chat: int, day: date) -> None:
        self.marked[chat] = day

    def unlocked(self, now: datetime) -> None:
        oldest = min(self.marked.values(), default=now.date())
        if len(self.marked) >= FEWEST or oldest <= now.date() - LONGEST:
            self.expected |= {(chat, self._next(now)) for chat in self.marked}
            self.marked.clear()

    def _next(self, now: datetime) -> datetime:
        window = now.replace(hour=self.windows_at, minute=0, second=0, microsecond=0)
        while window <= now or window.date() in self.blackouts:
            window += timedelta(days=1)
        return window


@dataclass(slots=True, kw_only=True)
class Country:
    """Lives from one moment to the next. `steps`: what Telegram's clock said at each: it goes on
    by itself while the country's stands.
    """

    world: World
    stack: AsyncExitStack
    model: Model
    outages: frozenset[date]
    dice: Random = field(default_factory=lambda: Random(20251003))
    citizens: list[Citizen] = field(default_factory=list)
    followers: list[Phone] = field(default_factory=list)
    restarts: int = 0
    steps: list[tuple[float, datetime]] = field(default_factory=list)
    updates: int = 5000
    away: bool = False
    steady: SimulatedSteadiness = field(default_factory=SimulatedSteadiness)
    notices: Notices = field(init=False)
    lead: Lead = field(init=False)
    ringing: Ringing = field(init=False)
    delivery: Delivery = field(init=False)

    def __post_init__(self) -> None:
        self._begin(self.world.house)

    def _begin(self, house: House) -> None:
        world = self.world
        world.house = house
        world.front = house.front(world.line)
        self.notices = house.notices()
        self.lead = house.lead("clock")
        self.ringing = house.ringing(self.lead)
        self.delivery = house.delivery(world.line, world.front)
        self.delivery.pace = Pace(steady=self.steady.now, sleep=self.steady.sleep)

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    async def until(self, moment: datetime, *, sends: int, moves: int) -> None:
        """1. Time goes by. 2. Citizens send. 3. In office hours a moderator unlocks and moves
        some of what there is. 4. The process does its jobs.
        """
        await self.world.sandbox.advance((moment - self.now).total_seconds())
        self.world.clock.moment = moment
        self.steps.append((await self._telegrams_clock(), moment))
        await self._weather()
        for _ in range(sends):
            await self._sends()
        if moves:
            await self._works(moves)
        await self.notices.run()
        await self.ringing.ring_due()
        await self.delivery.run_once()

    async def restart(self) -> None:
        """As after a power cut: what was in memory is gone, and the stores are opened anew."""
        settings, clock = self.world.house.settings, self.world.clock
        await self.lead.leave()
        await self.stores.aclose()
        opened = await self.stack.enter_async_context(open_house(settings, self.world.log))
        self.restarts += 1
        self._begin(replace(opened, clock=clock))

    @property
    def stores(self) -> SqlStores:
        stores = self.world.house.stores
        assert isinstance(stores, SqlStores)
        return stores

    async def _weather(self) -> None:
        """On a day of outage nobody answers the bot."""
        away = self.now.date() in self.outages
        if away == self.away:
            return
        self.away = away
        times = MORE_THAN_A_DAY_OF_TRIES if away else 0
        await self.world.sandbox.fail("sendMessage", drop_before=True, times=times)

    async def _sends(self) -> None:
        """And opts in, as they all do here: who does not is in no message to be checked."""
        house = self.world.house
        phone = await self.world.sandbox.phone(f"Citizen {len(self.citizens)}")
        await phone.send("/start")
        desk = house.citizen_desk(phone.id, QuietChat())
        code = await desk.mint()
        draft = replace(
            desk.new_draft(), words=("It happened again.",), topic=Topic.THEFT, county=COUNTY
        )
        reader = await desk.reader(COUNTY, None, frozenset())
        await desk.submit(draft, code, reader.desk)
        checked = await desk.check(code.text)
        await desk.follow_own(checked.held, Language.ENGLISH)
        async with house.stores.cases() as cases:
            report = await cases.reports.get(draft.nonce)
        assert report is not None
        self.citizens.append(Citizen(phone=phone, ref=report.ref, since=report.received))

    async def _works(self, moves: int) -> None:
        reader = self.world.reader
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(member_keys, "unwrap", unwrap_once)
            await self._desk().unlock(reader.passphrase, reader.share)
        for citizen in self.dice.sample(self.citizens, min(moves, len(self.citizens))):
            citizen.in_progress = not citizen.in_progress
            await self._desk().claim(citizen.ref)
            to, why = (
                (State.IN_PROGRESS, None) if citizen.in_progress else (State.BLOCKED, Want.FUEL)
            )
            await self._desk().status(citizen.ref, to, why)
            self.model.moved(citizen.phone.id, self.now.date())
        self.model.unlocked(self.now)

    def _desk(self) -> ModeratorDesk:
        self.updates += 1
        return self.world.house.moderator_desk(self.world.reader.member, ELSEWHERE, self.updates)

    async def follows(self, number: int) -> None:
        """So many follow theft in the county."""
        for at in range(number):
            phone = await self.world.sandbox.phone(f"Follower {at}")
            await phone.send("/start")
            subject = CountyFollowed(county=COUNTY, topic=Topic.THEFT)
            await self.world.house.followers().follow(phone.id, Language.ENGLISH, subject)
            self.followers.append(phone)

    async def heard(self, phones: Sequence[Phone], words: str) -> list[tuple[int, datetime]]:
        """The chats that got such a message, and when, in the country's own time."""
        return [
            (phone.id, self._moment_of(message["date"]))
            for phone in phones
            for message in (await phone.see()).messages
            if message["from"] == "bot" and words in message["text"]
        ]

    async def _telegrams_clock(self) -> float:
        clock = await self.world.sandbox.ask("GET", "/clock")
        return float(clock["now"])

    def _moment_of(self, second: int) -> datetime:
        """Telegram dates a message with whole seconds, so it may seem to be of just before."""
        began, moment = max(step for step in self.steps if step[0] < second + 1)
        return moment + timedelta(seconds=max(0, second - began))

    async def published(self) -> dict[date, PublishedTable]:
        """Every table of the county, by its day."""
        first = min([citizen.since for citizen in self.citizens])
        days = [
            first + timedelta(days=ahead) for ahead in range((self.now.date() - first).days + 1)
        ]
        async with self.stores.cases() as cases:
            return {
                day: table
                for day in days
                for table in await cases.publications.of_day(day)
                if table.county == COUNTY
            }

    async def histories(self) -> dict[Report, History]:
        """What the events say of each report, and nothing else does: its states and their days."""
        found: dict[Report, History] = {}
        async with self.stores.cases() as cases:
            for citizen in self.citizens:
                report = await cases.reports.by_ref(citizen.ref)
                assert report is not None
                history: History = []
                for event in await cases.events.of(report.id):
                    if not history or history[-1][1] is not event.state:
                        history.append((event.day, event.state, event.detail))
                found[report] = history
        return found
