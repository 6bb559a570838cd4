"""Making certificates: who holds a key signs with it. What may be signed, `chain` decides."""

from dataclasses import dataclass, replace
from datetime import date

from crypto.certificates import (
    DeskCertificate,
    GrantCertificate,
    InviteCertificate,
    MemberCertificate,
    Standing,
)
from crypto.signing import Purpose, SigningKey

FIRST_GENERATION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeys:
    """What a member shows: X-Wing (1216 bytes) and Ed25519 (32 bytes)."""

    sealing: bytes
    signing: bytes


def certify_invite(
    root: SigningKey, invite_public: bytes, *, role: str, desk: str, founding: bool, expires: date
) -> InviteCertificate:
    draft = InviteCertificate(
        invite_public=invite_public, role=role, desk=desk, founding=founding, expires=expires
    )
    return replace(draft, signature=root.sign(Purpose.INVITE, *draft.fields()))


def certify_member(
    invite_key: SigningKey,
    invite: InviteCertificate,
    *,
    member_id: bytes,
    keys: PublicKeys,
    today: date,
) -> MemberCertificate:
    """Role and desk are the invite's: nobody enrols for another."""
    draft = MemberCertificate(
        member_id=member_id,
        role=invite.role,
        desk=invite.desk,
        enrolled=today,
        sealing_public=keys.sealing,
        signing_public=keys.signing,
        invite=invite,
    )
    return replace(draft, signature=invite_key.sign(Purpose.MEMBER, *draft.fields()))


def certify_first_desk_key(
    invite_key: SigningKey, invite: InviteCertificate, public: bytes
) -> DeskCertificate:
    return _desk(
        invite_key,
        DeskCertificate(desk=invite.desk, generation=FIRST_GENERATION, public=public, by=invite),
    )


def certify_next_desk_key(
    member_key: SigningKey, standing: Standing, *, desk: str, generation: int, public: bytes
) -> DeskCertificate:
    draft = DeskCertificate(desk=desk, generation=generation, public=public, by=standing)
    return _desk(member_key, draft)


def certify_grant(
    granter_key: SigningKey, granter: MemberCertificate, newcomer: MemberCertificate, *, desk: str
) -> GrantCertificate:
    draft = GrantCertificate(desk=desk, granter=granter.digest(), newcomer=newcomer.digest())
    return replace(draft, signature=granter_key.sign(Purpose.GRANT, *draft.fields()))


def _desk(key: SigningKey, draft: DeskCertificate) -> DeskCertificate:
    return replace(draft, signature=key.sign(Purpose.DESK, *draft.fields()))
