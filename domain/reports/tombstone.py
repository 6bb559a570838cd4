"""What is left of a report that is gone on purpose, so that its right code is told the truth."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.ledger.leaf import LeafHash


class Ending(StrEnum):
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """`leaf`: the report's intake leaf, which follows from its code. `month`: its first day;
    a day would tell too much of a report that nobody can open any more. `proof`: of one that
    was withdrawn, what only its code gives, so that nobody without the code makes it up.
    """

    leaf: LeafHash
    ending: Ending
    month: date
    proof: bytes = field(default=b"", repr=False)
