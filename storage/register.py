"""The staff register once a *cases* was restored: nobody who was revoked since is a member again.

What may be done is not undone. Where the store that is replaced still knows it, every revocation,
every later member, generation and copy, the newest passphrase, and who is to be told that they
were let in, are carried over; a link that was used since is not used again. Where it does not know
each member of the backup, somebody must say who was revoked, and every link that was out is ended.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Keys = tuple[Any, ...]

KEYED_BY: Mapping[str, tuple[str, ...]] = {
    "invite": ("id",),
    "member": ("id",),
    "desk_key": ("desk", "generation"),
    "desk_copy": ("desk", "generation", "holder"),
    "untold": ("member",),
}
"""The tables of the register, and what their rows are known by."""


class RegisterLost(Exception):
    """Members would come back, and nothing here says who was revoked since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Of the store that was replaced. `refused`: generations that do not follow from the root."""

    revoked: int
    members: int
    generations: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """`revoked`: named by whoever restores; None if nobody was asked. `vouched`: whether a
    desk's key follows from the root. `newer`: whether the store that is replaced is the later.
    """

    backup: Mapping[str, Sequence[Row]]
    here: Mapping[str, Sequence[Row]]
    revoked: frozenset[bytes] | None
    vouched: Callable[[Row], bool]
    newer: bool

    def joined(self) -> tuple[dict[str, list[Row]], Kept]:
        """Raises RegisterLost."""
        members = self._both("member")
        gone = {
            row["id"] for row in (*self.backup["member"], *self.here["member"]) if row["revoked"]
        }
        if self._lost and self.revoked is None and any(key[0] not in gone for key in members):
            raise RegisterLost
        gone |= self.revoked or set()
        keys = self._of(self.backup, "desk_key")
        later = {key: row for key, row in self._both("desk_key").items() if key not in keys}
        kept = {key: row for key, row in later.items() if self.vouched(row)}
        there = keys | kept
        copies = [
            self._copy(key, row, gone)
            for key, row in self._both("desk_copy").items()
            if key[:2] in there and self._is_of(key, there[key[:2]])
        ]
        rows = {
            "invite": self._invites(),
            "member": [self._member(row, gone) for row in members.values()],
            "desk_key": [*keys.values(), *kept.values()],
            "desk_copy": copies,
            "untold": self._untold(_let_in(copies)),
        }
        then = {row["id"] for row in self.backup["member"] if not row["revoked"]}
        return rows, Kept(
            revoked=len(then & gone),
            members=len(members) - len(self.backup["member"]),
            generations=len(kept),
            refused=len(later) - len(kept),
        )

    @property
    def _lost(self) -> bool:
        """Nobody here says who was revoked since. Members are never taken out: a store that does
        not know them all is not what came after the backup.
        """
        known = {row["id"] for row in self.here["member"]}
        then = {row["id"] for row in self.backup["member"] if not row["revoked"]}
        return not known or not then <= known

    def _member(self, row: Row, gone: set[bytes]) -> Row:
        if row["id"] in gone:
            return {**row, "revoked": True, "wrapped_seed": b""}
        here = self._of(self.here, "member").get((row["id"],))
        if here is not None and self.newer and here["wrapped_seed"]:
            return {**row, "wrapped_seed": here["wrapped_seed"]}
        return row

    def _is_of(self, copy: Keys, generation: Row) -> bool:
        """Two that founded a desk have each a generation of that number. A copy of the other one
        would open nothing, and keep its holder out: without it they wait to be let in.
        """
        if copy in self._of(self.backup, "desk_copy"):
            return True
        there = self._of(self.here, "desk_key").get(copy[:2])
        return there is not None and there["public"] == generation["public"]

    def _copy(self, key: Keys, row: Row, gone: set[bytes]) -> Row:
        """An empty one is the mark of whoever was revoked, and stays it. By the standing they
        signed what they did: where one of the two stores has it, it is kept.
        """
        both = [
            found
            for side in (self.backup, self.here)
            if (found := self._of(side, "desk_copy").get(key)) is not None
        ]
        if key[2] and (key[2] in gone or any(not each["sealed"] for each in both)):
            standing = next((each["standing"] for each in both if each["standing"]), b"")
            return {**row, "sealed": b"", "standing": standing}
        return row

    def _untold(self, readers: set[bytes]) -> list[Row]:
        """Of those who read, unless the later of the two stores let them in and told them. Who
        was told by the other alone is told twice, and nobody not at all.
        """
        later = self.here if self.newer else self.backup
        told = _let_in(later["desk_copy"]) - {row["member"] for row in later["untold"]}
        return [row for (member,), row in self._both("untold").items() if member in readers - told]

    def _invites(self) -> list[Row]:
        """Whoever used a link once must not use it again, revoked or not."""
        here = self._of(self.here, "invite")
        used = {key for key, row in here.items() if row["used"]}
        return [
            {**row, "used": row["used"] or key in used}
            for key, row in self._both("invite").items()
            if row["used"] or (key in here and not self._lost)
        ]

    def _both(self, table: str) -> dict[Keys, Row]:
        """As the backup has it, where both do: what somebody changed by hand is mended."""
        return self._of(self.here, table) | self._of(self.backup, table)

    def _of(self, side: Mapping[str, Sequence[Row]], table: str) -> dict[Keys, Row]:
        return {tuple(row[name] for name in KEYED_BY[table]): row for row in side[table]}


def _let_in(copies: Sequence[Row]) -> set[bytes]:
    return {row["holder"] for row in copies if row["holder"] and row["sealed"]}
