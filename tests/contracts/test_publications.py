"""Published tables and what is counted for them, wherever they are kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from domain.digest.groups import MoveGroup, StandingGroup
from domain.digest.measure import Flow, Measure, Stock
from domain.digest.publication import PublishedTable, Shown
from domain.digest.small_counts import CellKey, Tally
from domain.places.county import CountyCode
from domain.ports.stores import Stores
from domain.reports.event import EventKind
from domain.reports.state import State
from domain.reports.topic import Topic
from tests.contracts.samples import MONDAY, a_report, an_event

KIAMBU, NAKURU = CountyCode("022"), CountyCode("032")
TUESDAY, WEDNESDAY = (MONDAY + timedelta(days=days) for days in (1, 2))


def a_table(county: CountyCode = KIAMBU, day: date = TUESDAY, about: int = 15) -> PublishedTable:
    shown: dict[tuple[Topic, Measure], Shown] = {
        (Topic.THEFT, Flow.NEW): Shown(
            about=about,
            k=5,
            since=MONDAY,
            until=MONDAY,
            changed=TUESDAY,
            all_told=20,
            first=MONDAY,
        ),
        (Topic.LAND, Stock.OPEN): Shown(
            about=None, k=10, since=MONDAY, until=MONDAY, changed=TUESDAY
        ),
    }
    return PublishedTable(county=county, day=day, k=5, shown=shown)


def a_group(state: State, detail: str | None, count: int, *, late: bool) -> StandingGroup:
    return StandingGroup(
        county=KIAMBU, topic=Topic.THEFT, state=state, detail=detail, late=late, count=count
    )


async def keep_history(
    stores: Stores, *moves: tuple[State, date], detail: str | None = None, **different: object
) -> None:
    """A report that went through these states on these days."""
    state, since = moves[-1]
    detail = detail if state is State.BLOCKED else None
    report = a_report(state=state, since=since, detail=detail, **different)
    async with stores.cases() as cases:
        await cases.reports.add(report)
        for number, (to, day) in enumerate(moves):
            why = detail if to is State.BLOCKED else None
            event = an_event(report, number, kind=EventKind.MOVED, state=to, day=day, detail=why)
            await cases.events.add(event)
        await cases.commit()


async def standing(stores: Stores, before: date) -> Sequence[StandingGroup]:
    async with stores.cases() as cases:
        found = await cases.publications.standing(before, {State.IN_REVIEW: MONDAY})
    totals: dict[tuple[str, str | None, bool], int] = {}
    groups: dict[tuple[str, str | None, bool], StandingGroup] = {}
    for group in found:
        key = (group.state, group.detail, group.late)
        totals[key] = totals.get(key, 0) + group.count
        groups[key] = group
    return [
        replace(group, count=totals[key])
        for key, group in sorted(groups.items(), key=lambda item: str(item[0]))
    ]


async def test_a_table_is_kept_once_and_comes_back_as_it_was_published(stores: Stores) -> None:
    async with stores.cases() as cases:
        assert await cases.publications.newest(KIAMBU) is None
        assert await cases.publications.add(a_table())
        assert not await cases.publications.add(a_table(about=50))
        assert await cases.publications.add(a_table(day=WEDNESDAY, about=30))
        assert await cases.publications.add(a_table(county=NAKURU))
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.publications.newest(KIAMBU) == a_table(day=WEDNESDAY, about=30)
        assert await cases.publications.of_day(TUESDAY) == [a_table(), a_table(county=NAKURU)]


async def test_tallies_are_replaced_cell_by_cell(stores: Stores) -> None:
    new = CellKey(county=KIAMBU, topic=Topic.LAND, measure=Flow.NEW)
    open_ones = CellKey(county=KIAMBU, topic=Topic.LAND, measure=Stock.OPEN)
    tally = Tally(count=3, since=MONDAY, through=TUESDAY)
    more = Tally(count=4, since=MONDAY, through=WEDNESDAY)
    async with stores.cases() as cases:
        await cases.publications.keep_tallies({new: tally, open_ones: tally})
        await cases.publications.keep_tallies({new: more})
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.publications.tallies() == {new: more, open_ones: tally}


async def test_reports_stand_as_they_stood_when_the_day_began(stores: Stores) -> None:
    received, review = (State.RECEIVED, MONDAY), (State.IN_REVIEW, MONDAY)
    await keep_history(stores, received, review)
    await keep_history(stores, received, review, (State.IN_PROGRESS, TUESDAY))
    blocked = (State.BLOCKED, MONDAY)
    await keep_history(stores, received, review, blocked, detail="fuel")
    await keep_history(stores, received)
    await keep_history(stores, received, (State.IN_REVIEW, TUESDAY))
    await keep_history(stores, received, review, (State.WITHDRAWN, MONDAY))
    monday = [
        a_group(state=State.BLOCKED, detail="fuel", late=False, count=1),
        a_group(state=State.IN_REVIEW, detail=None, late=True, count=2),
    ]
    assert await standing(stores, TUESDAY) == monday
    assert await standing(stores, WEDNESDAY) == [
        monday[0],
        a_group(state=State.IN_PROGRESS, detail=None, late=False, count=1),
        a_group(state=State.IN_REVIEW, detail=None, late=False, count=1),
        a_group(state=State.IN_REVIEW, detail=None, late=True, count=1),
    ]


async def test_a_report_stands_since_its_state_and_not_its_last_event(stores: Stores) -> None:
    review = (State.IN_REVIEW, MONDAY)
    again = (State.IN_REVIEW, TUESDAY)
    await keep_history(
        stores, (State.RECEIVED, MONDAY), review, again, (State.BLOCKED, WEDNESDAY), detail="fuel"
    )
    (group,) = await standing(stores, WEDNESDAY)
    assert (group.state, group.late) == (State.IN_REVIEW, True)


async def test_a_report_stands_at_another_desk_as_it_stood_at_the_first(stores: Stores) -> None:
    """The event has a desk where others have a reason."""
    report = a_report(state=State.IN_PROGRESS, since=WEDNESDAY)
    blocked = {"state": State.BLOCKED, "day": MONDAY}
    async with stores.cases() as cases:
        await cases.reports.add(report)
        for event in (
            an_event(report),
            an_event(report, 1, kind=EventKind.MOVED, detail="fuel", **blocked),
            an_event(report, 2, kind=EventKind.ROUTED, detail="national", **blocked),
            an_event(report, 3, kind=EventKind.MOVED, state=State.IN_PROGRESS, day=WEDNESDAY),
        ):
            await cases.events.add(event)
        await cases.commit()
    assert await standing(stores, TUESDAY) == [
        a_group(state=State.BLOCKED, detail="fuel", late=False, count=1)
    ]


async def test_moves_are_changes_of_state_on_the_days_asked_for(stores: Stores) -> None:
    received, review = (State.RECEIVED, MONDAY), (State.IN_REVIEW, TUESDAY)
    again = (State.IN_REVIEW, WEDNESDAY)
    await keep_history(stores, received, review, again, (State.REFERRED, WEDNESDAY))
    await keep_history(stores, received, review)
    await keep_history(stores, received, review, (State.SET_ASIDE, TUESDAY))
    await keep_history(stores, received, review, (State.WITHDRAWN, WEDNESDAY))
    async with stores.cases() as cases:
        first = await cases.publications.moves(date.min, WEDNESDAY)
        second = await cases.publications.moves(WEDNESDAY, WEDNESDAY + timedelta(days=1))
    assert {(move.before, move.after, move.first) for move in first} == {
        (State.RECEIVED, State.IN_REVIEW, TUESDAY)
    }
    assert sum(move.count for move in first) == 3
    assert second == [
        MoveGroup(
            county=KIAMBU,
            topic=Topic.THEFT,
            before=State.IN_REVIEW,
            after=State.REFERRED,
            count=1,
            first=WEDNESDAY,
        )
    ]
