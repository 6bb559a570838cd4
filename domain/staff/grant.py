"""Letting a new member in: a member who reads seals the desk's key to one who does not yet."""

from dataclasses import dataclass

from domain.desks.desk import DeskKey
from domain.errors import DomainError
from domain.ports.sealing import Custody, Session
from domain.ports.stores import Cases, Stores
from domain.staff.member import Member, MemberId, Role
from domain.staff.renew import take_up


class NewcomerUnknown(DomainError):
    """Nobody of that name waits: let in already, revoked, or another desk's."""

    key = "error.newcomer_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """`words`: six, to be compared with the newcomer's own by voice before granting."""

    member: MemberId
    desk: DeskKey
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    member: MemberId


async def newcomers(session: Session, *, stores: Stores, custody: Custody) -> tuple[Newcomer, ...]:
    async with stores.cases() as cases:
        waiting = await _waiting(cases, session)
    return tuple(
        Newcomer(member=member.id, desk=member.desk, words=custody.comparison_words(member))
        for member in waiting
    )


async def grant(
    compared: Newcomer, session: Session, *, stores: Stores, custody: Custody, update: int
) -> Granted:
    """Every generation of the desk's key, so that the newcomer reads what was there before.
    Who waits is asked once nobody comes or goes meanwhile: a revocation may have been quicker.

    Raises NewcomerUnknown (also when the certificate is not the one whose words were
    compared), KeyRefused.
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
            for key in await cases.staff.desk_keys(member.desk):
                await cases.staff.add_copy(session.grant(member, key))
            await cases.commit()
    return Granted(member=compared.member)


async def _waiting(cases: Cases, session: Session) -> list[Member]:
    return [
        member
        for desk in sorted(session.desks)
        for member in await cases.staff.members(desk)
        if member.role is Role.MODERATOR
        and not member.revoked
        and not await cases.staff.copies(member.id)
    ]
