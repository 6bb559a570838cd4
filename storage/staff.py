"""Invites, members and desk keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.desks.desk import DeskKey
from domain.ports.stores import Changed
from domain.staff.member import (
    DeskCopy,
    DeskPublic,
    Invite,
    InviteId,
    Member,
    MemberId,
    Role,
)
from storage.tables.metadata import table_of
from storage.tables.staff import DeskCopyRow, DeskKeyRow, InviteRow, MemberRow, UntoldRow
from storage.writing import insert_once, put

INVITE = table_of(InviteRow)
MEMBER = table_of(MemberRow)
KEY = table_of(DeskKeyRow)
COPY = table_of(DeskCopyRow)
UNTOLD = table_of(UntoldRow)


def _newest_held_by(*who: ColumnElement[bool]) -> Select[str]:
    newest = (
        select(KEY.c.desk, func.max(KEY.c.generation).label("generation"))
        .group_by(KEY.c.desk)
        .subquery()
    )
    of_newest = and_(COPY.c.desk == newest.c.desk, COPY.c.generation == newest.c.generation)
    held = select(COPY.c.desk).join(newest, of_newest)
    return held.join(MEMBER, MEMBER.c.id == COPY.c.holder).where(*who)


# Asked at every *Send*: built once.
STAFFED = _newest_held_by(MEMBER.c.revoked.is_(False), COPY.c.sealed != b"")
EXPOSED = _newest_held_by(MEMBER.c.revoked.is_(True))


@dataclass(frozen=True, slots=True)
class SqlStaffRegister:
    connection: AsyncConnection

    async def add_invite(self, invite: Invite) -> None:
        """Raises Changed when it is there already."""
        await self._insert(
            INVITE,
            id=invite.id,
            role=invite.role.value,
            desk=invite.desk,
            founding=invite.founding,
            expires=invite.expires,
            certificate=invite.certificate,
            used=invite.used,
        )

    async def invite(self, invite: InviteId) -> Invite | None:
        row = await self._first(select(INVITE).where(INVITE.c.id == invite))
        if row is None:
            return None
        return Invite(
            id=InviteId(row["id"]),
            role=Role(row["role"]),
            desk=DeskKey(row["desk"]),
            founding=row["founding"],
            expires=row["expires"],
            certificate=row["certificate"],
            used=row["used"],
        )

    async def founding_invite(self, desk: DeskKey, today: date) -> InviteId | None:
        found = await self.connection.execute(
            select(INVITE.c.id)
            .where(
                INVITE.c.desk == desk,
                INVITE.c.founding.is_(True),
                INVITE.c.used.is_(False),
                INVITE.c.expires >= today,
            )
            .limit(1)
        )
        row = found.first()
        return InviteId(row[0]) if row else None

    async def use_invite(self, invite: InviteId) -> None:
        """Raises Changed."""
        used = await self.connection.execute(
            update(INVITE).where(INVITE.c.id == invite, INVITE.c.used.is_(False)).values(used=True)
        )
        if used.rowcount != 1:
            raise Changed

    async def drop_invites(self, today: date) -> int:
        gone = await self.connection.execute(
            delete(INVITE).where(INVITE.c.used.is_(False), INVITE.c.expires < today)
        )
        return gone.rowcount

    async def add_member(self, member: Member) -> None:
        """Raises Changed when the id is taken."""
        await self._insert(
            MEMBER,
            id=member.id,
            role=member.role.value,
            desk=member.desk,
            sealing_public=member.sealing_public,
            signing_public=member.signing_public,
            certificate=member.certificate,
            wrapped_seed=member.wrapped_seed,
            revoked=member.revoked,
        )

    async def member(self, member: MemberId) -> Member | None:
        row = await self._first(select(MEMBER).where(MEMBER.c.id == member))
        return _member(row) if row else None

    async def members(self, desk: DeskKey | None = None) -> Sequence[Member]:
        """By desk, then id."""
        query = select(MEMBER)
        if desk is not None:
            query = query.where(MEMBER.c.desk == desk)
        found = [_member(row) for row in (await self.connection.execute(query)).mappings()]
        return sorted(found, key=lambda member: (member.desk, member.id))

    async def revoke(self, member: MemberId) -> None:
        """Of a copy there stay whose it was, of which generation, and the standing: what they
        signed while they were let in is theirs still.
        """
        await self.connection.execute(
            update(MEMBER).where(MEMBER.c.id == member).values(revoked=True, wrapped_seed=b"")
        )
        await self.connection.execute(
            update(COPY).where(COPY.c.holder == member).values(sealed=b"")
        )
        await self.drop_untold(member)

    async def rewrap(self, member: MemberId, before: bytes, after: bytes) -> None:
        """Raises Changed."""
        done = await self.connection.execute(
            update(MEMBER)
            .where(
                MEMBER.c.id == member,
                MEMBER.c.wrapped_seed == before,
                MEMBER.c.revoked.is_(False),
            )
            .values(wrapped_seed=after)
        )
        if done.rowcount != 1:
            raise Changed

    async def hold(self, desk: DeskKey) -> None:
        """Writes its rows as they are: the other waits, on either database."""
        await self.connection.execute(
            update(KEY).where(KEY.c.desk == desk).values(generation=KEY.c.generation)
        )

    async def exposed(self) -> frozenset[DeskKey]:
        return await self._desks(EXPOSED)

    async def add_desk_key(self, key: DeskPublic) -> None:
        """Raises Changed when the desk has a key of this generation."""
        await self._insert(
            KEY,
            desk=key.desk,
            generation=key.generation,
            public=key.public,
            certificate=key.certificate,
        )

    async def desk_keys(self, desk: DeskKey | None = None) -> Sequence[DeskPublic]:
        """By desk, then generation; sorted here, as databases differ in how they order
        a hyphen.
        """
        query = select(KEY)
        if desk is not None:
            query = query.where(KEY.c.desk == desk)
        found = [_key(row) for row in (await self.connection.execute(query)).mappings()]
        return sorted(found, key=lambda key: (key.desk, key.generation))

    async def newest_key(self, desk: DeskKey) -> DeskPublic | None:
        query = select(KEY).where(KEY.c.desk == desk).order_by(KEY.c.generation.desc()).limit(1)
        row = await self._first(query)
        return _key(row) if row else None

    async def add_copy(self, copy: DeskCopy) -> None:
        await put(
            self.connection,
            COPY,
            {
                "desk": copy.desk,
                "generation": copy.generation,
                "holder": copy.member or b"",
                "sealed": copy.sealed,
                "standing": copy.standing,
            },
        )

    async def copies(self, member: MemberId | None) -> Sequence[DeskCopy]:
        """By desk, then generation."""
        return [copy for copy in await self._held(member or b"") if copy.sealed]

    async def held(self, member: MemberId) -> Sequence[DeskCopy]:
        return await self._held(member)

    async def _held(self, holder: bytes) -> list[DeskCopy]:
        rows = await self.connection.execute(select(COPY).where(COPY.c.holder == holder))
        found = [_copy(row) for row in rows.mappings()]
        return sorted(found, key=lambda copy: (copy.desk, copy.generation))

    async def add_untold(self, member: MemberId) -> None:
        await insert_once(self.connection, UNTOLD, {"member": member})

    async def untold(self) -> Sequence[MemberId]:
        there = select(UNTOLD.c.member).join(MEMBER, MEMBER.c.id == UNTOLD.c.member)
        found = await self.connection.execute(
            there.where(MEMBER.c.revoked.is_(False)).order_by(UNTOLD.c.member)
        )
        return [MemberId(member) for member in found.scalars()]

    async def drop_untold(self, member: MemberId) -> None:
        await self.connection.execute(delete(UNTOLD).where(UNTOLD.c.member == member))

    async def staffed(self) -> frozenset[DeskKey]:
        return await self._desks(STAFFED)

    async def _desks(self, held: Select[str]) -> frozenset[DeskKey]:
        desks = await self.connection.execute(held)
        return frozenset(DeskKey(desk) for desk in desks.scalars())

    async def _insert(self, table: Table, **values: Any) -> None:
        if not await insert_once(self.connection, table, values):
            raise Changed

    async def _first(self, query: Select[*tuple[Any, ...]]) -> Mapping[Any, Any] | None:
        return (await self.connection.execute(query)).mappings().first()


def _member(row: Mapping[Any, Any]) -> Member:
    return Member(
        id=MemberId(row["id"]),
        role=Role(row["role"]),
        desk=DeskKey(row["desk"]),
        sealing_public=row["sealing_public"],
        signing_public=row["signing_public"],
        certificate=row["certificate"],
        wrapped_seed=row["wrapped_seed"],
        revoked=row["revoked"],
    )


def _copy(row: Mapping[Any, Any]) -> DeskCopy:
    return DeskCopy(
        desk=DeskKey(row["desk"]),
        generation=row["generation"],
        member=MemberId(row["holder"]) if row["holder"] else None,
        sealed=row["sealed"],
        standing=row["standing"],
    )


def _key(row: Mapping[Any, Any]) -> DeskPublic:
    return DeskPublic(
        desk=DeskKey(row["desk"]),
        generation=row["generation"],
        public=row["public"],
        certificate=row["certificate"],
    )
