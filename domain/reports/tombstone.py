"""What is left of a report that is gone on purpose, so that its right code is told the truth."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.ledger.leaf import LeafHash


class Ending(StrEnum):
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """`leaf`: the report's intake leaf, which follows from its code. `month`: its first day;
    a day would tell too much of a report that nobody can open any more.
    """

    leaf: LeafHash
    ending: Ending
    month: date
