"""Every name a place answers to, and how much that name weighs against another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from domain.places.county import Area, Constituency, County, Place
from domain.places.spelling import words


class Rank(IntEnum):
    """A county's own name beats everything below it."""

    COUNTY = 0
    TOWN = 1
    CONSTITUENCY = 2
    WARD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """`words` as `spelling.words` gives them; `key` is the same without spaces."""

    words: tuple[str, ...]
    key: str
    rank: Rank
    place: Place


def names_of(counties: Iterable[County]) -> tuple[Name, ...]:
    return tuple(name for county in counties for name in _names(county))


def _names(county: County) -> Iterator[Name]:
    whole = county.place
    for text in (county.name, county.official_name, county.code, *county.aliases):
        yield from _spelt(text, Rank.COUNTY, whole)
    for text in (county.capital, *county.towns):
        yield from _spelt(text, Rank.TOWN, whole)
    for area in county.areas:
        yield from _spelt(area.name, Rank.COUNTY, county.place_in(area))
        for unit in area.units:
            yield from _spelt(unit, Rank.CONSTITUENCY, county.place_in(area))
    for constituency in county.constituencies:
        around = _area_of(constituency.name, county)
        yield from _spelt(constituency.name, Rank.CONSTITUENCY, _place(county, around))
        inherited = None if _is_split(constituency, around, county) else around
        for ward in constituency.wards:
            own = _area_of(ward.name, county) or inherited
            yield from _spelt(ward.name, Rank.WARD, _place(county, own))


def _spelt(text: str, rank: Rank, place: Place) -> Iterator[Name]:
    """The name, and for one like "Mji wa Kale/Makadara" each of its two."""
    parts = text.split("/")
    for spelling in (text, *parts) if len(parts) > 1 else parts:
        split = words(spelling)
        yield Name(words=split, key="".join(split), rank=rank, place=place)


def _place(county: County, area: Area | None) -> Place:
    return county.place_in(area) if area else county.place


def _area_of(name: str, county: County) -> Area | None:
    return next((area for area in county.areas if name in area.units), None)


def _is_split(constituency: Constituency, around: Area | None, county: County) -> bool:
    """Njiru is a ward of Kasarani (North), yet the notice puts Njiru in East: of Kasarani's
    other wards nothing is known for sure, so they name Nairobi alone.
    """
    named = (_area_of(ward.name, county) for ward in constituency.wards)
    return any(area is not None and area != around for area in named)
