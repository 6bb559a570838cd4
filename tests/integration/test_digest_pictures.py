"""A weekly digest on the officer's phone: the words, then the chart, then the page."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.pictures.draw import Form
from bot.pictures.sheet import Sheet
from bot.pictures.studio import Studio
from bot.telegram.carrier import TelegramCarrier
from domain.digest.measure import Stock
from domain.digest.publication import PublishedTable, Shown
from domain.places.county import CountyCode
from domain.reports.topic import Topic
from scheduler.delivery import MOST_TRIES, Delivery
from scheduler.pace import Pace
from tests.chat_world import SAY, World, a_world
from tests.sandbox_client import Phone
from tests.unit.test_pictures import picture

MURANGA = CountyCode("021")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared(Studio):
    """Draws the same each time, and at once."""

    asked: list[Form] = field(default_factory=list)

    async def drawn(self, sheet: Sheet, form: Form) -> bytes:
        assert sheet.title.startswith("Murang")
        self.asked.append(form)
        return picture(form)


@dataclass(slots=True, kw_only=True)
class Office:
    world: World
    phone: Phone
    delivery: Delivery

    def draws_with(self, studio: Studio) -> None:
        assert isinstance(self.delivery.carrier, TelegramCarrier)
        self.delivery.carrier = replace(self.delivery.carrier, studio=studio)

    async def week(self) -> int:
        return await self.world.house.digests().weekly(self.world.clock.now())

    async def leaves(self, after: timedelta = timedelta(seconds=5)) -> int:
        self.world.clock.passes(seconds=int(after.total_seconds()))
        return await self.delivery.run_once()

    async def media(self) -> list[str]:
        """What came, in turn: its kind, or "words"."""
        return [
            (message["media"] or {"kind": "words"})["kind"]
            for message in (await self.phone.see()).messages
        ]


@asynccontextmanager
async def an_office(folder: Path, **published: Any) -> AsyncIterator[Office]:
    async with a_world(folder) as world:
        phone = await world.officer("021/county_police")
        day = world.clock.now().date()
        shown = {(Topic.THEFT, Stock.OPEN): Shown(about=20, k=5, changed=day)}
        table = PublishedTable(county=MURANGA, day=day, k=5, shown=published.get("shown", shown))
        async with world.house.stores.cases() as cases:
            await cases.publications.add(table)
            await cases.commit()
        delivery = world.house.delivery(world.line, world.front)
        delivery.pace = Pace(sleep=lambda _: asyncio.sleep(0))
        office = Office(world=world, phone=phone, delivery=delivery)
        office.draws_with(Prepared())
        yield office


async def test_the_chart_and_the_page_follow_the_words_once(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        assert await office.week() == 3
        assert await office.leaves() == 3
        assert (await office.media())[-3:] == ["words", "photo", "document"]
        words, photo, document = (await office.phone.see()).messages[-3:]
        assert SAY("topic.theft") in words["text"]
        assert "about 20" in photo["text"]
        assert document["media"]["name"].endswith(".pdf")
        assert await office.week() == 0
        assert await office.leaves() == 0


async def test_where_nothing_is_published_there_is_nothing_to_draw(tmp_path: Path) -> None:
    async with an_office(tmp_path, shown={}) as office:
        assert await office.week() == 1
        assert await office.leaves() == 1


async def test_a_chart_that_was_slowed_down_comes_later_and_nothing_twice(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.week()
        await office.world.sandbox.fail("sendPhoto", retry_after=30, error_code=429)
        await office.leaves()
        await office.leaves(timedelta(seconds=40))
        sent = (await office.media())[-3:]
        assert sorted(sent) == ["document", "photo", "words"]
        assert (await office.media()).count("document") == 1


async def test_what_cannot_be_drawn_keeps_no_word_back(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        office.draws_with(Studio(command=(sys.executable, "-c", "1 / 0")))
        await office.week()
        assert await office.leaves() == 1
        assert (await office.media())[-1] == "words"
        assert office.world.log.events.count("picture.undrawn") == 2
        office.draws_with(Prepared())
        assert await office.leaves(timedelta(minutes=2)) == 2


async def test_what_can_never_be_drawn_is_set_aside_and_counted(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        office.draws_with(Studio(command=("/nowhere",)))
        await office.week()
        for _ in range(MOST_TRIES):
            await office.leaves(timedelta(minutes=20))
        async with office.world.house.stores.addresses() as addresses:
            assert (await addresses.outgoing.count())["aside"] == 2


async def test_digest_weekly_brings_them_below_its_words_by_night_too(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.world.says(office.phone, "/digest")
        assert await office.leaves() == 0
        office.world.clock.moment = office.world.clock.moment.replace(hour=23)
        await office.world.says(office.phone, "/digest weekly")
        assert await office.leaves() == 2
        assert (await office.media())[-2:] == ["photo", "document"]
