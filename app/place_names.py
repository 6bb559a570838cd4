"""Places by their keys, as cards and digests need them."""

from domain.places.county import CountyCode
from domain.places.gazetteer import Gazetteer


def county_codes(gazetteer: Gazetteer) -> dict[str, CountyCode]:
    """The county of each county code and area key."""
    return {
        str(place.key): county.code
        for county in gazetteer.counties()
        for place in county.with_areas()
    }


def place_names(gazetteer: Gazetteer) -> dict[str, str]:
    """County codes and area keys to names, and the national desk's."""
    counties = gazetteer.counties()
    names = {str(county.code): county.name for county in counties}
    return names | {str(area.key): area.name for county in counties for area in county.areas}
