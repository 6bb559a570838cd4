"""Promise 15: one moderator alone closes no sensitive report, nor moves it to another desk, and
does nothing unnoticed.

As far as the product reaches: there is no second key yet, so nothing of this may be done at all.
Merging, setting aside and sorting anew come later, and widen it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from crypto.signing import Purpose, verify
from domain.desks.desk import NATIONAL, DeskKey
from domain.errors import DomainError
from domain.moderation import desk, move
from domain.moderation.move import NeedsSecondKey
from domain.places.county import CountyCode
from domain.ports.sealing import Words
from domain.ports.stores import Cases
from domain.reports import history
from domain.reports.event import Event, EventKind
from domain.reports.history import RecordChanged
from domain.reports.report import Report
from domain.reports.state import Author, NoActionReason, State, Want
from domain.reports.topic import Topic
from domain.reports.wishes import KeptOut
from domain.staff.member import Role
from tests.house import COUNTY_DESK, House, Moderator, a_house
from tests.promises.links import (
    forged,
    planted,
    planted_as_gone,
    used_link,
    whoever_the_root_vouches_for,
    written,
)

DETAILS = (None, *NoActionReason, Want.FUEL, "because I say so")
SENSITIVE: tuple[dict[str, Any], ...] = (
    *({"topic": topic} for topic in Topic if topic.is_sensitive),
    {"topic": Topic.ROADS, "kept_out": frozenset({KeptOut.NYUMBA_KUMI})},
)


@pytest.fixture
async def house(staffed_house: House) -> House:
    """On either database: the national desk's founder and the county's are unlocked."""
    await staffed_house.unlock(staffed_house.first)
    await staffed_house.unlock(staffed_house.neighbour)
    return staffed_house


@pytest.fixture
async def careless(tmp_path: Path) -> AsyncIterator[House]:
    """The same of a build that leaks, on SQLite: what it allows is no database's."""
    async with a_house(tmp_path) as house:
        await house.unlock(house.first)
        await house.unlock(house.neighbour)
        yield house


async def buried(house: House, report: Report) -> bool:
    """Whether one moderator gets it closed, by any state and reason, from any step."""
    me = house.neighbour if report.desk == COUNTY_DESK else house.first
    ways = (
        (State.IN_PROGRESS, None),
        (State.BLOCKED, Want.COURT),
        (State.IN_PROGRESS, None),
        (State.CLAIMED_RESOLVED, None),
    )
    await house.desk(me).claim(report.ref)
    for step, reason in ways:
        for to, detail in product((state for state in State if state.is_closed), DETAILS):
            if await done(house, me, report, to, detail):
                return True
        assert await done(house, me, report, step, reason)
    return False


async def moved(house: House, report: Report) -> bool:
    """Whether one moderator sends it up, or to any desk where somebody reads."""
    me = house.neighbour if report.desk == COUNTY_DESK else house.first
    for to in {NATIONAL, COUNTY_DESK} - {report.desk}:
        try:
            await house.desk(me).route(report.ref, to)
        except DomainError:
            continue
        return True
    return False


WEIGHT = ("topic", "county", "area", "danger", "kept_out", "how_far", "forum", "desk", "received")


async def lessened(house: House, report: Report) -> bool:
    """Whether it does not weigh any more what it did when it came."""
    now = await house.report(report.id)
    return any(getattr(now, name) != getattr(report, name) for name in WEIGHT)


async def done(house: House, me: Moderator, report: Report, to: State, detail: str | None) -> bool:
    try:
        await house.desk(me).status(report.ref, to, detail)
    except DomainError:
        return False
    return True


@pytest.mark.parametrize("choices", SENSITIVE)
async def test_no_way_alone_closes_a_sensitive_report_or_makes_it_a_lesser_one(
    house: House, choices: dict[str, Any]
) -> None:
    _, report = await house.sent(**choices)
    assert not await moved(house, report)
    assert not await buried(house, report)
    assert not await lessened(house, report)


async def test_a_build_that_calls_nothing_sensitive_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Report, "is_sensitive", False)
    monkeypatch.setattr(Words, "is_sensitive", False)
    _, report = await careless.sent(topic=Topic.LAND)
    assert await buried(careless, report)
    _, other = await careless.sent(topic=Topic.LAND)
    assert await moved(careless, other)


@pytest.mark.parametrize("choices", SENSITIVE)
async def test_nor_with_a_friend_who_writes_to_the_database(
    house: House, choices: dict[str, Any]
) -> None:
    """Topic and kept-out columns are for sorting: what was sealed decides."""
    _, report = await house.sent(**choices)
    house.tamper("cases", "UPDATE report SET topic = 'roads', kept_out = ''")
    changed = await house.report(report.id)
    assert not changed.is_sensitive
    assert not await moved(house, changed)
    assert not await buried(house, changed)


async def test_a_build_that_believes_the_columns_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Words, "is_sensitive", False)
    _, report = await careless.sent(topic=Topic.LAND)
    _, other = await careless.sent(topic=Topic.LAND)
    careless.tamper("cases", "UPDATE report SET topic = 'roads'")
    assert await buried(careless, await careless.report(report.id))
    assert await moved(careless, await careless.report(other.id))


MADE_UP = [
    (author, state)
    for author in (Author.CITIZEN, Author.OFFICE, Author.CLOCK, Author.MODERATOR)
    for state in State
    if state.is_closed
]


async def closed_by_hand(house: House, author: Author, state: State) -> type[DomainError] | State:
    """A friend writes to the database that somebody closed it, event and all: what whoever holds
    the code hears.
    """
    code, report = await house.sent(topic=Topic.LAND)
    await house.desk(house.neighbour).claim(report.ref)
    before, (*_, last) = await house.report(report.id), await house.events(report.id)
    made_up = replace(
        last,
        number=last.number + 1,
        kind=EventKind.WITHDRAWN if state is State.WITHDRAWN else EventKind.MOVED,
        author=author,
        member=house.neighbour.id if author is Author.MODERATOR else None,
        state=state,
        signature=last.signature if author is Author.MODERATOR else b"",
    )
    async with house.stores.cases() as cases:
        await cases.reports.replace(before, replace(before, state=state))
        await cases.events.add(made_up)
        await cases.commit()
    try:
        return (await house.check(code)).state
    except DomainError as alarm:
        return type(alarm)


async def test_nor_by_an_event_that_a_friend_makes_up_in_anybodys_name(house: House) -> None:
    for author, state in MADE_UP:
        assert await closed_by_hand(house, author, state) is RecordChanged, (author, state)


async def test_a_build_that_believes_what_nobody_signed_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_closes", lambda *_: False)
    monkeypatch.setattr(type(careless.custody), "check_act", lambda _, who, *__: who.desk)
    for author, state in MADE_UP:
        assert await closed_by_hand(careless, author, state) is state, (author, state)


LINKS = {
    "an officer's": (Role.OFFICER, DeskKey("national/ipoa")),
    "an officer's of a place": (Role.OFFICER, DeskKey("033")),
    "of another desk": (Role.MODERATOR, DeskKey("033")),
    "of the desk itself": (Role.MODERATOR, NATIONAL),
}
PLANTED = {"as one who reads": planted, "as one who left": planted_as_gone}
NO_LINK_OF_THEN = 80
"""Days until an invite ends after those of which an emptied copy is enough."""


async def closed_by_signature(
    house: House, sign: Callable[[Event], Event], row: Callable[[Cases], Awaitable[None]]
) -> type[DomainError] | State:
    """A sensitive report of the national desk, which somebody there has taken: closed by an event
    that is signed, row and all. What whoever holds the code hears.
    """
    code, report = await house.sent(
        county=CountyCode("001"), topic=Topic.OFFICIALS, kept_out=frozenset({KeptOut.CHIEF})
    )
    await house.unlock(house.first)
    await house.desk(house.first).claim(report.ref)
    before, (*_, last) = await house.report(report.id), await house.events(report.id)
    after = replace(before, state=State.NO_ACTION, detail=NoActionReason.NOT_SECURITY.value)
    event = replace(
        last,
        number=last.number + 1,
        kind=EventKind.MOVED,
        state=after.state,
        detail=after.detail,
    )
    async with house.stores.cases() as cases:
        await row(cases)
        await written(cases, before, after, sign(event))
        await cases.commit()
    try:
        return (await house.check(code)).state
    except DomainError as alarm:
        return type(alarm)


async def closed_by_link(
    house: House, link: str, how: str = "as one who reads"
) -> type[DomainError] | State:
    house.clock.passes(days=NO_LINK_OF_THEN)
    thief = await forged(house, await used_link(house, *LINKS[link]))
    return await closed_by_signature(
        house, thief.signed, lambda cases: PLANTED[how](cases, thief, house.first)
    )


async def closed_by_neighbour(house: House) -> type[DomainError] | State:
    """Let in, and unlocked; at another desk."""
    session = await house.unlock(house.neighbour)

    def signed(event: Event) -> Event:
        mine = replace(event, member=session.member)
        return replace(mine, signature=session.sign(mine.signed_bytes()))

    async def nothing(_: Cases) -> None:
        """Their row is there."""

    return await closed_by_signature(house, signed, nothing)


@pytest.mark.parametrize("how", PLANTED)
@pytest.mark.parametrize("link", LINKS)
async def test_nor_with_a_link_that_was_used_and_the_database(
    house: House, link: str, how: str
) -> None:
    assert await closed_by_link(house, link, how) is RecordChanged


async def test_nor_does_a_moderator_of_another_desk_who_writes_to_the_database(
    house: House,
) -> None:
    assert await closed_by_neighbour(house) is RecordChanged


@pytest.mark.parametrize("link", LINKS)
async def test_a_build_that_believes_whoever_the_root_vouches_for_is_found_out(
    careless: House, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(careless.custody), "check_act", whoever_the_root_vouches_for)
    assert await closed_by_link(careless, link) is State.NO_ACTION


async def test_a_build_that_believes_a_moderator_of_any_desk_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = type(careless.custody).check_act

    def of_any(*given: Any) -> DeskKey:
        honest(*given)
        return NATIONAL

    monkeypatch.setattr(type(careless.custody), "check_act", of_any)
    assert await closed_by_neighbour(careless) is State.NO_ACTION
    assert await closed_by_link(careless, "of the desk itself") is RecordChanged


def sorted_down(*given: Any, **named: Any) -> Report:
    return replace(move.moved(*given, **named), topic=Topic.ROADS)


async def test_a_build_that_sorts_a_report_down_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "moved", sorted_down)
    _, report = await careless.sent(topic=Topic.LAND)
    await careless.desk(careless.neighbour).claim(report.ref)
    await careless.desk(careless.neighbour).status(report.ref, State.IN_PROGRESS)
    assert await lessened(careless, report)


def everything(house: House) -> list[bytes]:
    """Every byte of SQLite's files; every value of PostgreSQL, which writes while it rests."""
    return [house.files()] if house.url is None else sorted(house.disk.values())


async def test_a_refused_burial_leaves_state_events_and_leaves_as_they_were(house: House) -> None:
    _, report = await house.sent(topic=Topic.OFFICIALS)
    await house.desk(house.neighbour).claim(report.ref)
    before = everything(house)
    with pytest.raises(NeedsSecondKey):
        await house.desk(house.neighbour).status(
            report.ref, State.NO_ACTION, NoActionReason.NOT_SECURITY
        )
    assert everything(house) == before


async def test_what_one_may_close_is_closed_over_their_signature(house: House) -> None:
    code, report = await house.sent()
    assert await buried(house, report)
    *_, event = await house.events(report.id)
    assert event.state is State.NO_ACTION
    public = (await house.member(house.neighbour)).signing_public
    verify(public, event.signature, Purpose.EVENT, event.signed_bytes())
    assert len(house.rows("cases", "SELECT 1 FROM pending_leaf")) == event.number + 1
    assert (await house.check(code)).state is State.NO_ACTION
