"""A desk's key made anew, once somebody who held it has left.

Whoever is revoked loses their copies at once. If they had kept what those open, they would
read on, so the next unlocked member of the desk makes the next generation: new reports are
sealed to it, old ones stay with those who remain. Until then `doctor` is red.

A newest generation that nobody holds, as where a desk was opened again without it, is lost: then
whoever reads an older one makes the next, so that the desk takes reports and lets people in.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from domain.desks.desk import DeskKey
from domain.errors import DomainError
from domain.moderation.sessions import Sessions
from domain.ports.sealing import Custody, KeyRefused, Session, Suspect
from domain.ports.stores import Cases, Stores
from domain.ports.world import Clock
from domain.staff.member import Holder, MemberId, Role
from domain.staff.signers import to_renew


async def take_up(session: Session, cases: Cases) -> None:
    """What was made or granted since this member unlocked. Raises KeyRefused."""
    copies = await cases.staff.copies(session.member)
    if any((copy.desk, copy.generation) not in session.generations for copy in copies):
        session.take_up(await cases.staff.desk_keys(), copies)


@dataclass(slots=True, kw_only=True)
class Renewing:
    """Lives in the process in which moderators unlock. `named`: what an alarm was raised
    for already, so that it is raised once.
    """

    stores: Stores
    custody: Custody
    sessions: Sessions
    clock: Clock
    heed: Callable[[DomainError], object]
    named: set[tuple[MemberId, DeskKey]] = field(default_factory=set)

    async def run(self) -> int:
        """How many generations were made."""
        made = 0
        for session in self.sessions.unlocked(self.clock.now()):
            try:
                async with self.stores.cases() as cases:
                    await take_up(session, cases)
                    exposed = await to_renew(cases, self.custody) & session.desks
                for desk in sorted(exposed):
                    made += await self._renewed(desk, session)
            except KeyRefused as refused:
                self._name(session.member, DeskKey(""), refused)
        return made

    async def _renewed(self, desk: DeskKey, session: Session) -> int:
        """1. Nobody comes, goes or renews meanwhile. 2. Is it needed still, and may this
        member, who holds what they make? 3. The next generation, to whoever reads now. 4. All
        of it, or nothing.
        """
        async with self.stores.cases() as cases:
            await cases.staff.hold(desk)
            member = await cases.staff.member(session.member)
            newest = await cases.staff.newest_key(desk)
            needed = desk in await to_renew(cases, self.custody)
            if not needed or newest is None or member is None or member.revoked:
                return 0
            await take_up(session, cases)
            holders = await self._holders(cases, desk, newest.generation)
            if session.member not in {holder.member.id for holder in holders}:
                raise KeyRefused(Suspect.COPY)
            renewed = session.renew(newest, holders)
            await cases.staff.add_desk_key(renewed.key)
            for copy in renewed.copies:
                await cases.staff.add_copy(copy)
            await cases.commit()
        async with self.stores.cases() as cases:
            await take_up(session, cases)
        return 1

    async def _holders(self, cases: Cases, desk: DeskKey, generation: int) -> list[Holder]:
        """Whoever reads the newest generation; where nobody does, whoever reads any, by the newest
        they have. Whom the root does not vouch for gets nothing, and does not keep the others
        from it; nor do they make it (`_renewed`), as nobody might hold what they made.
        """
        read = desk in await cases.staff.staffed()
        holders = []
        for member in await cases.staff.members(desk):
            if member.role is not Role.MODERATOR or member.revoked:
                continue
            copies = [copy for copy in await cases.staff.copies(member.id) if copy.desk == desk]
            for copy in copies[-1:]:
                if read and copy.generation != generation:
                    continue
                holder = Holder(member=member, copy=copy)
                try:
                    self.custody.check_holder(holder)
                except KeyRefused as refused:
                    self._name(member.id, desk, refused)
                else:
                    holders.append(holder)
        return holders

    def _name(self, member: MemberId, desk: DeskKey, refused: KeyRefused) -> None:
        if (member, desk) not in self.named:
            self.named.add((member, desk))
            self.heed(refused)
