"""The numbers everybody can check against the Constitution, the IEBC and the census."""

from app.reference.load import load_counties
from domain.places.county import AreaKey

COUNTIES = load_counties()
NAIROBI = COUNTIES[46]


def test_there_are_forty_seven_counties_numbered_in_order() -> None:
    assert [county.code for county in COUNTIES] == [f"{number:03}" for number in range(1, 48)]


def test_there_are_290_constituencies_each_numbered_once() -> None:
    codes = {inner.code for county in COUNTIES for inner in county.constituencies}
    assert codes == {f"{number:03}" for number in range(1, 291)}
    assert sum(len(county.constituencies) for county in COUNTIES) == 290


def test_there_are_1450_wards_each_numbered_once() -> None:
    wards = [ward for county in COUNTIES for inner in county.constituencies for ward in inner.wards]
    assert sorted(ward.code for ward in wards) == [f"{number:04}" for number in range(1, 1451)]


def test_populations_add_up_to_the_census() -> None:
    assert sum(county.population_2019 for county in COUNTIES) == 47_564_296


def test_only_nairobi_has_areas_and_it_has_three() -> None:
    assert [county.name for county in COUNTIES if county.areas] == ["Nairobi"]
    assert [area.key for area in NAIROBI.areas] == [
        "nairobi-north",
        "nairobi-east",
        "nairobi-west",
    ]


def test_each_constituency_of_nairobi_is_a_unit_of_exactly_one_area() -> None:
    units = [unit for area in NAIROBI.areas for unit in area.units]
    assert len(units) == len(set(units))
    assert {inner.name for inner in NAIROBI.constituencies} == set(units) - {"Njiru"}


def test_a_place_is_keyed_by_its_area_where_that_is_known() -> None:
    west = NAIROBI.place_in(NAIROBI.areas[2])
    assert (NAIROBI.place.key, NAIROBI.place.name) == ("047", "Nairobi")
    assert (west.key, west.name, west.county) == ("nairobi-west", "Nairobi West", "047")
    assert west.area == AreaKey("nairobi-west")


def test_every_town_and_alias_reached_its_county() -> None:
    by_name = {county.name: county for county in COUNTIES}
    assert "Eldoret" in by_name["Uasin Gishu"].towns
    assert "nrb" in by_name["Nairobi"].aliases
    assert all(county.capital in county.towns for county in COUNTIES)
