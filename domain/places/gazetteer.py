"""From what a person typed to a county, or to a short list to choose from. Never a silent guess."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from domain.errors import DomainError
from domain.places.county import County, CountyCode, Place
from domain.places.names import Name, Rank, names_of
from domain.places.spelling import squashed, without_fillers, words

MOST_CANDIDATES = 6

_PREFIX = 4  # letters that may stand for the rest of a county's or town's name
_ONE_SLIP = {Rank.COUNTY: 4, Rank.TOWN: 4, Rank.CONSTITUENCY: 6, Rank.WARD: 6}
_TWO_SLIPS = {Rank.COUNTY: 7, Rank.TOWN: 7, Rank.CONSTITUENCY: 9, Rank.WARD: 9}
_LONG_NAME = 6  # a county's name this long is recognised through one slip even in another's name


class CountyUnknown(DomainError):
    key = "error.county_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePlace:
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralPlaces:
    """Two to six, the likeliest first."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPlace:
    """Nothing was recognised, or a name so common (Township) that it tells nothing."""


Found = OnePlace | SeveralPlaces | NoPlace


class Gazetteer:
    def __init__(self, counties: Iterable[County]) -> None:
        self._counties = tuple(sorted(counties, key=lambda county: county.name))
        self._by_code = {county.code: county for county in self._counties}
        self._names = names_of(self._counties)
        self._keys = tuple(name.key for name in self._names)
        self._by_key: dict[str, list[Name]] = {}
        self._by_first_words: dict[str, list[Name]] = {}
        for name in self._names:
            self._by_key.setdefault(name.key, []).append(name)
            for count in range(1, len(name.words)):
                begun = "".join(name.words[:count])
                self._by_first_words.setdefault(begun, []).append(name)

    def counties(self) -> tuple[County, ...]:
        """In alphabetical order, for pages of buttons."""
        return self._counties

    def county(self, code: CountyCode) -> County:
        """Raises CountyUnknown."""
        if code not in self._by_code:
            raise CountyUnknown
        return self._by_code[code]

    def county_named(self, name: str) -> County:
        """By its name, code or alias, and nothing nearly like it. Raises CountyUnknown."""
        for known in self._by_key.get(squashed(name), ()):
            if known.rank is Rank.COUNTY and known.place.area is None:
                return self._by_code[known.place.county]
        raise CountyUnknown

    def place(self, key: str) -> Place:
        """The place whose `Place.key` this is. Raises CountyUnknown."""
        for county in self._counties:
            for place in (county.place, *map(county.place_in, county.areas)):
                if place.key == key:
                    return place
        raise CountyUnknown

    def find(self, typed: str) -> Found:
        """In this order: a county's name; two names side by side ("shella, lamu"); other names
        and beginnings of names, with any county one slip away; names a slip or two away.
        """
        said = words(typed)
        told = without_fillers(said)
        exact = self._exact(said) or self._exact(told)
        if any(name.rank is Rank.COUNTY for name in exact):
            return _answer(_places(exact))
        both = self._side_by_side(told)
        if both:
            return _answer(both)
        known = [*exact, *self._beginning(told)]
        near = self._near(told)
        if known:
            slips = [name for name, distance in near if _is_county_in_disguise(name, distance)]
            return _answer(_places([*known, *slips]))
        return _answer(_places([name for name, _ in near])[:MOST_CANDIDATES])

    def _exact(self, said: tuple[str, ...]) -> list[Name]:
        """A county's name hides every other name spelt the same."""
        names = self._by_key.get("".join(said), [])
        return [name for name in names if name.rank is Rank.COUNTY] or names

    def _side_by_side(self, told: tuple[str, ...]) -> list[Place]:
        """Places on which both parts agree: "kibra nairobi" is Nairobi West."""
        return _unique(
            place
            for at in range(1, len(told))
            for left in self._exact(told[:at]) or self._first_words(told[:at])
            for right in self._exact(told[at:]) or self._first_words(told[at:])
            if (place := _both(left.place, right.place))
        )

    def _first_words(self, told: tuple[str, ...]) -> list[Name]:
        """Names that go on after these words: "dandora" for Dandora Area I."""
        key = "".join(told)
        return self._by_first_words.get(key, []) if len(key) >= _PREFIX else []

    def _beginning(self, told: tuple[str, ...]) -> list[Name]:
        """Some letters of a county or town ("kirin"), or the first words of any name."""
        key = "".join(told)
        if len(key) < _PREFIX:
            return []
        large = [
            name
            for name in self._names
            if name.rank <= Rank.TOWN and name.key != key and name.key.startswith(key)
        ]
        return sorted([*large, *self._first_words(told)], key=lambda name: name.rank)

    def _near(self, told: tuple[str, ...]) -> list[tuple[Name, int]]:
        """Names and their distance, the nearest first, none further than the best and one."""
        key = "".join(told)
        hits = process.extract(key, self._keys, scorer=OSA.distance, score_cutoff=2, limit=None)
        near = [
            (self._names[at], int(distance))
            for _, distance, at in hits
            if distance <= _slips_allowed(len(key), self._names[at].rank)
        ]
        best = min((distance for _, distance in near), default=0)
        kept = [(name, distance) for name, distance in near if distance <= best + 1]
        return sorted(kept, key=lambda hit: (hit[1], hit[0].rank))


def _slips_allowed(length: int, rank: Rank) -> int:
    if length >= _TWO_SLIPS[rank]:
        return 2
    return 1 if length >= _ONE_SLIP[rank] else 0


def _is_county_in_disguise(name: Name, distance: int) -> bool:
    return name.rank is Rank.COUNTY and distance == 1 and len(name.key) >= _LONG_NAME


def _both(left: Place, right: Place) -> Place | None:
    """The more exact of two places, or None if they contradict each other."""
    if left.county != right.county:
        return None
    if left.area and right.area and left.area != right.area:
        return None
    return left if left.area else right


def _places(names: Iterable[Name]) -> list[Place]:
    return _unique(name.place for name in names)


def _unique(places: Iterable[Place]) -> list[Place]:
    return list(dict.fromkeys(places))


def _answer(places: Sequence[Place]) -> Found:
    if len(places) == 1:
        return OnePlace(place=places[0])
    if 1 < len(places) <= MOST_CANDIDATES:
        return SeveralPlaces(places=tuple(places))
    return NoPlace()
