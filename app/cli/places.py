"""A desk, as an operator types it."""

from app.settings import SettingRefused
from domain.desks.desk import NATIONAL, DeskKey
from domain.places.gazetteer import Gazetteer, OnePlace


def desk_named(typed: str, gazetteer: Gazetteer) -> DeskKey:
    """Spelt as people spell counties. Raises SettingRefused."""
    wanted = typed.strip().lower()
    if wanted == NATIONAL:
        return NATIONAL
    keys = {place.key for county in gazetteer.counties() for place in county.with_areas()}
    if wanted in keys:
        return DeskKey(wanted)
    match gazetteer.find(typed):
        case OnePlace(place=place):
            return DeskKey(place.key)
        case _:
            message = f"{typed!r} is no desk; say national, a county or nairobi-north|east|west"
            raise SettingRefused(message)
