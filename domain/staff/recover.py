"""A desk that lost all its members, opened again: the recovery key's copies are sealed to one
new member, whose link the root made for that. From then on it is their desk: old reports open,
and the next ones are let in by them as ever.

Its generations may be sealed to keys of several sets of custodians, who come one after the other.
"""

from dataclasses import dataclass

from domain.desks.desk import DeskKey
from domain.ports.recovery import RecoveredKey
from domain.ports.sealing import Custody, KeyRefused
from domain.ports.stores import Cases, Stores
from domain.staff.grant import NewcomerUnknown
from domain.staff.member import DeskCopy, DeskPublic, Member, MemberId, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """`opened`: generations that this key gave the member. `lost`: those that nobody holds, as
    their copy is missing, forged or another key's; `newest_lost`: the newest is one of them.
    """

    member: MemberId
    opened: tuple[int, ...]
    lost: tuple[int, ...]
    newest_lost: bool = False


async def lost_generations(cases: Cases, desk: DeskKey) -> tuple[int, ...]:
    """Of the desk's key: those that nobody holds. With the recovery key they may open yet."""
    held = {
        copy.generation
        for member in await cases.staff.members(desk)
        if not member.revoked
        for copy in await cases.staff.copies(member.id)
        if copy.desk == desk
    }
    keys = await cases.staff.desk_keys(desk)
    return tuple(key.generation for key in keys if key.generation not in held)


async def reopen(
    desk: DeskKey, words: str, key: RecoveredKey, *, stores: Stores, custody: Custody
) -> Reopened:
    """`words`: the six that the new member reads aloud, in any spelling of the spaces: who
    holds other keys is not let in. In one transaction; again is harmless.

    Raises NewcomerUnknown.
    """
    async with stores.cases() as cases:
        await cases.staff.hold(desk)
        member = await _waiting(cases, desk, words, key, custody)
        new = not await cases.staff.copies(member.id)
        copies = {
            copy.generation: copy for copy in await cases.staff.copies(None) if copy.desk == desk
        }
        keys, opened = await cases.staff.desk_keys(desk), []
        for public in keys:
            admitted = _admitted(member, public, copies.get(public.generation), key)
            if admitted is not None:
                await cases.staff.add_copy(admitted)
                opened.append(public.generation)
        if opened and new:
            await cases.staff.add_untold(member.id)
        lost = await lost_generations(cases, desk)
        await cases.commit()
    return Reopened(
        member=member.id,
        opened=tuple(opened),
        lost=lost,
        newest_lost=bool(keys) and keys[-1].generation in lost,
    )


def _admitted(
    member: Member, public: DeskPublic, copy: DeskCopy | None, key: RecoveredKey
) -> DeskCopy | None:
    try:
        return key.admit(member, public, copy) if copy else None
    except KeyRefused:
        return None


async def _waiting(
    cases: Cases, desk: DeskKey, words: str, key: RecoveredKey, custody: Custody
) -> Member:
    """Where somebody reads, they let others in: then it is one whom they let in, or who was here
    before them.
    """
    newest = await cases.staff.newest_key(desk) if desk in await cases.staff.staffed() else None
    for member in await cases.staff.members(desk):
        may = member.role is Role.MODERATOR and not member.revoked and key.may_reopen(member)
        if may and _letters("".join(custody.comparison_words(member))) == _letters(words):
            held = {copy.generation for copy in await cases.staff.copies(member.id)}
            if newest is None or newest.generation in held:
                return member
    raise NewcomerUnknown


def _letters(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalpha())
