"""What a person types, and which county is understood."""

import time

import pytest

from app.reference.load import load_gazetteer
from domain.places.county import CountyCode
from domain.places.gazetteer import (
    MOST_CANDIDATES,
    CountyUnknown,
    Found,
    NoPlace,
    OnePlace,
    SeveralPlaces,
)

GAZETTEER = load_gazetteer()


def names(found: Found) -> list[str]:
    match found:
        case OnePlace(place=place):
            return [place.name]
        case SeveralPlaces(places=places):
            return [place.name for place in places]
        case NoPlace():
            return []


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("muranga", "Murang'a"),
        ("Murang'a", "Murang'a"),
        ("murang\u2019a", "Murang'a"),
        ("  MURANG A ", "Murang'a"),
        ("homabay", "Homa Bay"),
        ("homa-bay", "Homa Bay"),
        ("tharaka nithi", "Tharaka-Nithi"),
        ("taita taveta", "Taita-Taveta"),
        ("Taita/Taveta", "Taita-Taveta"),
        ("kaunti ya kiambu", "Kiambu"),
        ("Kiambu county", "Kiambu"),
        ("i live in kiambu", "Kiambu"),
        ("nrb", "Nairobi"),
        ("nai", "Nairobi"),
        ("Nairobi City", "Nairobi"),
        ("047", "Nairobi"),
        ("kericho town", "Kericho"),
        ("kisum", "Kisumu"),
        ("uasin gichu", "Uasin Gishu"),
        ("tranzoia", "Trans Nzoia"),
        ("elgeyo", "Elgeyo-Marakwet"),
    ],
)
def test_a_county_is_understood_however_it_is_spelt(typed: str, name: str) -> None:
    assert names(GAZETTEER.find(typed)) == [name]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("eldoret", "Uasin Gishu"),
        ("kitale", "Trans Nzoia"),
        ("thika", "Kiambu"),
        ("malindi", "Kilifi"),
        ("Eldorret", "Uasin Gishu"),
        ("voi", "Taita-Taveta"),
        ("moi\u2019s bridge", "Uasin Gishu"),
        ("mumias east", "Kakamega"),
        ("east pokot", "Baringo"),
    ],
)
def test_a_town_or_constituency_leads_to_its_county(typed: str, name: str) -> None:
    assert names(GAZETTEER.find(typed)) == [name]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("kibra", "Nairobi West"),
        ("mathare", "Nairobi North"),
        ("kangemi", "Nairobi West"),
        ("lang'ata", "Nairobi West"),
        ("embakasi", "Nairobi East"),
        ("dandora", "Nairobi East"),
        ("eastleigh", "Nairobi North"),
        ("nairobi north", "Nairobi North"),
        ("kibra, nairobi", "Nairobi West"),
        ("nairobi dandora", "Nairobi East"),
    ],
)
def test_a_part_of_nairobi_leads_to_its_area(typed: str, name: str) -> None:
    assert names(GAZETTEER.find(typed)) == [name]


def test_the_notice_puts_njiru_in_the_east_and_leaves_kasaranis_other_wards_open() -> None:
    assert names(GAZETTEER.find("njiru")) == ["Nairobi East"]
    assert names(GAZETTEER.find("kasarani")) == ["Nairobi North"]
    assert names(GAZETTEER.find("ruai")) == ["Nairobi"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("shella", {"Kilifi", "Lamu"}),
        ("bura", {"Garissa", "Taita-Taveta", "Tana River"}),
        ("huruma", {"Nairobi North", "Uasin Gishu"}),
        ("makadara", {"Mombasa", "Nairobi East"}),
        ("umoja", {"Nakuru", "Nairobi East"}),
        ("keroka", {"Kisii", "Nyamira"}),
        ("rongai", {"Kajiado", "Nakuru"}),
        ("pokot", {"Baringo", "West Pokot"}),
        ("tharaka", {"Kitui", "Tharaka-Nithi"}),
        ("sericho", {"Isiolo", "Kericho"}),
    ],
)
def test_a_name_two_counties_share_is_answered_with_a_choice(typed: str, offered: set[str]) -> None:
    found = GAZETTEER.find(typed)
    assert isinstance(found, SeveralPlaces)
    assert set(names(found)) == offered


def test_a_second_name_settles_an_ambiguous_first() -> None:
    assert names(GAZETTEER.find("shella lamu")) == ["Lamu"]
    assert names(GAZETTEER.find("Township, Wajir")) == ["Wajir"]


def test_a_countys_name_wins_over_any_ward() -> None:
    for county in GAZETTEER.counties():
        assert GAZETTEER.find(county.name) == OnePlace(place=county.place)
        assert GAZETTEER.find(county.official_name) == OnePlace(place=county.place)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "!!!", "asdfgh", "xyz", "hello", "help me please", "kaunti", "ya", "1", "\U0001f600"],
)
def test_nonsense_is_not_guessed_at(typed: str) -> None:
    assert GAZETTEER.find(typed) == NoPlace()


@pytest.mark.parametrize("typed", ["township", "central", "west"])
def test_a_name_in_too_many_counties_tells_nothing(typed: str) -> None:
    assert GAZETTEER.find(typed) == NoPlace()


@pytest.mark.parametrize("typed", ["thika road", "mombasa road"])
def test_a_road_named_after_a_town_is_not_taken_for_the_town(typed: str) -> None:
    assert GAZETTEER.find(typed) == NoPlace()


@pytest.mark.parametrize("typed", ["x" * 10_000, "nai " * 2_500, "\ufdfa" * 10_000, "kiambu " * 99])
def test_a_flood_of_letters_is_answered_at_once(typed: str) -> None:
    started = time.process_time()
    found = GAZETTEER.find(typed)
    assert time.process_time() - started < 0.2
    assert len(names(found)) <= MOST_CANDIDATES


def test_counties_stand_in_alphabetical_order_for_the_buttons() -> None:
    listed = [county.name for county in GAZETTEER.counties()]
    assert len(listed) == 47
    assert listed == sorted(listed)
    assert (listed[0], listed[-1]) == ("Baringo", "West Pokot")


def test_a_county_is_looked_up_by_its_code_and_a_place_by_its_key() -> None:
    assert GAZETTEER.county(CountyCode("022")).name == "Kiambu"
    assert GAZETTEER.place("022").name == "Kiambu"
    assert GAZETTEER.place("nairobi-east").name == "Nairobi East"


@pytest.mark.parametrize("key", ["048", "", "nairobi-south", "Kiambu"])
def test_a_key_nobody_gave_is_refused(key: str) -> None:
    with pytest.raises(CountyUnknown):
        GAZETTEER.place(key)
    with pytest.raises(CountyUnknown):
        GAZETTEER.county(CountyCode(key))


def test_an_operators_county_must_be_spelt_not_guessed() -> None:
    assert GAZETTEER.county_named("Tharaka Nithi").code == "013"
    for wrong in ("Kiamb", "Eldoret", "Nairobi West", ""):
        with pytest.raises(CountyUnknown):
            GAZETTEER.county_named(wrong)
