"""What is moved by nobody alone, or to nowhere; and what is refused leaves it where it was."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crypto.xwing import KeyPair
from domain.desks.desk import NATIONAL
from domain.errors import DomainError
from domain.moderation.ask import ReportClosed
from domain.moderation.desk import ReportUnknown
from domain.moderation.move import ClaimedByAnother
from domain.moderation.reroute import (
    DeskRenewing,
    DeskUnread,
    KeptFromDesk,
    MoveNeedsSecondKey,
    SameDesk,
    check_movable,
)
from domain.ports.sealing import EnvelopeLost, KeyRefused, Words
from domain.reports.report import Report
from domain.reports.state import State
from domain.reports.topic import Topic
from domain.reports.wishes import KeptOut
from domain.reports.withdrawal import WithdrawalAsked
from domain.staff.member import MemberId
from tests.contracts.samples import a_report
from tests.fakes.moderator_desk import ME
from tests.house import COUNTY_DESK, WORDS, House, a_house
from tests.unit.test_reroute import FILES, at_the_national_desk


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Everybody is unlocked."""
    async with a_house(tmp_path) as house:
        for reader in (house.first, house.second, house.neighbour):
            await house.unlock(reader)
        yield house


SENSITIVE: tuple[dict[str, Any], ...] = (
    *({"topic": topic} for topic in Topic if topic.is_sensitive),
    {"kept_out": frozenset({KeptOut.CHIEF})},
)


@pytest.mark.parametrize("choices", SENSITIVE, ids=str)
async def test_a_sensitive_report_is_moved_by_nobody_alone(
    house: House, choices: dict[str, Any]
) -> None:
    _, report = await house.sent(**choices)
    by = house.neighbour if report.desk == COUNTY_DESK else house.first
    other = NATIONAL if report.desk == COUNTY_DESK else COUNTY_DESK
    before = house.files()
    with pytest.raises((MoveNeedsSecondKey, KeptFromDesk)):
        await house.desk(by).route(report.ref, other)
    with pytest.raises((MoveNeedsSecondKey, KeptFromDesk)):
        await house.desk(by).other_desk(report.ref, other)
    with pytest.raises(MoveNeedsSecondKey):
        await house.desk(by).desks(report.ref)
    assert house.files() == before


async def test_a_topic_made_harmless_by_hand_is_sensitive_still(house: House) -> None:
    _, report = await house.sent(topic=Topic.LAND)
    house.tamper("cases", "UPDATE report SET topic = 'theft'")
    with pytest.raises(MoveNeedsSecondKey):
        await house.desk(house.neighbour).route(report.ref, NATIONAL)


def test_what_keeps_an_office_out_goes_to_no_local_desk() -> None:
    """Whoever approves it, once somebody can."""
    kept_out = frozenset({KeptOut.POLICE_STATION})
    words = Words(messages=WORDS, topic=Topic.THEFT, kept_out=kept_out)
    row = a_report(topic=Topic.THEFT)
    with pytest.raises(KeptFromDesk):
        check_movable(row, words, ME, COUNTY_DESK)
    harmless = replace(words, kept_out=frozenset())
    with pytest.raises(KeptFromDesk):
        check_movable(replace(row, kept_out=kept_out), harmless, ME, COUNTY_DESK)
    check_movable(row, harmless, ME, COUNTY_DESK)


async def another_has_it(house: House, report: Report) -> None:
    await house.desk(house.first).claim(report.ref)


async def it_is_closed(house: House, report: Report) -> None:
    await house.desk(house.second).claim(report.ref)
    await house.desk(house.second).status(report.ref, State.NO_ACTION, "not_security")


async def nobody_reads_there(house: House, _: Report) -> None:
    await revoked(house, house.neighbour.id)


async def somebody_left_there(house: House, _: Report) -> None:
    link = (await house.invite(desk=COUNTY_DESK))[1]
    gone = await house.enrolled(104, link)
    await house.let_in(gone, by=house.neighbour)
    await revoked(house, gone.id)


async def its_key_was_swapped(house: House, _: Report) -> None:
    key = KeyPair.generate().public.raw
    house.tamper("cases", "UPDATE desk_key SET public = ? WHERE desk = ?", key, COUNTY_DESK)


async def revoked(house: House, member: MemberId) -> None:
    async with house.stores.cases() as cases:
        await cases.staff.revoke(member)
        await cases.commit()


@pytest.mark.parametrize(
    ("spoilt", "refusal"),
    [
        (another_has_it, ClaimedByAnother),
        (it_is_closed, ReportClosed),
        (nobody_reads_there, DeskUnread),
        (somebody_left_there, DeskRenewing),
        (its_key_was_swapped, KeyRefused),
    ],
)
async def test_a_refused_move_leaves_the_report_where_it_was(
    house: House,
    spoilt: Callable[[House, Report], Awaitable[None]],
    refusal: type[DomainError],
) -> None:
    report = await at_the_national_desk(house)
    await spoilt(house, report)
    before = await house.report(report.id), await house.events(report.id)
    with pytest.raises(refusal):
        await house.desk(house.second).route(report.ref, COUNTY_DESK)
    assert (await house.report(report.id), await house.events(report.id)) == before


async def test_a_withdrawn_one_is_shown_to_nobody_else(house: House) -> None:
    code, report = await house.sent()
    await house.own((await house.check(code)).held).withdraw(wanted=True)
    with pytest.raises(WithdrawalAsked):
        await house.desk(house.neighbour).route(report.ref, NATIONAL)


async def test_it_is_not_sent_to_where_it_is(house: House) -> None:
    report = await at_the_national_desk(house)
    with pytest.raises(SameDesk):
        await house.desk(house.first).route(report.ref, NATIONAL)


async def test_another_desks_moderator_moves_nothing(house: House) -> None:
    report = await at_the_national_desk(house)
    for to in (NATIONAL, COUNTY_DESK):
        with pytest.raises(ReportUnknown):
            await house.desk(house.neighbour).route(report.ref, to)


async def test_files_that_somebody_changed_are_not_sealed_anew(house: House) -> None:
    _, report = await house.sent(files=FILES)
    house.tamper("cases", "UPDATE attachment SET sealed = ?", b"\x01" + bytes(64))
    with pytest.raises(EnvelopeLost):
        await house.desk(house.neighbour).route(report.ref, NATIONAL)
    assert (await house.report(report.id)).desk == COUNTY_DESK
