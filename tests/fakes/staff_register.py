"""Invites, members, desk keys and their copies, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.desks.desk import DeskKey
from domain.ports.stores import Changed
from domain.staff.member import DeskCopy, DeskPublic, Invite, InviteId, Member, MemberId
from tests.fakes.store_work import (
    CasesTables,
    FakeWork,
    add,
)


@dataclass(frozen=True, slots=True)
class FakeStaffRegister:
    work: FakeWork[CasesTables]

    async def add_invite(self, invite: Invite) -> None:
        add((await self.work.changed()).invites, invite.id, invite)

    async def invite(self, invite: InviteId) -> Invite | None:
        return self.work.seen.invites.get(invite)

    async def founding_invite(self, desk: DeskKey, today: date) -> InviteId | None:
        out = (
            invite.id
            for invite in self.work.seen.invites.values()
            if invite.desk == desk
            and invite.founding
            and not invite.used
            and invite.expires >= today
        )
        return next(out, None)

    async def use_invite(self, invite: InviteId) -> None:
        invites = (await self.work.changed()).invites
        if invite not in invites or invites[invite].used:
            raise Changed
        invites[invite] = replace(invites[invite], used=True)

    async def drop_invites(self, today: date) -> int:
        tables = await self.work.changed()
        over = [k for k, row in tables.invites.items() if not row.used and row.expires < today]
        for invite in over:
            del tables.invites[invite]
        return len(over)

    async def add_member(self, member: Member) -> None:
        add((await self.work.changed()).members, member.id, member)

    async def member(self, member: MemberId) -> Member | None:
        return self.work.seen.members.get(member)

    async def members(self, desk: DeskKey | None = None) -> Sequence[Member]:
        found = (m for m in self.work.seen.members.values() if desk in {None, m.desk})
        return sorted(found, key=lambda member: (member.desk, member.id))

    async def revoke(self, member: MemberId) -> None:
        tables = await self.work.changed()
        if member in tables.members:
            tables.members[member] = replace(tables.members[member], revoked=True, wrapped_seed=b"")
        tables.copies = {
            key: replace(row, sealed=b"") if row.member == member else row
            for key, row in tables.copies.items()
        }
        tables.untold.discard(member)

    async def rewrap(self, member: MemberId, before: bytes, after: bytes) -> None:
        members = (await self.work.changed()).members
        row = members.get(member)
        if row is None or row.revoked or row.wrapped_seed != before:
            raise Changed
        members[member] = replace(row, wrapped_seed=after)

    async def hold(self, desk: DeskKey) -> None:
        """To change anything is to hold everything here."""
        assert desk
        await self.work.changed()

    async def exposed(self) -> frozenset[DeskKey]:
        gone = {m.id for m in self.work.seen.members.values() if m.revoked}
        return frozenset(copy.desk for copy in await self._newest() if copy.member in gone)

    async def add_desk_key(self, key: DeskPublic) -> None:
        add((await self.work.changed()).keys, (key.desk, key.generation), key)

    async def desk_keys(self, desk: DeskKey | None = None) -> Sequence[DeskPublic]:
        found = (key for key in self.work.seen.keys.values() if desk in {None, key.desk})
        return sorted(found, key=lambda key: (key.desk, key.generation))

    async def newest_key(self, desk: DeskKey) -> DeskPublic | None:
        return max(await self.desk_keys(desk), key=lambda key: key.generation, default=None)

    async def add_copy(self, copy: DeskCopy) -> None:
        (await self.work.changed()).copies[copy.desk, copy.generation, copy.member] = copy

    async def copies(self, member: MemberId | None) -> Sequence[DeskCopy]:
        return [copy for copy in self._held(member) if copy.sealed]

    async def held(self, member: MemberId) -> Sequence[DeskCopy]:
        return self._held(member)

    def _held(self, member: MemberId | None) -> list[DeskCopy]:
        found = (copy for copy in self.work.seen.copies.values() if copy.member == member)
        return sorted(found, key=lambda copy: (copy.desk, copy.generation))

    async def add_untold(self, member: MemberId) -> None:
        (await self.work.changed()).untold.add(member)

    async def untold(self) -> Sequence[MemberId]:
        reading = {m.id for m in self.work.seen.members.values() if not m.revoked}
        return sorted(self.work.seen.untold & reading)

    async def drop_untold(self, member: MemberId) -> None:
        (await self.work.changed()).untold.discard(member)

    async def staffed(self) -> frozenset[DeskKey]:
        reading = {m.id for m in self.work.seen.members.values() if not m.revoked}
        return frozenset(
            copy.desk for copy in await self._newest() if copy.member in reading and copy.sealed
        )

    async def _newest(self) -> Sequence[DeskCopy]:
        newest = {key.desk: key.generation for key in await self.desk_keys()}
        copies = self.work.seen.copies.values()
        return [copy for copy in copies if copy.generation == newest.get(copy.desk)]
