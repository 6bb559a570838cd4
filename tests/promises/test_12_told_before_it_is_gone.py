"""Promise 12, not before its holder could stop it: whoever follows a report and hands over its code
is told of the withdrawal in time, at a desk where nothing else moves, by the jobs of the product
and the clock. Builds that let such a report wait for others, or for a desk that is not there
before its end, are found out.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from domain.calendar import NAIROBI, WorkingCalendar
from domain.followup.notices import Notices
from domain.reports.withdrawal import WAITS
from tests.chat_world import SAY, World, a_world
from tests.promises.days import Days, days_of
from tests.sandbox_client import Phone

A_WHOLE_DAY = timedelta(hours=24)
OFFICE = time(10)
"""When somebody of the desk unlocks, on working days; idle, it is locked by the next look."""
LOOKS = (time(1), time(5), OFFICE, time(14), time(18), time(22))
"""The product looks every few seconds."""


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """Of November 2026; the 2nd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=NAIROBI)


BEFORE_THE_WEEKEND = on(5, 20)
"""Thursday evening: of the three days that follow one is a working day."""
ASKED = [on(3, 9), on(3, 23, 58), BEFORE_THE_WEEKEND, on(6, 9)]
"""Tuesday, Thursday, Friday."""
OVER_THE_WEEKEND = on(6, 20)
"""Friday evening: no working day lies before the last window that would leave a whole day."""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path) as world:
        yield world


async def follows(world: World, asked: datetime) -> tuple[Phone, str]:
    """A citizen who wants news of their report, sent shortly before; and its code."""
    world.clock.moment = asked - timedelta(minutes=30)
    owner = await world.citizen()
    code = await world.sent(owner, "They come at night to the bridge")
    await world.taps(owner, SAY("button.written"))
    await world.says(owner, f"/check {code}")
    await world.taps(owner, SAY("button.tell_me"))
    return owner, code


async def withdraws(world: World, code: str) -> None:
    """Whoever forced the code out of its holder, from a phone of their own."""
    other = await world.citizen("Somebody else")
    await world.says(other, f"/check {code}")
    await world.taps(other, SAY("button.withdraw"))
    await world.taps(other, SAY("button.withdraw_now"))
    assert SAY("check.withdrawal_asked") in (await other.last())["text"]


async def until(days: Days, moment: datetime) -> datetime | None:
    """When something was delivered first, if anything was. At the desk nothing else moves."""
    heard = None
    for look in looks_between(days.world.clock.now(), moment):
        in_office = look.time() == OFFICE and WorkingCalendar().is_working_day(look.date())
        if await days.look(look, unlocked=in_office) and heard is None:
            heard = look
    days.world.clock.moment = moment
    return heard


def looks_between(start: datetime, end: datetime) -> list[datetime]:
    days = [start.date() + timedelta(days=ahead) for ahead in range((end - start).days + 2)]
    moments = [datetime.combine(day, at, tzinfo=NAIROBI) for day in days for at in LOOKS]
    return [moment for moment in moments if start < moment <= end]


async def said_to(phone: Phone) -> str:
    """A notice may stand below the card."""
    return " ".join(await phone.texts())


def effect(asked: datetime) -> datetime:
    return datetime.combine(asked.date() + WAITS, time(), tzinfo=NAIROBI)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """When its holder was, if at all, before the day on which the report is destroyed."""

    world: World
    days: Days
    owner: Phone
    code: str
    heard: datetime | None
    before: timedelta


async def told(world: World, asked: datetime) -> Told:
    owner, code = await follows(world, asked)
    days = await days_of(world)
    await until(days, asked)
    await withdraws(world, code)
    end = effect(asked)
    heard = await until(days, end)
    before = end - heard if heard else timedelta()
    return Told(world=world, days=days, owner=owner, code=code, heard=heard, before=before)


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: f"{asked:%a %H:%M}")
async def test_at_a_quiet_desk_its_holder_has_a_whole_day_to_stop_it(
    world: World, asked: datetime
) -> None:
    found = await told(world, asked)
    assert found.before >= A_WHOLE_DAY
    assert SAY("notice.news") in (await found.owner.last())["text"]


async def test_told_of_it_its_holder_stops_it_and_the_report_stays(world: World) -> None:
    asked = BEFORE_THE_WEEKEND
    owner, code = await follows(world, asked)
    days = await days_of(world)
    await until(days, asked)
    await withdraws(world, code)
    assert await until(days, effect(asked) - A_WHOLE_DAY) is not None
    await world.says(owner, f"/check {code}")
    await world.taps(owner, SAY("button.keep_report"))
    assert SAY("check.kept") in await said_to(owner)
    await until(days, effect(asked) + 3 * A_WHOLE_DAY)
    await world.says(owner, f"/check {code}")
    assert SAY("button.withdraw") in (await owner.see()).buttons()


async def test_nobody_stops_it_and_it_is_gone_when_it_always_was(world: World) -> None:
    found = await told(world, ASKED[0])
    await until(found.days, effect(ASKED[0]) + timedelta(hours=5))
    await world.says(found.owner, f"/check {found.code}")
    assert SAY("error.report_withdrawn") in await said_to(found.owner)


async def test_where_no_working_day_is_left_whoever_reads_next_still_tells_in_time(
    world: World,
) -> None:
    """Less than a day, and not after the end."""
    assert timedelta(hours=6) <= (await told(world, OVER_THE_WEEKEND)).before < A_WHOLE_DAY


async def test_a_build_that_lets_a_withdrawal_wait_for_others_is_found_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Notices, "_is_last_call", lambda *_: False)
    assert (await told(world, ASKED[0])).heard is None


async def test_a_build_that_counts_on_a_desk_at_weekends_is_found_out(
    world: World,
) -> None:
    class Always(WorkingCalendar):
        def is_working_day(self, _: object) -> bool:
            return True

    world.house = replace(world.house, calendar=Always())
    assert (await told(world, BEFORE_THE_WEEKEND)).heard is None
