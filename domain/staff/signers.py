"""Whose a desk's newest key is, and who certified it. Whoever was revoked can still sign, with a
seed they kept: only the register knows that they may not.
"""

from collections.abc import Callable
from contextlib import suppress

from domain.desks.desk import DeskKey
from domain.ports.sealing import Custody, KeyRefused, Suspect
from domain.ports.stores import Cases
from domain.staff.member import DeskPublic, MemberId


async def to_renew(cases: Cases, custody: Custody) -> frozenset[DeskKey]:
    """Desks whose newest key somebody held, or certified, who is no member any more; or that
    nobody holds.
    """
    newest = {key.desk: key for key in await cases.staff.desk_keys()}
    found = set(await cases.staff.exposed()) | (newest.keys() - await cases.staff.staffed())
    for desk, key in newest.items():
        with suppress(KeyRefused):
            if await _has_left(custody.signer(key), cases):
                found.add(desk)
    return frozenset(found)


async def refuse_if_planted(
    key: DeskPublic, signer: Callable[[DeskPublic], MemberId | None], cases: Cases
) -> None:
    """Whoever makes a generation holds it, and leaves a mark of it when revoked. Where nobody
    who left held this one, it was made after its signer had left.

    Raises KeyRefused.
    """
    if await _has_left(signer(key), cases) and key.desk not in await cases.staff.exposed():
        raise KeyRefused(Suspect.DESK)


async def _has_left(signer: MemberId | None, cases: Cases) -> bool:
    if signer is None:
        return False
    member = await cases.staff.member(signer)
    return member is None or member.revoked
