"""The reference data shipped with the product, in and out again."""

from dataclasses import replace

import pytest

from app.reference.load import (
    load_commitments,
    load_counties,
    load_forums,
    load_help_lines,
    load_offices,
)
from domain.forums.forum import Forum
from domain.ports.stores import Cases, Stores
from domain.reports.report import ForumKey


async def load_all(cases: Cases) -> None:
    await cases.reference.load(
        counties=load_counties(),
        forums=load_forums(),
        offices=load_offices(),
        help_lines=load_help_lines(),
        commitments=load_commitments(),
    )


async def load_forum(cases: Cases, *forums: Forum) -> None:
    await cases.reference.load(
        counties=(), forums=forums, offices=(), help_lines=(), commitments=()
    )


@pytest.mark.parametrize("times", [1, 2])
async def test_what_was_loaded_comes_back_as_it_was(stores: Stores, times: int) -> None:
    for _ in range(times):
        async with stores.cases() as cases:
            await load_all(cases)
            await cases.commit()
    async with stores.cases() as cases:
        assert tuple(await cases.reference.counties()) == load_counties()
        assert tuple(await cases.reference.help_lines()) == load_help_lines()
        assert tuple(await cases.reference.commitments()) == load_commitments()
        assert list(await cases.reference.offices()) == sorted(
            load_offices(), key=lambda office: office.key
        )
        assert list(await cases.reference.forums()) == sorted(
            load_forums(), key=lambda forum: (forum.date, forum.key)
        )


async def test_three_counties_in_one_forum_stay_three_and_a_month_stays_a_month(
    stores: Stores,
) -> None:
    async with stores.cases() as cases:
        await load_all(cases)
        await cases.commit()
    async with stores.cases() as cases:
        forums = {forum.key: forum for forum in await cases.reference.forums()}
    joint = forums[ForumKey("embu-meru-tharaka-nithi-2025-05")]
    assert joint.counties == ("014", "012", "013")
    assert joint.date.text == "2025-05"
    assert joint.date.day is None


async def test_a_forum_loaded_again_is_replaced_with_its_counties(stores: Stores) -> None:
    joint = next(forum for forum in load_forums() if len(forum.counties) == 3)
    smaller = replace(joint, counties=joint.counties[::-2], concerns="fewer", national_number=9)
    async with stores.cases() as cases:
        await load_forum(cases, joint)
        await load_forum(cases, smaller)
        assert list(await cases.reference.forums()) == [smaller]


async def test_forums_of_one_day_come_by_key_hyphens_and_all(stores: Stores) -> None:
    first = load_forums()[0]
    keys = ["a-b-2025", "ab-2025", "ab-a-2025", "aba-2025"]
    assert keys == sorted(keys)
    async with stores.cases() as cases:
        await load_forum(cases, *(replace(first, key=ForumKey(key)) for key in reversed(keys)))
        assert [forum.key for forum in await cases.reference.forums()] == keys


async def test_a_new_list_of_help_lines_comes_first_and_drops_nothing(stores: Stores) -> None:
    lines = load_help_lines()
    async with stores.cases() as cases:
        await load_all(cases)
        await cases.reference.load(
            counties=(),
            forums=(),
            offices=(),
            help_lines=tuple(reversed(lines)),
            commitments=(),
        )
        assert tuple(await cases.reference.help_lines()) == tuple(reversed(lines))
        assert tuple(await cases.reference.counties()) == load_counties()


async def test_a_county_or_line_that_a_release_has_no_more_goes_and_forums_stay(
    stores: Stores,
) -> None:
    counties, lines = load_counties(), load_help_lines()
    async with stores.cases() as cases:
        await load_all(cases)
        await cases.reference.load(
            counties=counties[1:], forums=(), offices=(), help_lines=lines[1:], commitments=()
        )
        assert tuple(await cases.reference.counties()) == counties[1:]
        assert tuple(await cases.reference.help_lines()) == lines[1:]
        assert len(await cases.reference.forums()) == len(load_forums())


async def test_a_promise_loaded_again_is_one_promise_with_what_is_known_now(stores: Stores) -> None:
    first, *rest = load_commitments()
    known = replace(first, due="2026-06", proof="a gazette notice")
    async with stores.cases() as cases:
        await load_all(cases)
        await cases.reference.load(
            counties=(), forums=(), offices=(), help_lines=(), commitments=(known, *rest)
        )
        await cases.commit()
    async with stores.cases() as cases:
        assert list(await cases.reference.commitments()) == [known, *rest]
        assert len(await cases.reference.forums()) == len(load_forums())


async def test_what_is_not_committed_was_never_loaded(stores: Stores) -> None:
    async with stores.cases() as cases:
        await load_all(cases)
    async with stores.cases() as cases:
        assert list(await cases.reference.counties()) == []
        assert list(await cases.reference.forums()) == []
