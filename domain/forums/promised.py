"""Which promises belong to a forum: made there, in its region, or in the national report."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.forums.commitment import Commitment
from domain.forums.forum import Forum
from domain.places.county import CountyCode
from domain.places.gazetteer import CountyUnknown, Gazetteer

NATIONAL_REPORT = "national report"
A_FORUM, A_REGION = " forum", " forums"
"""How `Commitment.made_at` ends: "Nairobi forum", "coast forums"."""

REGIONS = {
    "coast": range(1, 7),
    "north eastern": range(7, 10),
    "eastern": range(10, 18),
    "central": range(18, 23),
    "rift valley": range(23, 37),
    "western": range(37, 41),
    "nyanza": range(41, 47),
    "nairobi": range(47, 48),
}
"""The numbers of their counties: the First Schedule counts region by region."""


class Reach(StrEnum):
    """How near to a county a promise was made; the nearest comes first."""

    FORUM = "forum"
    REGION = "region"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    reach: Reach
    commitment: Commitment


def promised_at(
    forum: Forum, commitments: Iterable[Commitment], gazetteer: Gazetteer
) -> tuple[Promise, ...]:
    """Made at this forum, at its region's of the same year, or reported that year after it."""
    near = _near(forum.counties, commitments, gazetteer)
    return tuple(promise for promise in near if _is_of_its_time(promise, forum))


def promised_around(
    county: CountyCode, commitments: Iterable[Commitment], gazetteer: Gazetteer
) -> tuple[Promise, ...]:
    """For the county's region and for the whole country, at any time."""
    near = _near((county,), commitments, gazetteer)
    return tuple(promise for promise in near if promise.reach is not Reach.FORUM)


def _near(
    counties: Iterable[CountyCode], commitments: Iterable[Commitment], gazetteer: Gazetteer
) -> list[Promise]:
    met = frozenset(counties)
    near = [
        Promise(reach=reach, commitment=commitment)
        for commitment in commitments
        if (reach := reach_of(commitment, met, gazetteer))
    ]
    return sorted(near, key=lambda promise: list(Reach).index(promise.reach))


def reach_of(
    commitment: Commitment, counties: frozenset[CountyCode], gazetteer: Gazetteer
) -> Reach | None:
    """None for a promise made elsewhere, or at a place nobody knows."""
    made_at = commitment.made_at.casefold()
    if made_at == NATIONAL_REPORT:
        return Reach.COUNTRY
    if made_at.endswith(A_REGION):
        numbers = REGIONS.get(made_at.removesuffix(A_REGION), range(0))
        return Reach.REGION if any(int(county) in numbers for county in counties) else None
    if not made_at.endswith(A_FORUM):
        return None
    try:
        county = gazetteer.county_named(made_at.removesuffix(A_FORUM))
    except CountyUnknown:
        return None
    return Reach.FORUM if county.code in counties else None


def _is_of_its_time(promise: Promise, forum: Forum) -> bool:
    made, met = promise.commitment.date, forum.date.text
    match promise.reach:
        case Reach.FORUM:
            return met.startswith(made) or made.startswith(met)
        case Reach.REGION:
            return met[:4] == made[:4]
        case Reach.COUNTRY:
            return met[:4] == made[:4] and met[: len(made)] <= made
