"""What a concern is about: the citizen's nine tiles and the desk's subjects."""

from enum import StrEnum


class Topic(StrEnum):
    GANGS = "gangs"
    VIOLENCE = "violence"
    ALCOHOL_DRUGS = "alcohol_drugs"
    THEFT = "theft"
    LAND = "land"
    ROADS = "roads"
    OFFICIALS = "officials"
    POLICE_NEEDS = "police_needs"
    OTHER = "other"

    @property
    def is_sensitive(self) -> bool:
        return self in _SENSITIVE


_SENSITIVE = frozenset({Topic.GANGS, Topic.VIOLENCE, Topic.LAND, Topic.OFFICIALS})


class Subject(StrEnum):
    """A moderator's finer sorting inside a topic."""

    GANGS = "gangs"
    POLITICAL_GOONS = "political_goons"
    POLITICS_PAYING_FOR_CRIME = "politics_paying_for_crime"
    GENDER_BASED_VIOLENCE = "gender_based_violence"
    SEXUAL_VIOLENCE = "sexual_violence"
    DEFILEMENT = "defilement"
    TEENAGE_PREGNANCY = "teenage_pregnancy"
    DISCO_MATANGA = "disco_matanga"
    ILLICIT_BREWS = "illicit_brews"
    SECOND_GENERATION_ALCOHOL = "second_generation_alcohol"
    CANNABIS_AND_OTHER_DRUGS = "cannabis_and_other_drugs"
    ROBBERY = "robbery"
    HIGHWAY_INSECURITY = "highway_insecurity"
    LIVESTOCK_THEFT = "livestock_theft"
    BANDITRY = "banditry"
    LAND_DISPUTES = "land_disputes"
    BOUNDARY_DISPUTES = "boundary_disputes"
    ROAD_ACCIDENTS = "road_accidents"
    SPEEDING = "speeding"
    MATATU_AND_MIRAA_TRANSPORT = "matatu_and_miraa_transport"
    CONDUCT = "conduct"
    BRIBERY = "bribery"
    SLOW_OR_ABSENT_POLICE = "slow_or_absent_police"
    LOCAL_ADMINISTRATION = "local_administration"
    NYUMBA_KUMI = "nyumba_kumi"
    WELFARE = "welfare"
    PROMOTION_AND_TRANSFERS = "promotion_and_transfers"
    VEHICLES_AND_FUEL = "vehicles_and_fuel"
    STATIONS_AND_EQUIPMENT = "stations_and_equipment"
    HUMAN_WILDLIFE_CONFLICT = "human_wildlife_conflict"
    IDS_AND_CERTIFICATES = "ids_and_certificates"
    CLAN_CONFLICT_AND_EXTREMISM = "clan_conflict_and_extremism"
    ANYTHING_ELSE = "anything_else"


SUBJECTS: dict[Topic, tuple[Subject, ...]] = {
    Topic.GANGS: (
        Subject.GANGS,
        Subject.POLITICAL_GOONS,
        Subject.POLITICS_PAYING_FOR_CRIME,
    ),
    Topic.VIOLENCE: (
        Subject.GENDER_BASED_VIOLENCE,
        Subject.SEXUAL_VIOLENCE,
        Subject.DEFILEMENT,
        Subject.TEENAGE_PREGNANCY,
        Subject.DISCO_MATANGA,
    ),
    Topic.ALCOHOL_DRUGS: (
        Subject.ILLICIT_BREWS,
        Subject.SECOND_GENERATION_ALCOHOL,
        Subject.CANNABIS_AND_OTHER_DRUGS,
    ),
    Topic.THEFT: (
        Subject.ROBBERY,
        Subject.HIGHWAY_INSECURITY,
        Subject.LIVESTOCK_THEFT,
        Subject.BANDITRY,
    ),
    Topic.LAND: (Subject.LAND_DISPUTES, Subject.BOUNDARY_DISPUTES),
    Topic.ROADS: (
        Subject.ROAD_ACCIDENTS,
        Subject.SPEEDING,
        Subject.MATATU_AND_MIRAA_TRANSPORT,
    ),
    Topic.OFFICIALS: (
        Subject.CONDUCT,
        Subject.BRIBERY,
        Subject.SLOW_OR_ABSENT_POLICE,
        Subject.LOCAL_ADMINISTRATION,
        Subject.NYUMBA_KUMI,
    ),
    Topic.POLICE_NEEDS: (
        Subject.WELFARE,
        Subject.PROMOTION_AND_TRANSFERS,
        Subject.VEHICLES_AND_FUEL,
        Subject.STATIONS_AND_EQUIPMENT,
    ),
    Topic.OTHER: (
        Subject.HUMAN_WILDLIFE_CONFLICT,
        Subject.IDS_AND_CERTIFICATES,
        Subject.CLAN_CONFLICT_AND_EXTREMISM,
        Subject.ANYTHING_ELSE,
    ),
}
