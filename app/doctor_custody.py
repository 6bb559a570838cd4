"""What `doctor` says of those who read: whose key was swapped, what was not made anew, where
somebody reads alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.finding import Finding, green, red, yellow
from app.wiring import House
from domain.desks.desk import NATIONAL, DeskKey
from domain.ports.sealing import KeyRefused
from domain.staff.member import DeskCopy, DeskPublic, Holder, Member
from domain.staff.signers import to_renew

ENOUGH = 3
"""Members the national desk should have: two keys, and one who may be away."""

SHORT = 8
"""Digits of a member's id, as `sauti staff list` shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """As the rows say; nothing of it is believed yet."""

    members: Sequence[Member]
    keys: Sequence[DeskPublic]
    copies: Mapping[Member, Sequence[DeskCopy]]
    recovery: frozenset[tuple[DeskKey, int]]
    exposed: frozenset[DeskKey]
    sealed_to: frozenset[tuple[DeskKey, int]]

    def readers(self, desk: DeskKey) -> list[Member]:
        """Who holds a copy of one of its keys."""
        return [
            member
            for member, copies in self.copies.items()
            if any(copy.desk == desk for copy in copies)
        ]


async def look_at_custody(house: House) -> list[Finding]:
    kept = await _kept(house)
    wrong = [*_swapped(house, kept), *_missing(kept)]
    if not wrong:
        wrong = [green("every key follows from the root, and no generation is missing")]
    return [*wrong, _national(kept), *_alone(kept)]


async def _kept(house: House) -> Kept:
    async with house.stores.cases() as cases:
        members = [each for each in await cases.staff.members() if not each.revoked]
        return Kept(
            members=members,
            keys=await cases.staff.desk_keys(),
            copies={each: await cases.staff.copies(each.id) for each in members},
            recovery=frozenset(
                (copy.desk, copy.generation) for copy in await cases.staff.copies(None)
            ),
            exposed=await to_renew(cases, house.custody),
            sealed_to=await cases.reports.generations(),
        )


def _swapped(house: House, kept: Kept) -> list[Finding]:
    found = []
    for member in kept.members:
        try:
            house.custody.check_standing(member)
            for copy in kept.copies[member]:
                house.custody.check_holder(Holder(member=member, copy=copy))
        except KeyRefused as refused:
            short = member.id.hex()[:SHORT]
            found.append(
                red(f"{member.role} {short} of {member.desk}: {refused.suspect} not of the root")
            )
    for key in kept.keys:
        try:
            house.custody.check_desk(key)
        except KeyRefused:
            found.append(
                red(f"desk {key.desk}, generation {key.generation}: the key was swapped or forged")
            )
    return found


def _missing(kept: Kept) -> list[Finding]:
    """A generation that was not made yet, or that somebody took away."""
    there = {(key.desk, key.generation) for key in kept.keys}
    newest = {key.desk: key.generation for key in kept.keys}
    every = {(desk, one) for desk, last in newest.items() for one in range(1, last + 1)}
    return [
        *(
            red(f"desk {desk} needs a new key: who held or made it has left. A member must unlock")
            for desk in sorted(kept.exposed)
        ),
        *(
            red(f"desk {desk}: generation {generation} of its key is gone")
            for desk, generation in sorted((every | kept.sealed_to) - there)
        ),
        *(
            red(f"desk {desk}, generation {generation}: no copy for the recovery key")
            for desk, generation in sorted(there - kept.recovery)
        ),
        *(
            red(f"moderator {member.id.hex()[:SHORT]} of {desk}: no copy of every generation")
            for desk in sorted(newest)
            for member in kept.readers(desk)
            if {copy.generation for copy in kept.copies[member]}
            != {one for of, one in there if of == desk}
        ),
    ]


def _national(kept: Kept) -> Finding:
    reading = len(kept.readers(NATIONAL))
    if not reading:
        return red("nobody reads at the national desk: no report is taken until somebody does")
    if reading < ENOUGH:
        return yellow(f"the national desk has {reading} of at least {ENOUGH} moderators who read")
    return green(f"{reading} moderators read at the national desk")


def _alone(kept: Kept) -> list[Finding]:
    """If they fall ill or are threatened, nobody else can open what they read."""
    desks = {key.desk for key in kept.keys} - {NATIONAL}
    reading = {desk: len(kept.readers(desk)) for desk in sorted(desks)}
    said = {
        0: "nobody reads there any more; its reports wait for the custodians",
        1: "one moderator reads alone there",
    }
    return [yellow(f"desk {desk}: {said[many]}") for desk, many in reading.items() if many in said]
