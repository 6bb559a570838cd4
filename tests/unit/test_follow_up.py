"""*follow-up*: one message a window, of what was published and moved, and to nobody else."""

import textwrap
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product

import pytest

from app.reference.load import load_gazetteer
from bot.dialogue.outgoing import LETTERS
from bot.texts.catalogue import Catalogues
from crypto.chat_seal import KeyringChatSeal, Purpose
from crypto.keyring import Keyring
from domain.digest.measure import Flow, Stock
from domain.followup.follow_up import FIGURES, TOLD, FollowUp
from domain.followup.followers import CountyFollowed, Followers, ForumFollowed
from domain.followup.outbox import Outbox
from domain.followup.outgoing import MessageKind
from domain.followup.windows import Windows
from domain.forums.forum import Forum
from domain.forums.forum_date import ForumDate
from domain.ports.chat import Language
from domain.reports.report import ForumKey
from domain.reports.state import State
from domain.reports.topic import Topic
from tests.fakes.citizen_talk import written
from tests.fakes.world import FakeClock, FakeEntropy
from tests.spoken import LANGUAGES
from tests.unit.test_publish import KIAMBU, MONDAY, NAIROBI_CITY, Desk, days, window

CHAT, OTHER = 4711, 4712
EN, SW = Language.ENGLISH, Language.KISWAHILI
ALL_OF_KIAMBU = CountyFollowed(county=KIAMBU)
KEYRING = Keyring.generate()
GAZETTEER = load_gazetteer()

Told = dict[int, dict[str, object]]


@dataclass(slots=True)
class Town:
    desk: Desk = field(default_factory=Desk)
    clock: FakeClock = field(default_factory=FakeClock)
    windows: Windows = field(default_factory=Windows)

    @property
    def followers(self) -> Followers:
        seal = KeyringChatSeal(KEYRING, Purpose.FOLLOWER)
        return Followers(stores=self.desk.stores, seal=seal, clock=self.clock)

    @property
    def outbox(self) -> Outbox:
        seal = KeyringChatSeal(KEYRING, Purpose.OUTBOX)
        return Outbox(stores=self.desk.stores, seal=seal, clock=self.clock, entropy=FakeEntropy())

    async def rings(self, day: date, *, late: timedelta = timedelta()) -> int:
        """The bell of that day's window, and it is recorded as done."""
        moment = window(day)
        self.clock.moment = moment + late
        told = await self.follow_up.run(moment)
        async with self.desk.stores.cases() as cases:
            await cases.bells.record("follow-up", moment)
            await cases.commit()
        return told

    @property
    def follow_up(self) -> FollowUp:
        return FollowUp(
            stores=self.desk.stores,
            publisher=self.desk.publisher,
            followers=self.followers,
            outbox=self.outbox,
            windows=self.windows,
            gazetteer=GAZETTEER,
            clock=self.clock,
        )

    async def told(self) -> Told:
        """What has left, by chat."""
        claimed = await self.outbox.claim(99)
        for each in claimed:
            await self.outbox.delivered(each.key)
        return {each.message.to.chat: dict(each.message.facts) for each in claimed}


@pytest.fixture
async def town() -> Town:
    town = Town()
    await town.followers.follow(CHAT, EN, ALL_OF_KIAMBU)
    await town.followers.follow(OTHER, SW, CountyFollowed(county=KIAMBU, topic=Topic.LAND))
    return town


async def test_a_follower_hears_what_was_published_of_what_they_follow(town: Town) -> None:
    await town.desk.read(6, MONDAY)
    assert await town.rings(days(1)) == 1
    assert await town.told() == {
        CHAT: {
            "news": [
                {"county": "Kiambu", "topic": "theft", "figures": [["new", 5, 5], ["open", 5, 5]]}
            ],
            "more": 0,
            "forums": [],
        }
    }


async def test_nobody_hears_of_what_is_too_small_or_has_not_moved(town: Town) -> None:
    await town.desk.read(4, MONDAY)
    assert await town.rings(days(1)) == 0
    await town.desk.read(2, days(1))
    assert await town.rings(days(2)) == 1
    for number in range(3, 9):
        assert await town.rings(days(number)) == 0
    await town.desk.read(20, days(8), county=NAIROBI_CITY)
    assert await town.rings(days(9)) == 0


async def test_again_for_one_window_is_said_once(town: Town) -> None:
    await town.desk.read(6, MONDAY)
    assert await town.follow_up.run(window(days(1))) == 1
    assert await town.follow_up.run(window(days(1))) == 0
    assert await town.rings(days(1)) == 0
    assert await town.rings(days(1)) == 0
    assert len(await town.told()) == 1


async def test_whoever_follows_one_topic_hears_of_that_alone(town: Town) -> None:
    await town.desk.read(6, MONDAY)
    await town.desk.read(12, MONDAY, topic=Topic.LAND)
    assert await town.rings(days(1)) == 2
    told = await town.told()
    assert [each["topic"] for each in told[OTHER]["news"]] == ["land"]  # type: ignore[attr-defined] # a list of facts
    assert [each["topic"] for each in told[CHAT]["news"]] == ["theft", "land"]  # type: ignore[attr-defined] # a list of facts


async def test_what_moved_in_a_blackout_is_told_at_the_next_open_window(town: Town) -> None:
    town.windows = replace(town.windows, blackouts=((days(1), days(3)),))
    await town.desk.read(6, MONDAY)
    for number in (1, 2, 3):
        assert await town.rings(days(number)) == 0
    assert await town.rings(days(4)) == 1
    assert await town.rings(days(5)) == 0


async def test_a_missed_window_is_made_up_for(town: Town) -> None:
    assert await town.rings(MONDAY) == 0
    await town.desk.read(6, MONDAY)
    await town.desk.publish(days(1))
    assert await town.rings(days(2)) == 1


async def test_a_message_is_never_due_before_its_window_nor_before_now(town: Town) -> None:
    await town.desk.read(6, MONDAY)
    town.clock.moment = window(days(1))
    await town.rings(days(1), late=timedelta(hours=5))
    (claimed,) = await town.outbox.claim(9)
    assert claimed.message.due == window(days(1)) + timedelta(hours=5)
    assert claimed.message.anchor == window(days(1)).isoformat()


def a_forum(day: int | None = 14) -> Forum:
    return Forum(
        key=ForumKey("kiambu-soon"),
        counties=(KIAMBU,),
        date=ForumDate(year=2026, month=11, day=day),
        national_number=None,
        concerns="",
    )


async def load(town: Town, forum: Forum) -> None:
    async with town.desk.stores.cases() as cases:
        await cases.reference.load(
            counties=(), forums=(forum,), offices=(), help_lines=(), commitments=()
        )
        await cases.commit()


async def test_a_forum_is_announced_once_a_week_before(town: Town) -> None:
    await load(town, a_forum())
    await town.followers.follow(OTHER, SW, ForumFollowed(forum=ForumKey("kiambu-soon")))
    rung = [await town.rings(date(2026, 11, day)) for day in range(2, 14)]
    assert rung == [0] * 5 + [1] + [0] * 6
    assert (await town.told())[OTHER]["forums"] == [{"county": "Kiambu", "date": "2026-11-14"}]


async def test_whoever_follows_a_forum_hears_of_its_counties(town: Town) -> None:
    await load(town, a_forum(day=None))
    await town.followers.drop(CHAT)
    await town.followers.follow(OTHER, SW, ForumFollowed(forum=ForumKey("kiambu-soon")))
    await town.desk.read(6, MONDAY)
    assert await town.rings(days(1)) == 1


async def test_a_forum_that_is_gone_says_nothing(town: Town) -> None:
    await town.followers.follow(OTHER, SW, ForumFollowed(forum=ForumKey("gone")))
    assert await town.rings(days(1)) == 0


async def test_a_stock_that_fell_is_told_as_fewer_than_k(town: Town) -> None:
    reports = await town.desk.read(6, MONDAY)
    await town.rings(days(1))
    for report in reports:
        await town.desk.moves(report, State.NO_ACTION, days(1))
    await town.told()
    assert await town.rings(days(2)) == 1
    ((told),) = (await town.told()).values()
    assert told["news"] == [
        {"county": "Kiambu", "topic": "theft", "figures": [["closed", 5, 5], ["open", None, 5]]}
    ]


CATALOGUES = Catalogues.load()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fullest_letter_fits_a_small_screen(language: Language) -> None:
    for figures, topics in product(product(TOLD, TOLD), FIGURES):
        for shown in (1000, None):
            news = [
                {
                    "county": "Elgeyo-Marakwet",
                    "topic": Topic.VIOLENCE.value,
                    "figures": [
                        [measured.value, shown, 10] for measured in figures[: FIGURES[topics]]
                    ],
                }
            ]
            facts = {
                "news": news * topics,
                "more": 12,
                "forums": [{"county": "Elgeyo-Marakwet", "date": "2026-11-14"}],
            }
            card = written(LETTERS[MessageKind.FOLLOW_UP](facts), language)
            lines = [
                wrapped for line in card.split("\n") for wrapped in textwrap.wrap(line, 40) or [""]
            ]
            assert len(lines) <= 12, (figures, lines)


def test_a_letter_says_what_moved_in_plain_words_and_how_to_stop() -> None:
    facts: dict[str, object] = {
        "news": [
            {
                "county": "Nakuru",
                "topic": "land",
                "figures": [
                    [Flow.PASSED_ON.value, 15, 10],
                    [Stock.OPEN.value, None, 10],
                ],
            }
        ],
        "more": 1,
        "forums": [{"county": "Nakuru", "date": "2026-11-14"}],
    }
    screen = LETTERS[MessageKind.FOLLOW_UP](facts)
    said = written(screen, EN)
    assert "Land, Nakuru: about 15 passed on, fewer than 10 open now" in said
    assert "And 1 topic more has news." in said
    assert "Forum in Nakuru: 14 November 2026" in said
    assert [button.press for row in screen.rows for button in row] == ["menu:following"]
    assert "Ardhi, Nakuru: zilizowasilishwa karibu 15" in written(screen, SW)
