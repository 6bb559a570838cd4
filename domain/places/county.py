"""Counties and what lies in them, as the Constitution and the IEBC number them."""

from dataclasses import dataclass
from typing import NewType

CountyCode = NewType("CountyCode", str)
"""Three digits in the order of the Constitution's First Schedule: "047" is Nairobi."""

AreaKey = NewType("AreaKey", str)
"""A part of a county with a desk of its own: "nairobi-north"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Constituency:
    code: str
    name: str
    wards: tuple[Ward, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """`units` are the names the gazette notice lists: constituencies, and Njiru."""

    key: AreaKey
    name: str
    headquarters: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a report belongs: a county, or one of its areas if that is known."""

    county: CountyCode
    area: AreaKey | None = None
    name: str

    @property
    def key(self) -> str:
        """The county's code, or "nairobi-west" where the area is known."""
        return self.area or self.county


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """`towns` and `aliases` are what people type instead of the county's name."""

    code: CountyCode
    name: str
    official_name: str
    capital: str
    population_2019: int
    constituencies: tuple[Constituency, ...]
    areas: tuple[Area, ...] = ()
    towns: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """The county as a whole."""
        return Place(county=self.code, name=self.name)

    def with_areas(self) -> tuple[Place, ...]:
        """The county as a whole, then each of its areas."""
        return (self.place, *map(self.place_in, self.areas))

    def place_in(self, area: Area) -> Place:
        return Place(county=self.code, area=area.key, name=area.name)
