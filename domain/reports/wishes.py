"""What a citizen decides about their own report."""

from enum import StrEnum


class KeptOut(StrEnum):
    """An office that must never read the report."""

    POLICE_STATION = "police_station"
    CHIEF = "chief"
    NYUMBA_KUMI = "nyumba_kumi"
    COUNTY_OFFICIALS = "county_officials"
    POLITICIAN = "politician"


class HowFar(StrEnum):
    """How far a report may travel from the desk."""

    DESK_ONLY = "desk_only"
    SUMMARY = "summary"
    COUNT_ONLY = "count_only"


class ForumRelation(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    NONE = "none"
