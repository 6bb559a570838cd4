"""Letting a new member in: a member who reads seals the desk's key to one who does not yet.

An older generation may be lost for ever (a desk that was opened again without it): whoever holds
the others lets people in all the same, and both are told. Lost is what nobody who reads holds; a
key that was swapped or forged is refused, as ever.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.desks.desk import DeskKey
from domain.errors import DomainError
from domain.ports.sealing import Custody, KeyRefused, Session, Suspect
from domain.ports.stores import Cases, Stores
from domain.staff.member import DeskPublic, Member, MemberId, Role
from domain.staff.renew import take_up


class NewcomerUnknown(DomainError):
    """Nobody of that name waits: let in already, revoked, or another desk's."""

    key = "error.newcomer_unknown"


class HeldByAnother(DomainError):
    """An older generation is not this member's to give, and another who reads has it."""

    key = "error.held_by_another"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """`words`: six, to be compared with the newcomer's own by voice before granting."""

    member: MemberId
    desk: DeskKey
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """`lost`: older generations that could not be given, as nobody who reads holds them."""

    member: MemberId
    lost: tuple[int, ...] = ()


async def newcomers(
    session: Session, *, stores: Stores, custody: Custody, heed: Callable[[DomainError], object]
) -> tuple[Newcomer, ...]:
    """Whom the root does not vouch for is heeded, shown to nobody, and keeps nobody waiting."""
    async with stores.cases() as cases:
        waiting = await _waiting(cases, session)
    found = []
    for member in waiting:
        try:
            custody.check_standing(member)
            words = custody.comparison_words(member)
        except KeyRefused as refused:
            heed(refused)
        else:
            found.append(Newcomer(member=member.id, desk=member.desk, words=words))
    return tuple(found)


async def grant(
    compared: Newcomer, session: Session, *, stores: Stores, custody: Custody, update: int
) -> Granted:
    """Every generation of the desk's key that is not lost, so that the newcomer reads what was
    there before. Who waits is asked once nobody comes or goes meanwhile: a revocation may have
    been quicker.

    Raises NewcomerUnknown (also when the certificate is not the one whose words were
    compared), HeldByAnother, KeyRefused.
    """
    async with stores.cases() as cases:
        if await cases.handled.add(update):
            await cases.staff.hold(compared.desk)
            waiting = {member.id: member for member in await _waiting(cases, session)}
            member = waiting.get(compared.member)
            if member is None or member.desk != compared.desk:
                raise NewcomerUnknown
            if custody.comparison_words(member) != compared.words:
                raise NewcomerUnknown
            await take_up(session, cases)
            for key in await _given(cases, session, custody, member.desk):
                await cases.staff.add_copy(session.grant(member, key))
            await cases.staff.add_untold(member.id)
            await cases.commit()
        keys = await cases.staff.desk_keys(compared.desk)
    lost = tuple(key.generation for key in keys if not _holds(session, key))
    return Granted(member=compared.member, lost=lost)


async def _given(
    cases: Cases, session: Session, custody: Custody, desk: DeskKey
) -> list[DeskPublic]:
    """1. Each key is believed, held or not: a forged one is never a lost one. 2. The newest is
    held. 3. What else is not held, nobody holds who reads.

    Raises KeyRefused, HeldByAnother.
    """
    keys = await cases.staff.desk_keys(desk)
    for key in keys:
        custody.check_desk(key)
    if not keys or not _holds(session, keys[-1]):
        raise KeyRefused(Suspect.COPY)
    missing = {key.generation for key in keys if not _holds(session, key)}
    if missing and missing & await _held_by_others(cases, session, keys):
        raise HeldByAnother
    return [key for key in keys if key.generation not in missing]


def _holds(session: Session, key: DeskPublic) -> bool:
    return (key.desk, key.generation) in session.generations


async def _held_by_others(cases: Cases, session: Session, keys: Sequence[DeskPublic]) -> set[int]:
    """Generations of whoever holds the newest too, and so could let people in."""
    newest, held = keys[-1], set[int]()
    for member in await cases.staff.members(newest.desk):
        if member.id != session.member and not member.revoked:
            copies = await cases.staff.copies(member.id)
            theirs = {copy.generation for copy in copies if copy.desk == newest.desk}
            held |= theirs if newest.generation in theirs else set()
    return held


async def _waiting(cases: Cases, session: Session) -> list[Member]:
    return [
        member
        for desk in sorted(session.desks)
        for member in await cases.staff.members(desk)
        if member.role is Role.MODERATOR
        and not member.revoked
        and not await cases.staff.copies(member.id)
    ]
