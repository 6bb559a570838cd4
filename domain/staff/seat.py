"""Where an officer sits: a place, and the office they hold there, if any. Kept as text in the
member's `desk`, so that their certificate signs it.
"""

from dataclasses import dataclass

from domain.desks.desk import NATIONAL, DeskKey
from domain.errors import DomainError
from domain.offices.office import OfficeKey

BETWEEN = "/"


class SeatRefused(DomainError):
    """No such seat: an office of the whole country has no county, a county's has one."""

    key = "error.seat_refused"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Seat:
    """`place`: a county's code, an area's key, or `national`. Without an office: the officer
    of the place as a whole.
    """

    place: str
    office: OfficeKey | None = None

    def text(self) -> DeskKey:
        """Like `021`, `nairobi-north`, `021/county_police`, `national/ipoa`."""
        return DeskKey(BETWEEN.join((self.place, *((self.office,) if self.office else ()))))


def read_seat(text: str) -> Seat:
    """Raises SeatRefused."""
    place, between, office = text.partition(BETWEEN)
    if not place or bool(between) != bool(office) or BETWEEN in office:
        raise SeatRefused
    if place == NATIONAL and not office:
        raise SeatRefused
    return Seat(place=place, office=OfficeKey(office) if office else None)
