"""Reminders, what goes up, and the digest: on time, once, and to nobody else."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.dialogue.outgoing import LETTERS
from domain.digest.publish import Publisher
from domain.followup.outgoing import Message, MessageKind
from domain.ports.chat import Language
from domain.referrals.chase import Chase
from domain.referrals.digest import Digests
from domain.reports.event import EventKind
from domain.reports.report import Report
from domain.reports.state import Author, State
from domain.reports.wishes import HowFar, KeptOut
from tests.fakes.citizen_talk import buttons_of, written
from tests.fakes.officer_talk import OfficerTalk
from tests.house import COUNTY, House, Moderator, a_house
from tests.spoken import LANGUAGES

POLICE = "county_police"
CHAT = 7_700_000_201
SUMMARY = "A group on motorcycles robs people near a bridge after dark, twice a week."


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.load_offices()
        await house.unlock(house.neighbour)
        yield house


@pytest.fixture
async def police(house: House) -> Moderator:
    return await house.officer(CHAT, "021/county_police")


async def passed_on(house: House, **choices: object) -> tuple[str, Report]:
    """Its number, and the report."""
    await house.unlock(house.neighbour)
    _, report = await house.sent(**{"how_far": HowFar.SUMMARY, **choices})
    await house.desk(house.neighbour).claim(report.ref)
    passed = await house.desk(house.neighbour).refer(report.ref, POLICE, SUMMARY)
    return passed.number, await house.report(report.id)


async def rung(house: House, moment: datetime | None = None) -> int:
    return await chase_of(house).run(moment or house.clock.now())


def chase_of(house: House) -> Chase:
    return Chase(
        stores=house.stores,
        officers=house.officers,
        outbox=house.outbox,
        windows=house.referring().windows,
        clock=house.clock,
        calendar=house.calendar,
        clocks=house.clocks,
        entropy=house.entropy,
    )


def digests(house: House) -> Digests:
    return Digests(
        stores=house.stores,
        officers=house.officers,
        outbox=house.outbox,
        windows=house.referring().windows,
        clock=house.clock,
        clocks=house.clocks,
        places={"021": "Murang'a"},
        counties={"021": COUNTY},
    )


async def waiting(house: House, *kinds: MessageKind) -> list[Message]:
    """Whatever is due within two days, of these kinds; all of it counts as delivered."""
    now = house.clock.moment
    house.clock.passes(days=2)
    found = await house.outbox.claim(200)
    for each in found:
        await house.outbox.delivered(each.key)
    house.clock.moment = now
    return [each.message for each in found if each.message.kind in kinds]


def numbers(message: Message) -> list[str]:
    lines = message.facts["lines"]
    assert isinstance(lines, list)
    return [each[0] for each in lines]


async def test_an_office_is_reminded_on_three_days_and_each_time_once(
    house: House, police: Moderator
) -> None:
    number, _ = await passed_on(house)
    reminded = []
    for day in range(27):
        for _ in range(2):
            await rung(house)
        if messages := await waiting(house, MessageKind.NUDGE):
            reminded.append(day)
            assert [numbers(each) for each in messages] == [[number]]
            assert messages[0].to.chat == police.chat
        house.clock.passes(days=1)
    assert reminded == [3, 10, 24]


async def test_all_of_a_day_is_in_one_message_for_the_window(
    house: House, police: Moderator
) -> None:
    expected = [(await passed_on(house))[0] for _ in range(2)]
    danger, _ = await passed_on(house, danger=True)
    house.clock.passes(days=4)
    assert await rung(house) == 3
    (message,) = await waiting(house, MessageKind.NUDGE)
    assert numbers(message) == [danger, *sorted(expected)]
    assert message.due.astimezone(house.clock.moment.tzinfo).hour == 18
    assert police.chat == message.to.chat


async def test_whoever_says_done_is_reminded_no_more_until_it_is_disputed(
    house: House, police: Moderator
) -> None:
    number, report = await passed_on(house)
    await house.officer_desk(police).done(number, "Patrols every night.")
    house.clock.passes(days=12)
    assert await rung(house) == 0
    house.tamper(
        "cases",
        "UPDATE report SET state = 'disputed', since = ? WHERE id = ?",
        house.clock.now().date().isoformat(),
        report.id,
    )
    assert await rung(house) == 0
    house.clock.passes(days=3)
    assert await rung(house) == 1


async def test_long_overdue_goes_up_once_with_counts_by_desk_alone(
    house: House, police: Moderator
) -> None:
    _, report = await passed_on(house)
    _, stuck = await passed_on(house)
    await house.desk(house.neighbour).status(stuck.ref, State.BLOCKED, "fuel")
    house.clock.passes(days=22)
    await rung(house)
    messages = await waiting(house, MessageKind.ESCALATION)
    assert {each.to.chat for each in messages} == {house.first.chat, house.second.chat}
    assert all(each.facts == {"desks": [["021", 1]]} for each in messages)
    row = await house.report(report.id)
    assert (row.escalated, row.state) == (True, State.REFERRED)
    event = (await house.events(report.id))[-1]
    assert (event.kind, event.author) == (EventKind.ESCALATED, Author.CLOCK)
    assert not (await house.report(stuck.id)).escalated
    await rung(house)
    house.clock.passes(days=9)
    await rung(house)
    assert (await house.report(stuck.id)).escalated
    assert len(await waiting(house, MessageKind.ESCALATION)) == 2
    assert police.chat not in {each.to.chat for each in messages}


async def test_a_crash_between_message_and_mark_tells_nobody_twice(
    house: House, police: Moderator, monkeypatch: pytest.MonkeyPatch
) -> None:
    await passed_on(house)
    house.clock.passes(days=22)

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Chase, "_keep", killed)
        with pytest.raises(KeyboardInterrupt):
            await rung(house)
    await rung(house)
    assert [each.to.chat for each in await waiting(house, MessageKind.NUDGE)] == [police.chat]


async def test_the_weekly_digest_shows_three_things_and_how_many_more(
    house: House, police: Moderator
) -> None:
    calm = [(await passed_on(house))[0] for _ in range(4)]
    danger, _ = await passed_on(house, danger=True)
    house.clock.moment = house.clock.moment.replace(hour=7, minute=30) + timedelta(days=7)
    await digests(house).weekly(house.clock.now())
    await digests(house).weekly(house.clock.now())
    (message,) = await waiting(house, MessageKind.WEEKLY)
    assert numbers(message) == [danger, *sorted(calm)]
    assert message.due == house.clock.now()
    for language in LANGUAGES:
        screen = LETTERS[MessageKind.WEEKLY](message.facts)
        seen = written(screen, language)
        assert len(screen.rows) == 3
        assert danger in seen
        assert "2" in seen
        assert SUMMARY not in seen
    assert next(each.press for each in buttons_of(screen)) == f"done:{danger}"
    assert police.chat == message.to.chat


async def test_the_digest_says_what_was_published_and_nothing_before_that(
    house: House, police: Moderator
) -> None:
    talk = OfficerTalk(house, police)
    assert "Published" not in await talk.says("/digest")
    for _ in range(7):
        await passed_on(house)
    house.clock.passes(days=1)
    publisher = Publisher(stores=house.stores, calendar=house.calendar, clocks=house.clocks, k=5)
    assert await publisher.publish(house.clock.now()) == 1
    assert "/digest table" in await talk.says("/digest"), "three referrals leave it no room"
    seen = await talk.says("/digest table")
    assert "Theft and robbery: about 5 open now, about 5 newly read" in seen
    assert "Land" not in seen
    await passed_on(house)
    assert "about 5 open now, about 5 newly read" in await talk.says("/digest table")
    place = await house.officer(CHAT + 1, "022")
    assert "Published" not in await OfficerTalk(house, place).says("/digest")


async def test_daily_is_for_whoever_chose_it(house: House, police: Moderator) -> None:
    await house.officer(CHAT + 1, "021/nrb")
    assert await digests(house).daily(house.clock.now()) == 0
    talk = OfficerTalk(house, police)
    assert "every day" in await talk.says("/digest daily")
    assert await digests(house).daily(house.clock.now()) == 1
    assert "every week" in await talk.says("/digest off")
    house.clock.passes(days=1)
    assert await digests(house).daily(house.clock.now()) == 0
    assert "Nothing needs you" in await talk.says("/digest")


async def test_nothing_leaves_in_quiet_hours(house: House, police: Moderator) -> None:
    house.clock.moment = house.clock.moment.replace(hour=22)
    await digests(house).weekly(house.clock.now())
    (message,) = await waiting(house, MessageKind.WEEKLY)
    assert message.due > house.clock.now()
    assert police.chat == message.to.chat


async def test_a_digest_and_a_reminder_are_silent_of_what_keeps_the_office_out(
    house: House, police: Moderator
) -> None:
    """Promise 13: the number was theirs before the citizen's wish was known to the row."""
    place = await house.officer(CHAT + 1, "021")
    _, report = await passed_on(house)
    words = ",".join(sorted([KeptOut.POLICE_STATION]))
    house.tamper("cases", "UPDATE report SET kept_out = ? WHERE id = ?", words, report.id)
    house.clock.passes(days=4)
    await waiting(house)
    await rung(house)
    await digests(house).weekly(house.clock.now())
    messages = await waiting(house, MessageKind.NUDGE, MessageKind.WEEKLY)
    assert [numbers(each) for each in messages] == [[], []]
    assert {each.to.chat for each in messages} == {police.chat, place.chat}


async def test_the_letter_to_the_national_desk_names_desks_and_numbers() -> None:
    facts = {"desks": [["021", 2], ["nairobi-north", 1], ["national", 3]]}
    for language in LANGUAGES:
        seen = written(LETTERS[MessageKind.ESCALATION](facts), language)
        assert "021: 2" in seen
        assert "/queue late" in seen
    many = {"desks": [[f"{code:03}", 1] for code in range(1, 20)]}
    assert "11" in written(LETTERS[MessageKind.ESCALATION](many), Language.ENGLISH)
