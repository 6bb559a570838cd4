"""A town of simulated citizens who report, follow, opt in, answer and stop, through the
product's own use cases; and the copies a thief takes at five moments.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from app.run import leave_no_order
from bench.linkage.leaks import (
    IN_FILES,
    LEAKS,
    ON_POSTGRESQL,
    Build,
    put_files,
)
from crypto.chat_seal import Purpose
from domain.chats.traces import Traces
from domain.followup.followers import CountyFollowed, Followers
from domain.followup.outgoing import Addressee
from domain.followup.windows import Windows
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.ports.sealing import CaseSecret
from domain.ports.stores import LocatorTaken
from domain.reports.own import Held, Own
from domain.reports.report import Report, ReportId
from domain.reports.state import State
from domain.reports.topic import Topic
from storage.dumping import dump, dumped_tables, read_row
from storage.open import open_stores
from storage.stores import SqlStores
from storage.tables.metadata import STORES
from tests.house import House
from tests.postgresql import Server
from tests.promises.crowd import A_FILE, Citizen, Crowd, put_ids_in_rows, take_ids_out
from tests.promises.joins import Loot, Row

OUTGOING = STORES["addresses"].tables["addresses.outgoing"]

COUNTIES = tuple(map(CountyCode, ("021", "047")))
DAYS = 5
TOPICS = (Topic.THEFT, Topic.ROADS, Topic.ALCOHOL_DRUGS)
FOLLOWS, OPTS_IN, ADDS, STOPS, ONLY_LOOKS = 0.6, 0.5, 0.2, 0.05, 0.15
"""How many of the town do each. Who only looks leaves a chat, and no report."""

ANSWERS = 0.1
"""After so many visits the desk asks somebody who was here that day, and is answered."""

OFTEN = timedelta(minutes=10)
"""As the bell `remix` rings."""

LATER = 40
"""Who come after the bot was stopped and started again."""

BATCH = 40
"""Reports that become due between two windows."""

TOLD = 100
"""Progress is told after so many citizens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`county`: public, to whoever sees what they follow. `day`: of their last word."""

    chat: int
    county: CountyCode
    day: int
    wrote: Citizen | None
    keys: Mapping[str, bytes]
    """Of their rows in *addresses*, by table."""


class Kind(StrEnum):
    """What is asked of a moment. `RUNNING`: rows have come since the last remix."""

    REST = "at rest"
    RUNNING = "running"
    BATCH = "batch"
    LEAK = "leak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """`due`: the reports a batch was written for; else nothing."""

    loot: Loot
    people: tuple[Person, ...]
    due: frozenset[ReportId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Several copies, where one holds too few reports to tell anything."""

    name: str
    kind: Kind
    copies: Sequence[Copy]


@dataclass(slots=True, kw_only=True)
class Town:
    """Each report has a file, as a file might tell what its report does not."""

    house: House
    server: Server | None
    size: int
    tell: Callable[[str], None]
    dice: Random = field(default_factory=lambda: Random(20251003))
    people: list[Person] = field(default_factory=list)
    refs: dict[ReportId, str] = field(default_factory=dict)
    waiting: list[Citizen] = field(default_factory=list)
    """Who asked for news and did not stop."""
    remixed: datetime | None = None
    messages: int = 0
    traces: Traces = field(init=False)

    def __post_init__(self) -> None:
        self.traces = self.house.traces

    @property
    def crowd(self) -> Crowd:
        wrote = [person.wrote for person in self.people if person.wrote]
        return Crowd(house=self.house, server=self.server, citizens=wrote)

    async def live(self) -> AsyncIterator[Moment]:
        """Copies are to be looked at before the next are asked for."""
        for number in range(self.size):
            if number and number % (self.size // DAYS) == 0:
                self.house.clock.passes(hours=14)
            await self._goes_by(number)
        yield Moment(name="running", kind=Kind.RUNNING, copies=[self._copied()])
        await leave_no_order(self.house.stores, self.house.clock.now(), self._said)
        await self.house.stores.aclose()
        yield self._at_rest("after a clean stop", self._copied())
        self.house.stores = await self._reopened()
        self.traces = self.house.traces
        await self.traces.begin()
        for number in range(self.size, self.size + LATER):
            await self._goes_by(number)
        await self.crowd.remix()
        yield self._at_rest("after a remix", self._copied())
        yield self._at_rest("from a backup", self._backup())
        await put_files(self.crowd, self.crowd.citizens)
        await put_ids_in_rows(self.crowd)
        yield Moment(
            name="files never mixed, message ids in chats' rows",
            kind=Kind.LEAK,
            copies=[self._copied()],
        )
        await take_ids_out(self.crowd)
        some = self.crowd.citizens
        await put_files(self.crowd, self.dice.sample(some, len(some)))
        *batches, last = [
            self.waiting[at : at + BATCH] for at in range(0, len(self.waiting) - BATCH + 1, BATCH)
        ]
        yield Moment(
            name=f"between batch and window, {len(batches)} times",
            kind=Kind.BATCH,
            copies=[await self._batch(due) for due in batches],
        )
        yield self._at_rest(f"after {len(batches)} windows", self._copied())
        leaking = await self._batch(last, self._naming_the_report)
        yield Moment(name="notices that name the report", kind=Kind.LEAK, copies=[leaking])
        for name, build in IN_FILES.items():
            await build(self.crowd)
            yield Moment(name=name, kind=Kind.LEAK, copies=[self._copied()])
        for name, build in {**LEAKS, **(ON_POSTGRESQL if self.server else {})}.items():
            await build(self.crowd)
            copy = self._copied()
            rows_alone = replace(copy, loot=replace(copy.loot, files={}))
            yield Moment(name=name, kind=Kind.LEAK, copies=[rows_alone])

    def _at_rest(self, name: str, copy: Copy) -> Moment:
        return Moment(name=name, kind=Kind.REST, copies=[copy])

    def _copied(self, due: frozenset[ReportId] = frozenset()) -> Copy:
        return Copy(loot=self.crowd.copied(), people=tuple(self.people), due=due)

    def _backup(self) -> Copy:
        """Opened, which the thief could not: its rows, in their order."""
        addresses = self._dumped("addresses")
        loot = Loot(
            cases=self._dumped("cases") | self._dumped("shreds"),
            addresses=addresses,
            files={},
            keyring=self.house.keyring,
        )
        return Copy(loot=loot, people=tuple(self.people), due=frozenset())

    def _dumped(self, store: str) -> dict[str, list[Row]]:
        tables = {table.name: table for table in dumped_tables(store)}
        found: dict[str, list[Row]] = {table.name: [] for table in STORES[store].sorted_tables}
        for at, line in enumerate(dump(store, self.url, self.house.folder)):
            name, row = json.loads(line)
            found[name].append({**read_row(tables[name], row), "line": at})
        return found

    @property
    def url(self) -> str | None:
        return self.server.url if self.server else None

    async def _reopened(self) -> SqlStores:
        return await open_stores(self.url, self.house.folder)

    async def _goes_by(self, number: int) -> None:
        self.house.clock.moment += timedelta(hours=10) / (self.size / DAYS)
        await self._remix_often()
        self.people.append(await self._acts(number))
        if self.dice.random() < ANSWERS:
            await self._answers()
        if number % TOLD == TOLD - 1:
            self.tell(f"{number + 1} of {self.size} citizens")

    async def _remix_often(self) -> None:
        now = self.house.clock.now()
        if self.remixed is None or now - self.remixed >= OFTEN:
            self.remixed = now
            await self.traces.divide()
            await self.crowd.remix()

    def _said(self, event: str, **fields: object) -> None:
        message = f"{event} {fields}"
        raise AssertionError(message)

    async def _answers(self) -> None:
        """To somebody who waits for no news: of a question there is some."""
        house, waiting = self.house, {each.report for each in self.waiting}
        wrote = [
            one.wrote
            for one in self.people
            if one.wrote and one.day == self.people[-1].day and one.wrote.report not in waiting
        ]
        if not wrote:
            return
        asked = self.dice.choice(wrote)
        await house.unlock(house.first)
        await house.desk(house.first).ask(self.refs[asked.report], "Which road was it?")
        await self._writes(asked.chat)
        checked = await house.check(asked.code)
        await house.own(checked.held).say(Own.ANSWER, "The one that leads to the quarry")

    async def _writes(self, chat: int) -> None:
        memory = await self.house.memories.of(chat)
        known = replace(memory, language=Language.KISWAHILI, shared=False)
        await self.house.memories.keep(known)
        await self._stands_in(chat)

    async def _stands_in(self, chat: int, *, unasked: bool = False) -> None:
        """Telegram numbers messages across all chats of a bot. Not one is deleted here."""
        self.messages += 1
        await self.traces.note(chat, frozenset({self.messages}), unasked=unasked)

    async def _acts(self, number: int) -> Person:
        house, dice = self.house, self.dice
        chat, county = 7_712_000_000 + dice.randrange(10**8), dice.choice(COUNTIES)
        await self._writes(chat)
        if dice.random() < FOLLOWS:
            await self._followers().follow(chat, Language.KISWAHILI, CountyFollowed(county=county))
        wrote = None if dice.random() < ONLY_LOOKS else await self._reports(chat, county)
        day = min(number, self.size - 1) * DAYS // self.size
        keys = {
            "chat": house.chat_seal.tags(chat)[0],
            "subscription": self.crowd.seal(Purpose.FOLLOWER).tags(chat)[0],
        }
        return Person(chat=chat, county=county, day=day, wrote=wrote, keys=keys)

    async def _reports(self, chat: int, county: CountyCode) -> Citizen:
        house, dice = self.house, self.dice
        words, topic = (f"It happened {dice.randrange(10**6)}",), dice.choice(TOPICS)
        code, report = await self._sent(words=words, county=county, topic=topic, files=(A_FILE,))
        checked = await house.check(code)
        self.refs[report.id] = report.ref
        citizen = Citizen(
            chat=chat,
            code=code,
            report=report.id,
            leaf=report.intake_leaf,
            secret=checked.held.secret,
        )
        await self._goes_on(citizen, checked.held)
        return citizen

    async def _sent(self, **choices: Any) -> tuple[str, Report]:
        """With another code where somebody's begins the same way, as the product does."""
        while True:
            with suppress(LocatorTaken):
                return await self.house.sent(**choices)

    async def _goes_on(self, citizen: Citizen, held: Held) -> None:
        """As people do who have just sent."""
        house, dice = self.house, self.dice
        if dice.random() < OPTS_IN:
            await self._opts_in(citizen.chat, held.secret)
            if dice.random() < STOPS:
                await house.mailboxes.close([held.secret.mailbox_slot()])
            else:
                self.waiting.append(citizen)
        if dice.random() < ADDS:
            await house.own(held).say(Own.ADDITION, "And again last night")

    async def _opts_in(self, chat: int, secret: CaseSecret) -> None:
        to = Addressee(chat=chat, language=Language.KISWAHILI)
        await self.house.mailboxes.open(secret, to)

    def _followers(self) -> Followers:
        house = self.house
        return Followers(
            stores=house.stores, seal=self.crowd.seal(Purpose.FOLLOWER), clock=house.clock
        )

    async def _batch(self, due: Sequence[Citizen], leak: Build | None = None) -> Copy:
        """The desk moves some reports whose holders asked for news; the batch is written, a copy
        is taken, and at the window everything leaves.
        """
        house = self.house
        await house.unlock(house.first)
        for each in sorted(due, key=lambda citizen: citizen.report):
            await house.desk(house.first).claim(self.refs[each.report])
            await house.desk(house.first).status(self.refs[each.report], State.IN_PROGRESS)
        await house.notices().run()
        window = Windows().next_after(house.clock.now())
        told = {each.report: each.secret.notice_id(window.isoformat()) for each in due}
        self.people = [
            replace(one, keys={**one.keys, "outgoing": told[one.wrote.report]})
            if one.wrote and one.wrote.report in told
            else one
            for one in self.people
        ]
        if leak:
            await leak(self.crowd)
        copy = self._copied(frozenset(told))
        house.clock.moment = window
        claimed = await house.outbox.claim(BATCH)
        for told_now in claimed:
            await self._stands_in(told_now.message.to.chat, unasked=True)
        await house.outbox.delivered(*(each.key for each in claimed))
        await house.stores.remix(house.clock.now())
        self.tell(f"a batch of {len(due)}")
        return copy

    async def _naming_the_report(self, crowd: Crowd) -> None:
        """In the queue's plain columns."""
        keys = {one.keys.get("outgoing"): one.wrote for one in self.people if one.wrote}
        async with crowd.house.stores.addresses() as addresses:
            for subject, wrote in keys.items():
                mine = OUTGOING.c.subject == subject
                ref = self.refs[wrote.report]
                await addresses.connection.execute(OUTGOING.update().where(mine).values(anchor=ref))
            await addresses.commit()
