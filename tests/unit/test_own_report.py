"""What the holder of a code says to the desk, and how it is kept."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.reports.check import Checked
from domain.reports.dialogue import MOST_SAID
from domain.reports.draft import TooLong
from domain.reports.entry import EntryKind
from domain.reports.event import EventKind
from domain.reports.own import Own, ReportGone
from domain.reports.report import Report
from domain.reports.state import Author, MoveRefused, State
from tests.house import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def said_done(house: House) -> tuple[Checked, Report]:
    code, report = await house.sent()
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).claim(report.ref)
    for state in (State.IN_PROGRESS, State.CLAIMED_RESOLVED):
        await house.desk(house.neighbour).status(report.ref, state)
    return await house.check(code), report


async def test_what_is_added_opens_by_the_code_and_by_the_desk_and_is_news_to_it(
    house: House,
) -> None:
    code, report = await house.sent()
    held = (await house.check(code)).held
    await house.own(held).say(Own.ADDITION, "They came back")
    (said,) = (await house.check(code)).dialogue
    assert (said.kind, said.author, said.words) == (
        EntryKind.ADDITION,
        Author.CITIZEN,
        "They came back",
    )
    row, events = await house.report(report.id), await house.events(report.id)
    assert (row.unread, row.notice_due, row.state) == (True, False, State.RECEIVED)
    assert (events[-1].kind, events[-1].author) == (EventKind.ADDED, Author.CITIZEN)
    assert b"They came back" not in house.files()


async def test_the_same_act_of_one_card_twice_is_one(house: House) -> None:
    code, report = await house.sent()
    held = (await house.check(code)).held
    for _ in range(2):
        await house.own(held).say(Own.ADDITION, "They came back")
    assert len((await house.check(code)).dialogue) == 1
    await house.own((await house.check(code)).held).say(Own.ADDITION, "They came back")
    assert len(await house.events(report.id)) == 3


async def test_too_many_words_are_refused_and_nothing_is_kept(house: House) -> None:
    code, report = await house.sent()
    with pytest.raises(TooLong):
        await house.own((await house.check(code)).held).say(Own.ADDITION, "x" * (MOST_SAID + 1))
    assert not (await house.report(report.id)).unread


async def test_only_the_holder_confirms_and_then_it_is_closed(house: House) -> None:
    checked, report = await said_done(house)
    for _ in range(2):
        await house.own(checked.held).judge(State.CONFIRMED)
    row, events = await house.report(report.id), await house.events(report.id)
    assert (row.state, row.unread) == (State.CONFIRMED, True)
    assert [event.kind for event in events].count(EventKind.VERDICT) == 1
    assert events[-1].author is Author.CITIZEN


async def test_a_dispute_starts_the_clock_again(house: House) -> None:
    checked, report = await said_done(house)
    house.clock.passes(days=9)
    await house.own(checked.held).judge(State.DISPUTED)
    row = await house.report(report.id)
    assert (row.state, row.since) == (State.DISPUTED, house.clock.now().date())


async def test_what_nobody_claims_to_be_done_is_neither_confirmed_nor_disputed(
    house: House,
) -> None:
    code, report = await house.sent()
    held = (await house.check(code)).held
    for state in (State.CONFIRMED, State.DISPUTED, State.NO_ACTION):
        with pytest.raises(MoveRefused):
            await house.own(held).judge(state)
    assert (await house.report(report.id)).state is State.RECEIVED


async def test_an_act_on_a_report_that_is_gone_says_so(house: House) -> None:
    code, _ = await house.sent()
    held = (await house.check(code)).held
    house.tamper("cases", "DELETE FROM report")
    with pytest.raises(ReportGone):
        await house.own(held).say(Own.ADDITION, "They came back")
