"""No slip of the finger loses a county."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from app.reference.load import load_gazetteer
from domain.places.county import County
from domain.places.gazetteer import MOST_CANDIDATES, Found, NoPlace, OnePlace, SeveralPlaces

GAZETTEER = load_gazetteer()
COUNTIES = st.sampled_from(GAZETTEER.counties())
LONG_NAMED = st.sampled_from([county for county in GAZETTEER.counties() if len(county.name) >= 6])
UNHURRIED = settings(deadline=None)  # the first call fills a cache
LETTERS = st.sampled_from(string.ascii_lowercase)


def offered(found: Found) -> list[str]:
    match found:
        case OnePlace(place=place):
            return [place.key]
        case SeveralPlaces(places=places):
            return [place.key for place in places]
        case NoPlace():
            return []


@st.composite
def one_slip(draw: st.DrawFn) -> tuple[County, str]:
    county = draw(LONG_NAMED)
    name = county.name.lower()
    at = draw(st.integers(min_value=0, max_value=len(name) - 1))
    letter = draw(LETTERS)
    slips = (
        name[:at] + letter + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + name[at + 1 :],
        name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
    )
    return county, draw(st.sampled_from(slips))


@UNHURRIED
@given(one_slip())
def test_a_county_is_found_or_offered_through_any_one_slip(slip: tuple[County, str]) -> None:
    county, typed = slip
    assert county.code in offered(GAZETTEER.find(typed))


@UNHURRIED
@given(
    county=COUNTIES,
    gap=st.sampled_from(["", " ", "-", "  ", " - ", "/", "_"]),
    apostrophe=st.sampled_from(["", "'", "\u2018", "\u2019", "`", "\u00b4", "\u02bc"]),
    frame=st.sampled_from(
        ["{}", "{} county", "kaunti ya {}", "{} town", "  {}.", "the county of {}"]
    ),
    case=st.sampled_from([str.lower, str.upper, str.title]),
)
def test_a_county_is_sure_in_any_spacing_case_and_apostrophe(
    county: County, gap: str, apostrophe: str, frame: str, case: object
) -> None:
    name = county.name.replace("-", gap).replace(" ", gap).replace("'", apostrophe)
    typed = frame.format(case(name) if callable(case) else name)
    assert GAZETTEER.find(typed) == OnePlace(place=county.place)


@UNHURRIED
@given(st.text(max_size=200))
def test_whatever_is_typed_gets_one_few_or_none_and_never_the_same_twice(typed: str) -> None:
    places = offered(GAZETTEER.find(typed))
    assert len(places) == len(set(places))
    assert len(places) <= MOST_CANDIDATES


@UNHURRIED
@given(st.text(alphabet=string.ascii_lowercase + " '-/", max_size=30))
def test_case_never_changes_the_answer(typed: str) -> None:
    assert GAZETTEER.find(typed.upper()) == GAZETTEER.find(typed)
