"""What somebody does who has an invite's link that was used, and writes to the database: they
certify a second member, over keys of their own, and sign with them.
"""

from dataclasses import dataclass, replace

from crypto.certificates import InviteCertificate
from crypto.certifying import PublicKeys, certify_member
from crypto.custody import RootedCustody
from crypto.holders import believed_member
from crypto.member_keys import MemberKeys, new_seed
from crypto.signing import Purpose, SigningKey, verify
from domain.desks.desk import NATIONAL, DeskKey
from domain.ports.stores import Cases
from domain.reports.event import Event
from domain.reports.report import Report
from domain.staff.member import DeskCopy, Member, MemberId, Role
from tests.house import House, Moderator

THIEF = MemberId(b"T" * 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forged:
    """A member whom the root vouches for, as the link's holder made them."""

    member: Member
    keys: MemberKeys

    def signed(self, event: Event) -> Event:
        mine = replace(event, member=self.member.id)
        return replace(mine, signature=self.keys.signing.sign(Purpose.EVENT, mine.signed_bytes()))


async def used_link(house: House, role: Role, desk: DeskKey) -> str:
    """As it should be: somebody enrolled by it, and waits or is told."""
    _, payload = await house.invite(desk=desk, role=role)
    await house.enrolled(777, payload)
    return payload


async def forged(house: House, payload: str) -> Forged:
    seed = house.custody.read_invite(payload)
    id_of_invite = house.custody.invite_id(seed)
    query = "SELECT certificate FROM invite WHERE id = ?"
    (kept,) = house.rows("cases", query, id_of_invite)
    invite, keys = InviteCertificate.from_bytes(kept[0]), MemberKeys.from_seed(new_seed())
    public = PublicKeys(sealing=keys.sealing.public.raw, signing=keys.signing.public)
    today = house.clock.now().date()
    certificate = certify_member(
        SigningKey.from_seed(seed), invite, member_id=THIEF, keys=public, today=today
    )
    member = Member(
        id=THIEF,
        role=Role(invite.role),
        desk=DeskKey(invite.desk),
        sealing_public=public.sealing,
        signing_public=public.signing,
        certificate=certificate.to_bytes(),
        wrapped_seed=b"",
    )
    return Forged(member=member, keys=keys)


async def planted(cases: Cases, forged: Forged, beside: Moderator) -> None:
    """Among the members, with a copy and the standing of somebody who reads there."""
    await cases.staff.add_member(forged.member)
    for copy in await cases.staff.copies(beside.id):
        await cases.staff.add_copy(replace(copy, member=THIEF))


async def planted_as_gone(cases: Cases, forged: Forged, beside: Moderator) -> None:
    """As if they had been revoked by a release that took the standing away."""
    await cases.staff.add_member(replace(forged.member, revoked=True))
    for copy in await cases.staff.copies(beside.id):
        emptied = replace(copy, desk=forged.member.desk, sealed=b"", standing=b"")
        await cases.staff.add_copy(replace(emptied, member=THIEF))


async def written(cases: Cases, before: Report, after: Report, event: Event) -> None:
    await cases.reports.replace(before, after)
    await cases.events.add(event)


def whoever_the_root_vouches_for(
    custody: RootedCustody, member: Member, _: list[DeskCopy], body: bytes, signature: bytes
) -> DeskKey:
    """As acts were checked until December 2026: by signature and certificate alone, and so of any
    role and desk. Here, of the national one.
    """
    certificate = believed_member(member, custody.root_public)
    verify(certificate.signing_public, signature, Purpose.EVENT, body)
    return NATIONAL
