"""A question to whoever sent a report, and what they said back, on real keys."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.moderation.ask import NothingAsked, ReportClosed
from domain.moderation.move import ClaimedByAnother
from domain.moderation.queue import Filter
from domain.reports.dialogue import MOST_ASKED, open_questions
from domain.reports.draft import TooLong
from domain.reports.entry import EntryKind
from domain.reports.event import EventKind
from domain.reports.exposure import GivesAway
from domain.reports.own import Own
from domain.reports.state import Author, NoActionReason, State
from domain.reports.wishes import KeptOut
from tests.house import House, a_house

ASKED = "Is it still dark at the bridge?"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        for moderator in (house.first, house.second, house.neighbour):
            await house.unlock(moderator)
        yield house


async def test_a_question_reaches_the_code_and_its_answer_the_desk(house: House) -> None:
    code, report = await house.sent()
    opened = await house.desk(house.neighbour).ask(report.ref, f" {ASKED} ")
    assert (opened.mine, opened.line.report.state) == (True, State.IN_REVIEW)
    checked = await house.check(code)
    (question,) = open_questions(checked.dialogue)
    assert (question.words, question.author) == (ASKED, Author.MODERATOR)
    assert (await house.report(report.id)).notice_due
    await house.own(checked.held).say(Own.ANSWER, "Yes", str(question.number))
    assert not open_questions((await house.check(code)).dialogue)
    opened = await house.desk(house.neighbour).open(report.ref)
    assert [said.words for said in opened.dialogue] == [ASKED, "Yes"]
    assert opened.news
    assert ASKED.encode() not in house.files()


async def test_a_question_is_signed_and_asked_once_however_often_its_update_comes(
    house: House,
) -> None:
    _, report = await house.sent()
    for _ in range(2):
        await house.desk(house.neighbour, update=77).ask(report.ref, ASKED)
    events = await house.events(report.id)
    assert [event.kind for event in events] == [EventKind.RECEIVED, EventKind.ASKED]
    assert events[-1].signature
    opened = await house.desk(house.neighbour).open(report.ref)
    assert [said.kind for said in opened.dialogue] == [EntryKind.QUESTION]


async def test_what_gives_away_is_empty_or_too_long_is_refused_and_not_kept(house: House) -> None:
    _, report = await house.sent()
    for words, refusal in (
        ("Call me on 0722 123 456", GivesAway),
        ("Write to @desk", GivesAway),
        ("  ", NothingAsked),
        ("x" * (MOST_ASKED + 1), TooLong),
    ):
        with pytest.raises(refusal):
            await house.desk(house.neighbour).ask(report.ref, words)
    assert await house.report(report.id) == report


async def test_nobody_asks_about_anothers_or_a_closed_report(house: House) -> None:
    _, report = await house.sent(kept_out=frozenset({KeptOut.CHIEF}))
    await house.desk(house.first).claim(report.ref)
    with pytest.raises(ClaimedByAnother):
        await house.desk(house.second).ask(report.ref, ASKED)
    _, plain = await house.sent()
    await house.desk(house.neighbour).claim(plain.ref)
    reason = NoActionReason.ALREADY_HANDLED
    await house.desk(house.neighbour).status(plain.ref, State.NO_ACTION, reason)
    with pytest.raises(ReportClosed):
        await house.desk(house.neighbour).ask(plain.ref, ASKED)


async def test_what_the_citizen_said_waits_in_the_queue_until_it_is_opened(house: House) -> None:
    code, report = await house.sent()
    desk = house.desk(house.neighbour)
    await desk.claim(report.ref)
    reason = NoActionReason.ALREADY_HANDLED
    await house.desk(house.neighbour).status(report.ref, State.NO_ACTION, reason)
    assert (await desk.queue(Filter())).total == 0
    await house.own((await house.check(code)).held).say(Own.ADDITION, "It is not")
    (line,) = (await desk.queue(Filter())).lines
    assert line.report.unread
    assert (await desk.open(report.ref)).news
    assert not (await desk.open(report.ref)).news
    assert (await desk.queue(Filter())).total == 0
    assert (await house.check(code)).state is State.NO_ACTION
