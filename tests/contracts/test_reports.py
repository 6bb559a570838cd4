"""What every store of reports does, wherever it keeps them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.desks.desk import NATIONAL
from domain.places.county import AreaKey
from domain.ports.stores import (
    Cases,
    Changed,
    LocatorTaken,
    Stores,
    Wanted,
)
from domain.reports.report import ForumKey, Locator, Report, ReportId, ReportRef
from domain.reports.state import State
from domain.reports.topic import Subject, Topic
from domain.reports.wishes import ForumRelation, HowFar, KeptOut
from domain.staff.member import MemberId
from tests.contracts.samples import KIAMBU, MONDAY, NAIROBI_WEST, a_report, an_event

ADA, BEN = MemberId(b"a" * 16), MemberId(b"b" * 16)


@asynccontextmanager
async def writing(stores: Stores) -> AsyncIterator[Cases]:
    async with stores.cases() as cases:
        yield cases
        await cases.commit()


async def kept(stores: Stores, *reports: Report) -> None:
    async with writing(stores) as cases:
        for report in reports:
            await cases.reports.add(report)


async def read(stores: Stores, report: Report) -> Report | None:
    async with stores.cases() as cases:
        return await cases.reports.get(report.id)


async def test_a_plain_report_comes_back_as_it_was(stores: Stores) -> None:
    report = a_report()
    await kept(stores, report)
    assert await read(stores, report) == report


async def test_a_report_with_everything_on_it_comes_back_as_it_was(stores: Stores) -> None:
    report = a_report(
        area=AreaKey("nairobi-west"),
        topic=Topic.OFFICIALS,
        subject=Subject.BRIBERY,
        danger=True,
        forum=ForumKey("kiambu-2025-10-22"),
        forum_relation=ForumRelation.AFTER,
        kept_out=frozenset(KeptOut),
        how_far=HowFar.COUNT_ONLY,
        received_hour=23,
        state=State.BLOCKED,
        since=date(2026, 12, 31),
        detail="fuel",
        desk=NAIROBI_WEST,
        generation=7,
        claimed_by=ADA,
        notice_due=True,
        visits=bytes(range(256)),
    )
    await kept(stores, report)
    assert await read(stores, report) == report


async def test_a_report_is_found_by_ref_and_by_locator(stores: Stores) -> None:
    report = a_report()
    await kept(stores, a_report(), report, a_report())
    async with stores.cases() as cases:
        assert await cases.reports.by_ref(report.ref) == report
        assert await cases.reports.by_locator(report.locator) == report


async def test_what_nobody_kept_is_not_found(stores: Stores) -> None:
    await kept(stores, a_report())
    async with stores.cases() as cases:
        assert await cases.reports.get(ReportId(b"?" * 16)) is None
        assert await cases.reports.by_ref(ReportRef("NOBODY")) is None
        assert await cases.reports.by_locator(Locator("NOONE")) is None


async def test_an_uncommitted_report_is_gone(stores: Stores) -> None:
    report = a_report()
    async with stores.cases() as cases:
        await cases.reports.add(report)
        assert await cases.reports.get(report.id) == report
    assert await read(stores, report) is None


async def test_a_failure_takes_everything_since_the_last_commit_with_it(stores: Stores) -> None:
    first, second = a_report(), a_report()

    async def fail_after_a_commit() -> None:
        async with stores.cases() as cases:
            await cases.reports.add(first)
            await cases.commit()
            await cases.reports.add(second)
            raise Changed

    with pytest.raises(Changed):
        await fail_after_a_commit()
    assert await read(stores, first) == first
    assert await read(stores, second) is None


@pytest.mark.parametrize(
    ("same", "refusal"), [("id", Changed), ("ref", LocatorTaken), ("locator", LocatorTaken)]
)
async def test_a_second_report_of_the_same_name_is_refused_and_the_first_stays(
    stores: Stores, same: str, refusal: type[Exception]
) -> None:
    first = a_report()
    await kept(stores, first)
    second = replace(a_report(topic=Topic.LAND), **{same: getattr(first, same)})
    third = a_report()
    async with writing(stores) as cases:
        with pytest.raises(refusal):
            await cases.reports.add(second)
        await cases.reports.add(third)
    assert await read(stores, first) == first
    assert await read(stores, third) == third


async def test_a_locator_is_taken_once_however_many_ask_at_once(stores: Stores) -> None:
    rivals = [replace(a_report(), locator=Locator("SAME5")) for _ in range(8)]
    outcomes = await asyncio.gather(*(kept(stores, one) for one in rivals), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, LocatorTaken) for outcome in outcomes) == 7


CHANGES: list[dict[str, Any]] = [
    {"state": State.IN_REVIEW},
    {"since": MONDAY + timedelta(days=1)},
    {"claimed_by": ADA},
    {"detail": "fuel"},
    {"topic": Topic.LAND},
    {"subject": Subject.ROBBERY},
    {"notice_due": True},
    {"desk": KIAMBU, "generation": 2},
    {"received_hour": 4},
]


@pytest.mark.parametrize("change", CHANGES, ids="-".join)
async def test_of_two_who_change_the_same_report_one_is_told_it_changed(
    stores: Stores, change: dict[str, Any]
) -> None:
    before = a_report()
    await kept(stores, before)
    after = replace(before, **change)

    async def change_it() -> None:
        async with writing(stores) as cases:
            await cases.reports.replace(before, after)

    outcomes = await asyncio.gather(change_it(), change_it(), return_exceptions=True)
    assert sorted(map(type, outcomes), key=str) == sorted([type(None), Changed], key=str)
    assert await read(stores, before) == after


async def test_one_of_many_takes_the_report_and_it_is_theirs(stores: Stores) -> None:
    before = a_report()
    await kept(stores, before)
    members = [MemberId(bytes([mark]) * 16) for mark in range(12)]

    async def claim(member: MemberId) -> MemberId:
        async with writing(stores) as cases:
            await cases.reports.replace(before, replace(before, claimed_by=member))
        return member

    outcomes = await asyncio.gather(*map(claim, members), return_exceptions=True)
    (winner,) = [outcome for outcome in outcomes if isinstance(outcome, bytes)]
    assert sum(isinstance(outcome, Changed) for outcome in outcomes) == 11
    assert await read(stores, before) == replace(before, claimed_by=winner)


async def test_nobody_releases_what_another_holds(stores: Stores) -> None:
    held = a_report(claimed_by=ADA)
    await kept(stores, held)
    async with stores.cases() as cases:
        with pytest.raises(Changed):
            await cases.reports.replace(replace(held, claimed_by=BEN), held)
        with pytest.raises(Changed):
            await cases.reports.replace(replace(held, claimed_by=None), held)


async def test_a_report_nobody_kept_has_changed(stores: Stores) -> None:
    report = a_report()
    async with stores.cases() as cases:
        with pytest.raises(Changed):
            await cases.reports.replace(report, replace(report, danger=True))


async def test_a_holder_who_looks_never_stands_in_a_moderators_way(stores: Stores) -> None:
    before = a_report()
    await kept(stores, before, other := a_report())
    async with writing(stores) as cases:
        await cases.reports.keep_visits(before.id, b"\x01once")
    async with writing(stores) as cases:
        await cases.reports.replace(before, replace(before, state=State.IN_REVIEW))
    assert await read(stores, before) == replace(before, state=State.IN_REVIEW, visits=b"\x01once")
    assert await read(stores, other) == other


async def test_danger_waits_first_then_the_oldest_then_by_ref(stores: Stores) -> None:
    later = MONDAY + timedelta(days=1)
    in_order = [
        a_report(ref="B00000", danger=True),
        a_report(ref="A00000", danger=True, received=later),
        a_report(ref="0Z0000"),
        a_report(ref="9A0000"),
        a_report(ref="A0000A"),
        a_report(ref="000000", received=later),
    ]
    await kept(stores, *reversed(in_order[:3]), *in_order[3:])
    wanted = Wanted(desks=frozenset({NATIONAL}))
    async with stores.cases() as cases:
        assert list(await cases.reports.waiting(wanted, limit=9)) == in_order
        assert list(await cases.reports.waiting(wanted, limit=2, offset=3)) == in_order[3:5]
        assert list(await cases.reports.waiting(wanted, limit=5, offset=6)) == []


async def test_open_and_disputed_reports_wait_and_no_others(stores: Stores) -> None:
    await kept(stores, *(a_report(state=state) for state in State))
    wanted = Wanted(desks=frozenset({NATIONAL}))
    async with stores.cases() as cases:
        found = await cases.reports.waiting(wanted, limit=99)
        assert await cases.reports.count_waiting(wanted) == len(found)
    assert {report.state for report in found} == {
        State.RECEIVED,
        State.IN_REVIEW,
        State.REFERRED,
        State.IN_PROGRESS,
        State.BLOCKED,
        State.DISPUTED,
    }


LATE = {State.RECEIVED: MONDAY, State.BLOCKED: MONDAY - timedelta(days=30)}
FILTERS: dict[str, dict[str, Any]] = {
    "plain+danger+land+ada+ben+fresh+blocked": {},
    "land": {"topic": Topic.LAND},
    "ada": {"held_by": ADA},
    "plain+danger+land+fresh+blocked": {"free": True},
    "plain+danger+land": {"late_since": LATE, "free": True},
    "plain+danger+land+ada": {"late_since": LATE},
    "danger": {"late_since": {}, "danger_late_since": MONDAY},
    "danger+plain+ada+ben+fresh+blocked": {"topic": Topic.THEFT},
    "nothing held by ada is free": {"held_by": ADA, "free": True},
    "nothing of danger is late before its day": {
        "late_since": {},
        "danger_late_since": MONDAY - timedelta(days=1),
    },
    "nothing is late where no state can be": {"late_since": {}},
    "kiambu": {"desks": frozenset({KIAMBU})},
    "kiambu+land": {"desks": frozenset({KIAMBU, NATIONAL, NAIROBI_WEST}), "topic": Topic.LAND},
    "nothing waits at no desk": {"desks": frozenset()},
}


@pytest.mark.parametrize("names", FILTERS)
async def test_the_queue_shows_what_was_asked_for(stores: Stores, names: str) -> None:
    reports = {
        "plain": a_report(),
        "danger": a_report(danger=True),
        "land": a_report(topic=Topic.LAND),
        "ada": a_report(claimed_by=ADA),
        "ben": a_report(claimed_by=BEN, state=State.IN_REVIEW),
        "fresh": a_report(since=MONDAY + timedelta(days=1)),
        "blocked": a_report(state=State.BLOCKED, since=MONDAY - timedelta(days=29)),
        "kiambu": a_report(topic=Topic.LAND, desk=KIAMBU),
        "closed": a_report(topic=Topic.LAND, state=State.NO_ACTION),
    }
    await kept(stores, *reports.values())
    wanted = Wanted(**{"desks": frozenset({NATIONAL})} | FILTERS[names])
    async with stores.cases() as cases:
        found = await cases.reports.waiting(wanted, limit=99)
        assert await cases.reports.count_waiting(wanted) == len(found)
    expected = set() if names.startswith("nothing") else set(names.split("+"))
    assert {name for name, report in reports.items() if report in found} == expected


async def test_reports_are_counted_by_state(stores: Stores) -> None:
    await kept(
        stores,
        a_report(),
        a_report(),
        a_report(state=State.NO_ACTION),
        a_report(desk=KIAMBU, state=State.BLOCKED),
        a_report(desk=NAIROBI_WEST),
    )
    async with stores.cases() as cases:
        assert await cases.reports.count({NATIONAL, KIAMBU}) == {
            State.RECEIVED: 2,
            State.NO_ACTION: 1,
            State.BLOCKED: 1,
        }
        assert await cases.reports.count(set()) == {}


async def test_what_is_held_and_untouched_is_found_by_its_newest_event(stores: Stores) -> None:
    later = MONDAY + timedelta(days=1)
    reports = {
        "idle": a_report(claimed_by=ADA, state=State.IN_REVIEW),
        "disputed": a_report(claimed_by=BEN, state=State.DISPUTED),
        "touched": a_report(claimed_by=ADA, state=State.IN_REVIEW),
        "moved": a_report(claimed_by=ADA, state=State.BLOCKED, since=later),
        "free": a_report(state=State.IN_REVIEW),
        "closed": a_report(claimed_by=ADA, state=State.NO_ACTION),
    }
    await kept(stores, *reports.values())
    async with writing(stores) as cases:
        for report in reports.values():
            await cases.events.add(an_event(report))
        await cases.events.add(an_event(reports["touched"], 1, day=later))
    async with stores.cases() as cases:
        idle = set(await cases.reports.untouched_since(MONDAY))
        assert not await cases.reports.untouched_since(MONDAY - timedelta(days=1))
        assert len(await cases.reports.untouched_since(later)) == 4
    assert idle == {reports["idle"].id, reports["disputed"].id}
