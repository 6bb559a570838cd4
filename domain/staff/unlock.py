"""`/unlock`: passphrase and share together give a session, in memory."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from domain.desks.desk import DeskKey
from domain.errors import DomainError
from domain.moderation.sessions import Sessions
from domain.ports.sealing import Custody
from domain.ports.stores import Stores, Wanted
from domain.ports.world import Clock
from domain.staff.grant import newcomers
from domain.staff.member import MemberId


class NotLetInYet(DomainError):
    """Enrolled, but no member of the desk has granted a copy of its key."""

    key = "error.not_let_in_yet"


class Revoked(DomainError):
    key = "error.revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    """`waiting`: free reports at this member's desks; `newcomers`: people to let in."""

    desks: frozenset[DeskKey]
    waiting: int
    newcomers: int


async def unlock(
    member_id: MemberId,
    passphrase: str,
    share: bytes,
    *,
    chat: int,
    stores: Stores,
    custody: Custody,
    sessions: Sessions,
    clock: Clock,
    heed: Callable[[DomainError], object],
) -> Unlocked:
    """A slow passphrase leaves time to be revoked, so that is asked again once it was tried. What
    was opened is wiped wherever it does not become a session. `heed`: newcomers whose rows are
    not of the root.

    Raises PassphraseRefused, NotLetInYet, Revoked, KeyRefused.
    """
    async with stores.cases() as cases:
        member = await cases.staff.member(member_id)
        if member is None or member.revoked:
            raise Revoked
        copies = tuple(await cases.staff.copies(member_id))
        keys = tuple(await cases.staff.desk_keys())
    session = await custody.unlock(member, passphrase, share, keys, copies)
    with ExitStack() as refused:
        refused.callback(session.wipe)
        if not session.desks:
            raise NotLetInYet
        pending = await newcomers(session, stores=stores, custody=custody, heed=heed)
        async with stores.cases() as cases:
            waiting = await cases.reports.count_waiting(Wanted(desks=session.desks, free=True))
            now = await cases.staff.member(member_id)
            if now is None or now.revoked:
                raise Revoked
        sessions.open(session, chat, clock.now())
        refused.pop_all()
    return Unlocked(desks=session.desks, waiting=waiting, newcomers=len(pending))
