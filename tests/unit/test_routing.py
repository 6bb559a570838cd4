"""Which desk reads a report."""

import pytest

from domain.desks.desk import NATIONAL, DeskKey, NobodyReads, desk_for
from domain.places.county import AreaKey, CountyCode
from domain.reports.wishes import KeptOut

NAIROBI, MURANGA = CountyCode("047"), CountyCode("021")
WEST = AreaKey("nairobi-west")
ALL = frozenset({NATIONAL, DeskKey(MURANGA), DeskKey(WEST)})


def test_the_places_own_desk_reads() -> None:
    assert desk_for(MURANGA, None, (), ALL) == DeskKey(MURANGA)
    assert desk_for(NAIROBI, WEST, (), ALL) == DeskKey(WEST)


def test_the_national_desk_reads_where_the_place_has_no_staffed_desk() -> None:
    assert desk_for(CountyCode("001"), None, (), ALL) == NATIONAL
    assert desk_for(NAIROBI, AreaKey("nairobi-east"), (), ALL) == NATIONAL
    assert desk_for(NAIROBI, None, (), ALL) == NATIONAL


def test_a_desk_of_the_whole_county_does_not_read_for_one_of_its_areas() -> None:
    assert desk_for(NAIROBI, WEST, (), {NATIONAL, DeskKey(NAIROBI)}) == NATIONAL


@pytest.mark.parametrize("office", KeptOut)
def test_whoever_is_kept_out_the_report_is_read_far_from_them(office: KeptOut) -> None:
    assert desk_for(MURANGA, None, {office}, ALL) == NATIONAL


@pytest.mark.parametrize(
    ("kept_out", "staffed"),
    [
        ((), ()),
        ((), (DeskKey("001"),)),
        ((KeptOut.CHIEF,), (DeskKey(MURANGA),)),
    ],
)
def test_nothing_is_taken_that_nobody_would_read(
    kept_out: tuple[KeptOut, ...], staffed: tuple[DeskKey, ...]
) -> None:
    with pytest.raises(NobodyReads):
        desk_for(MURANGA, None, kept_out, staffed)
