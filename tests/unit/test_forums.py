"""Which promises belong to a forum, which forum is near, and what the book says of both."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any, cast

import pytest

from app.reference.load import load_commitments, load_forums, load_gazetteer
from domain.forums.book import ForumBook
from domain.forums.commitment import Commitment
from domain.forums.forum import Forum, forum_key
from domain.forums.forum_date import ForumDate
from domain.forums.nearest import LOOK_AHEAD, LOOK_BACK, nearest, relation_on
from domain.forums.promised import REGIONS, Reach, promised_around, promised_at
from domain.places.county import CountyCode
from domain.places.gazetteer import CountyUnknown
from domain.reports.desk import CitizenDesk
from domain.reports.wishes import ForumRelation
from tests.fakes.stores import MemoryStores

GAZETTEER = load_gazetteer()
COMMITMENTS = load_commitments()
TODAY = date(2026, 11, 2)


def forum(day: str, *counties: str) -> Forum:
    when = ForumDate.parse(day)
    met = [GAZETTEER.county_named(name) for name in counties]
    return Forum(
        key=forum_key(met, when),
        counties=tuple(county.code for county in met),
        date=when,
        national_number=None,
        concerns="",
    )


def on(day: date, *counties: str) -> Forum:
    return forum(day.isoformat(), *counties)


def reaches(at: Forum) -> list[Reach]:
    return [promise.reach for promise in promised_at(at, COMMITMENTS, GAZETTEER)]


def test_every_county_lies_in_one_region() -> None:
    counties = sorted(number for numbers in REGIONS.values() for number in numbers)
    assert counties == [int(county.code) for county in sorted(GAZETTEER.counties(), key=code_of)]


def code_of(county: Any) -> str:
    return str(county.code)


def test_every_promise_that_is_shipped_can_be_found_by_somebody() -> None:
    found = {
        promise.commitment.key
        for day in ("2025-10-03", "2025-06")
        for county in GAZETTEER.counties()
        for promise in promised_at(forum(day, county.name), COMMITMENTS, GAZETTEER)
    }
    assert found == {commitment.key for commitment in COMMITMENTS}


def test_a_forums_own_promises_come_before_its_regions_and_the_countrys() -> None:
    assert reaches(forum("2025-10-03", "Nairobi")) == [Reach.FORUM] + [Reach.COUNTRY] * 6
    assert reaches(forum("2025-06", "Lamu")) == [Reach.REGION] * 6 + [Reach.COUNTRY] * 6
    assert reaches(forum("2025-05", "Embu", "Meru")) == [Reach.COUNTRY] * 6


def test_promises_belong_to_their_time() -> None:
    assert reaches(forum("2026-01", "Lamu")) == []
    assert reaches(forum("2025-12", "Lamu"))[-1] is Reach.COUNTRY
    assert reaches(forum("2025-12-03", "Lamu")) == [Reach.REGION] * 6
    assert Reach.FORUM not in reaches(forum("2025-10-04", "Nairobi"))
    assert Reach.FORUM in reaches(forum("2025-10", "Nairobi"))


@pytest.mark.parametrize("made_at", ["Atlantis forum", "Atlantis forums", "a conversation", ""])
def test_a_promise_made_nobody_knows_where_belongs_to_no_forum(made_at: str) -> None:
    lost = replace(COMMITMENTS[0], made_at=made_at)
    assert promised_at(forum("2025-10-03", "Nairobi"), (lost,), GAZETTEER) == ()


def test_around_a_county_are_the_promises_to_its_region_and_the_country() -> None:
    mombasa, nairobi = CountyCode("001"), CountyCode("047")
    assert len(promised_around(mombasa, COMMITMENTS, GAZETTEER)) == 12
    around = promised_around(nairobi, COMMITMENTS, GAZETTEER)
    assert {promise.reach for promise in around} == {Reach.COUNTRY}


def test_a_promise_says_its_date_as_exactly_as_it_is_known() -> None:
    first = COMMITMENTS[0]
    assert first.known_date == ForumDate(year=2025, month=12, day=2)
    assert replace(first, date="2025").known_date == "2025"


def test_promises_differ_by_who_promised_what_and_where() -> None:
    assert len({commitment.key for commitment in COMMITMENTS}) == len(COMMITMENTS)
    first = COMMITMENTS[0]
    assert replace(first, due="2026-06", source="elsewhere").key == first.key


@pytest.mark.parametrize(
    ("away", "found"),
    [
        (-LOOK_BACK, True),
        (-LOOK_BACK - timedelta(days=1), False),
        (LOOK_AHEAD, True),
        (LOOK_AHEAD + timedelta(days=1), False),
    ],
)
def test_only_a_forum_near_today_is_proposed(away: timedelta, *, found: bool) -> None:
    near = on(TODAY + away, "Kwale")
    assert nearest([near], CountyCode("002"), TODAY) == (near if found else None)
    assert nearest([near], CountyCode("003"), TODAY) is None


def test_the_nearest_of_several_is_proposed_and_a_month_counts_from_its_nearest_day() -> None:
    past, coming = on(TODAY - timedelta(days=20), "Kwale"), forum("2026-11", "Kwale", "Kilifi")
    assert nearest([past, coming], CountyCode("002"), TODAY) == coming
    assert nearest([past], CountyCode("002"), TODAY) == past


@pytest.mark.parametrize(
    ("day", "relation"),
    [
        ("2026-11-03", ForumRelation.BEFORE),
        ("2026-11-02", ForumRelation.AFTER),
        ("2026-11-01", ForumRelation.AFTER),
        ("2026-11", ForumRelation.BEFORE),
        ("2026-10", ForumRelation.AFTER),
    ],
)
def test_from_its_own_day_on_a_report_comes_after_a_forum(
    day: str, relation: ForumRelation
) -> None:
    assert relation_on(TODAY, ForumDate.parse(day)) is relation


def book(*forums: Forum, commitments: tuple[Commitment, ...] = COMMITMENTS) -> ForumBook:
    return ForumBook(forums=forums, commitments=commitments, gazetteer=GAZETTEER)


def test_the_book_lists_the_newest_first_and_the_counties_by_name() -> None:
    older, newer = forum("2025-05", "Meru", "Embu"), forum("2025-06-01", "Busia")
    listed = book(older, newer).listed(None)
    assert [shown.forum for shown in listed.forums] == [newer, older]
    assert [place.name for place in listed.counties] == ["Busia", "Embu", "Meru"]
    assert [place.name for place in listed.forums[1].places] == ["Meru", "Embu"]


def test_a_county_has_its_own_forums_and_without_any_the_promises_around_it() -> None:
    joint = forum("2025-05", "Meru", "Embu")
    embu = book(joint).listed(CountyCode("014"))
    assert [shown.forum for shown in embu.forums] == [joint]
    assert embu.promises == ()
    kwale = book(joint).listed(CountyCode("002"))
    assert kwale.forums == ()
    assert len(kwale.promises) == 12
    with pytest.raises(CountyUnknown):
        book(joint).listed(CountyCode("048"))


def test_the_book_finds_a_forum_by_the_key_of_its_poster_alone() -> None:
    joint = forum("2025-05", "Meru", "Embu")
    found = book(joint).by_key("embu-meru-2025-05")
    assert found is not None
    assert found.forum == joint
    assert book(joint).by_key("embu-meru-2025-06") is None


def a_desk(stores: MemoryStores) -> CitizenDesk:
    """With the stores and the gazetteer alone: forums need nothing else."""
    given = dict.fromkeys(each.name for each in fields(CitizenDesk))
    return CitizenDesk(**cast("Any", given | {"stores": stores, "gazetteer": GAZETTEER}))


async def test_a_forum_imported_while_the_bot_runs_is_seen_at_once() -> None:
    stores = MemoryStores()
    desk = a_desk(stores)
    assert list((await desk.forum_book()).forums) == []
    async with stores.cases() as cases:
        await cases.reference.load(
            counties=(), forums=load_forums(), offices=(), help_lines=(), commitments=COMMITMENTS
        )
        await cases.commit()
    seen = await desk.forum_book()
    assert len(seen.forums) == len(load_forums())
    assert tuple(seen.commitments) == COMMITMENTS
