"""Desks and seats, as an operator types them and reads them."""

from collections.abc import Iterable

from app.place_names import place_names
from app.settings import SettingRefused
from domain.desks.desk import NATIONAL, DeskKey
from domain.offices.office import Office
from domain.places.gazetteer import Gazetteer, OnePlace
from domain.staff.seat import read_seat


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


def desk_said(desk: DeskKey, gazetteer: Gazetteer) -> str:
    """Its name, then what commands call it."""
    names = place_names(gazetteer)
    return f"the desk of {names[desk]} ({desk})" if desk in names else f"the {desk} desk"


def seat_said(seat: DeskKey, gazetteer: Gazetteer, offices: Iterable[Office]) -> str:
    """Office and place by name, then what `staff list` calls the seat."""
    sits, places = read_seat(seat), place_names(gazetteer)
    office = [each.name for each in offices if each.key == sits.office]
    place = [places[sits.place]] if sits.place in places else []
    return f"{', '.join((*office, *place))} ({seat})"
