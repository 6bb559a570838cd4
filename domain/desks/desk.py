"""Desks, and the rule of which one reads a report."""

from collections.abc import Collection
from typing import NewType

from domain.errors import DomainError
from domain.places.county import AreaKey, CountyCode
from domain.reports.wishes import KeptOut

DeskKey = NewType("DeskKey", str)
"""`national`, a county's code ("022") or a Nairobi area ("nairobi-west")."""

NATIONAL = DeskKey("national")


class NobodyReads(DomainError):
    """No desk has a moderator yet: words would lie unread, so none are taken."""

    key = "error.nobody_reads"


class DeskUnknown(DomainError):
    key = "error.desk_unknown"


def desk_for(
    county: CountyCode,
    area: AreaKey | None,
    kept_out: Collection[KeptOut],
    staffed: Collection[DeskKey],
) -> DeskKey:
    """The desk that reads: the place's own if it is staffed and nobody is kept out,
    else the national desk. Raises NobodyReads when that is not staffed either.
    """
    local = DeskKey(area or county)
    chosen = local if local in staffed and not kept_out else NATIONAL
    if chosen not in staffed:
        raise NobodyReads
    return chosen
