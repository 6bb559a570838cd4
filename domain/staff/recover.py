"""A desk that lost all its members, opened again: the recovery key's copies are sealed to one
new member, whose link the root made for that. From then on it is their desk: old reports open,
and the next ones are let in by them as ever.
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
    """`opened`: generations the member reads now. `lost`: those whose copy is missing or opens
    nothing: somebody wrote to the database.
    """

    member: MemberId
    opened: tuple[int, ...]
    lost: tuple[int, ...]


async def unread_desks(cases: Cases) -> frozenset[DeskKey]:
    """Desks that have a key, and nobody who holds the newest."""
    known = frozenset(key.desk for key in await cases.staff.desk_keys())
    return known - await cases.staff.staffed()


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
        copies = {
            copy.generation: copy for copy in await cases.staff.copies(None) if copy.desk == desk
        }
        opened, lost = [], []
        for public in await cases.staff.desk_keys(desk):
            admitted = _admitted(member, public, copies.get(public.generation), key)
            if admitted is None:
                lost.append(public.generation)
            else:
                await cases.staff.add_copy(admitted)
                opened.append(public.generation)
        if opened:
            await cases.staff.add_untold(member.id)
        await cases.commit()
    return Reopened(member=member.id, opened=tuple(opened), lost=tuple(lost))


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
    for member in await cases.staff.members(desk):
        may = member.role is Role.MODERATOR and not member.revoked and key.may_reopen(member)
        if may and _letters("".join(custody.comparison_words(member))) == _letters(words):
            return member
    raise NewcomerUnknown


def _letters(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalpha())
