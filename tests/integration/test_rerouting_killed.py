"""`kill -9` at any instant of a rerouting, on both databases: the report is wholly with the old
desk or wholly with the new, and its code opens it either way.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.desks.desk import NATIONAL
from domain.places.county import CountyCode
from domain.reports.event import EventKind
from domain.reports.files import CleanFile, FileKind
from domain.reports.report import ReportId, ReportRef
from storage.attachments import SqlAttachments
from storage.events import SqlEvents
from storage.leaves import SqlLeaves
from storage.reports import SqlReports
from storage.stores import SqlCases
from tests.databases import Database
from tests.house import COUNTY_DESK, WORDS, House, Moderator, a_founded_house_on, reopened

FILES = (CleanFile(kind=FileKind.PDF, content=b"%PDF- a letter"),)
WRITES = (
    (SqlReports, "replace"),
    (SqlEvents, "add"),
    (SqlLeaves, "add"),
    (SqlAttachments, "replace"),
    (SqlCases, "commit"),
)
"""Of one rerouting, in this order: killed before each, and once after all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    national: Moderator
    county: Moderator
    code: str
    report: ReportId
    ref: ReportRef


async def made(database: Database) -> Made:
    async with a_founded_house_on(database) as house:
        code, report = await house.sent(files=FILES, county=CountyCode("021"))
        _, link = await house.invite(desk=COUNTY_DESK, founding=True)
        county = await house.enrolled(103, link)
        return Made(
            national=house.first, county=county, code=code, report=report.id, ref=report.ref
        )


async def reroutes(database: Database, made: Made) -> None:
    async with reopened(database.folder, database.url) as house:
        await house.unlock(made.national)
        await house.desk(made.national, 1).route(made.ref, COUNTY_DESK)


def killed_before(step: int, database: Database, made: Made) -> bool:
    """In a process of its own, its transaction open; False when all was done before."""
    child = os.fork()
    if child == 0:
        try:
            _die_before(step)
            asyncio.run(reroutes(database, made))
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _die_before(step: int) -> None:
    def dying(at: int, act: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
        async def acted(*given: object) -> object:
            if at == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return await act(*given)

        return acted

    for at, (part, name) in enumerate(WRITES):
        setattr(part, name, dying(at, getattr(part, name)))


async def where(database: Database, made: Made) -> str:
    """Which desk reads it; fails unless that one opens all of it and the other nothing."""
    async with reopened(database.folder, database.url) as house:
        checked = await house.check(made.code)
        row = await house.report(made.report)
        by = made.national if row.desk == NATIONAL else made.county
        await house.unlock(by)
        opened, files = await house.desk(by).files(made.ref)
        assert (opened.words.messages, files) == (WORDS, FILES)
        events = [event.kind for event in await house.events(made.report)]
        assert (EventKind.ROUTED in events) == (row.desk == COUNTY_DESK)
        assert (checked.rerouted is not None) == (row.desk == COUNTY_DESK)
        assert await _leaves(house) == len(events)
    return row.desk


async def _leaves(house: House) -> int:
    async with house.stores.cases() as cases:
        pending = await cases.leaves.take_pending(house.clock.now().date())
    return len(pending or ())


def test_killed_at_any_step_it_is_wholly_with_one_desk(database: Database) -> None:
    it = asyncio.run(made(database))
    for step in range(len(WRITES)):
        assert killed_before(step, database, it)
        assert asyncio.run(where(database, it)) == NATIONAL
    assert not killed_before(len(WRITES), database, it)
    assert asyncio.run(where(database, it)) == COUNTY_DESK
