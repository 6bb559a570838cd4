"""Two who change the same report wait for one another at its row, and nowhere else: so neither is
refused because each holds what the other wants, as PostgreSQL refuses one of two then.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from domain.desks.desk import NATIONAL
from domain.ports.stores import Changed
from domain.referrals.referral import ReferralNumber
from domain.reports.ending import end
from domain.reports.own import Own
from domain.reports.report import Report
from domain.reports.state import State
from domain.reports.wishes import HowFar
from storage.referrals import SqlReferrals
from storage.reports import OF_REPORTS, SqlReports
from tests.databases import Database
from tests.house import COUNTY_DESK, House, Moderator, a_founded_house_on, a_house
from tests.unit.test_officers import CHAT, PROOF, kept, moved, referred
from tests.unit.test_refer import POLICE, SUMMARY

WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) (?:\w+\.)(\w+)")
OF_ONE_REPORT = {table.name for table in OF_REPORTS}
AWHILE = 0.5
"""Seconds for the other to get as far as it can."""

Act = Callable[[House, Moderator, ReferralNumber], Awaitable[object]]


async def disputed(house: House) -> tuple[Moderator, ReferralNumber]:
    """An office has said that it is done, with a proof, and the holder of the code denies it."""
    police = await house.officer(CHAT, "021/county_police")
    number = await referred(house, how_far=HowFar.SUMMARY)
    await house.officer_desk(police).done(number, PROOF)
    await moved(house, await its_report(house, number), State.DISPUTED)
    return police, number


async def its_report(house: House, number: ReferralNumber) -> Report:
    _, report = await kept(house, number)
    return report


async def office_says_so_again(house: House, police: Moderator, number: ReferralNumber) -> object:
    return await house.officer_desk(police).done(number, PROOF)


async def passed_on_again(house: House, _: Moderator, number: ReferralNumber) -> object:
    report = await its_report(house, number)
    return await house.desk(house.neighbour).refer(report.ref, POLICE, SUMMARY)


async def sent_up(house: House, _: Moderator, number: ReferralNumber) -> object:
    report = await its_report(house, number)
    return await house.desk(house.neighbour).route(report.ref, NATIONAL)


async def asked(house: House, _: Moderator, number: ReferralNumber) -> object:
    report = await its_report(house, number)
    return await house.desk(house.neighbour).ask(report.ref, "Which bridge was it?")


async def ended(house: House, _: Moderator, number: ReferralNumber) -> object:
    report = await its_report(house, number)

    async def entombed(_: object) -> bool:
        return True

    return await end(report.id, entombed, house.stores)


ACTS: tuple[Act, ...] = (office_says_so_again, passed_on_again, sent_up, asked, ended)


@contextmanager
def written(house: House) -> Iterator[list[str]]:
    """The tables of *cases* that were written to, in turn."""
    found: list[str] = []
    engine = house.stores.cases_engine.engine.sync_engine

    def heard(_: object, __: object, statement: str, *___: object) -> None:
        if match := WRITES.match(statement):
            found.append(match[1])

    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", heard)


@pytest.mark.parametrize("act", ACTS)
async def test_of_all_that_goes_with_a_report_its_row_is_written_first(
    tmp_path: Path, act: Act
) -> None:
    async with a_house(tmp_path) as house:
        await house.load_offices()
        await house.unlock(house.neighbour)
        police, number = await disputed(house)
        with written(house) as tables:
            await act(house, police, number)
    theirs = [table for table in tables if table in OF_ONE_REPORT]
    assert theirs[0] == "report"
    assert len(theirs) > 1


async def test_what_the_citizen_says_is_written_behind_the_row_too(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        code, _ = await house.sent()
        held = (await house.check(code)).held
        with written(house) as tables:
            await house.own(held).say(Own.ADDITION, "They came back")
    assert [table for table in tables if table in OF_ONE_REPORT] == ["report", "event", "entry"]


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    async with a_founded_house_on(database) as house:
        _, link = await house.invite(desk=COUNTY_DESK, founding=True)
        house.neighbour = await house.enrolled(103, link)
        await house.unlock(house.neighbour)
        yield house


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_an_office_and_another_desk_at_once_are_one_after_the_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is held up after what it writes first, until the other has done so too."""
    police, number = await disputed(house)
    wrote = asyncio.Barrier(2)

    def held_up(really: Callable[..., Awaitable[Any]]) -> Callable[..., Coroutine[Any, Any, Any]]:
        async def write(*given: Any) -> None:
            await really(*given)
            try:
                async with asyncio.timeout(AWHILE):
                    await wrote.wait()
            except (TimeoutError, asyncio.BrokenBarrierError):
                return  # the other waits for us, as it should

        return write

    for part in (SqlReports, SqlReferrals):
        monkeypatch.setattr(part, "replace", held_up(part.replace))
    both = (act(house, police, number) for act in (office_says_so_again, sent_up))
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    refused = [each for each in outcomes if isinstance(each, BaseException)]
    assert [type(each) for each in refused] == [Changed]
