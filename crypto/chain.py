"""Believing a certificate: every link from the pinned root down, or CertificateRefused.

Stored bytes are read and checked in one step, against what the caller expects of them, so that
a true certificate of another desk or member does not pass either. Nothing here looks anything
up: what is kept beside the data can be forged by whoever writes to it, the root's public key
cannot. Who was revoked since, the caller's rows say.
"""

from datetime import date
from typing import assert_never

from crypto.certificates import (
    DeskCertificate,
    GrantCertificate,
    InviteCertificate,
    MemberCertificate,
    Standing,
)
from crypto.certifying import FIRST_GENERATION
from crypto.errors import CertificateRefused, Flaw, KeyMalformed, SignatureRefused
from crypto.signing import Purpose, verify
from crypto.xwing import PublicKey

MODERATOR = "moderator"


def verify_invite(
    data: bytes, *, invite_public: bytes, root_public: bytes, today: date
) -> InviteCertificate:
    """That the holder of this invite's seed may enrol today. Raises CertificateRefused."""
    invite = InviteCertificate.from_bytes(data)
    _require(invite.invite_public == invite_public, Flaw.KEY)
    _believe_invite(invite, root_public=root_public, day=today)
    return invite


def verify_member(data: bytes, *, member_id: bytes, root_public: bytes) -> MemberCertificate:
    """That this member enrolled with the keys in it. Raises CertificateRefused.

    Seal to, and check signatures with, the certificate's own keys: not with a row's.
    """
    member = MemberCertificate.from_bytes(data)
    _require(member.member_id == member_id, Flaw.MEMBER)
    _believe_member(member, root_public=root_public)
    return member


def verify_desk(
    data: bytes, *, desk: str, generation: int, public: bytes, root_public: bytes
) -> DeskCertificate:
    """That this public key is this desk's, in this generation. Raises CertificateRefused."""
    certificate = DeskCertificate.from_bytes(data)
    _require(certificate.desk == desk, Flaw.DESK)
    _require(certificate.generation == generation, Flaw.GENERATION)
    _require(certificate.public == public, Flaw.KEY)
    _believe_desk(certificate, root_public=root_public)
    return certificate


def verify_grant(
    grant: GrantCertificate, *, granter: MemberCertificate, newcomer: MemberCertificate
) -> None:
    """That this granter vouched for this newcomer. That the granter may, `verify_standing` says.

    Raises CertificateRefused.
    """
    _require(grant.granter == granter.digest(), Flaw.GRANTER)
    _require(grant.newcomer == newcomer.digest(), Flaw.NEWCOMER)
    _signed(granter.signing_public, grant.signature, Purpose.GRANT, *grant.fields())


def verify_standing(standing: Standing, *, desk: str, root_public: bytes) -> None:
    """That the last member of the chain was let in to this desk.

    1. The founder is a certified moderator, invited to found this very desk.
    2. Each next one is a certified moderator, vouched for at this desk by the one before.

    Raises CertificateRefused.
    """
    granter = standing.founder
    _believe_moderator(granter, root_public=root_public)
    _require(granter.desk == desk, Flaw.DESK)
    _require(granter.invite.founding, Flaw.NOT_FOUNDING)
    for grant, newcomer in standing.steps:
        _believe_moderator(newcomer, root_public=root_public)
        _require(grant.desk == desk, Flaw.DESK)
        verify_grant(grant, granter=granter, newcomer=newcomer)
        granter = newcomer


def _believe_invite(invite: InviteCertificate, *, root_public: bytes, day: date) -> None:
    _signed(root_public, invite.signature, Purpose.INVITE, *invite.fields())
    _require(day <= invite.expires, Flaw.EXPIRED)


def _believe_member(member: MemberCertificate, *, root_public: bytes) -> None:
    """1. The root signed the invite, which had not expired on the day of enrolment.
    2. Role and desk are the invite's.
    3. The invite's key signed the member's keys.
    4. The key to seal to is one.
    """
    _believe_invite(member.invite, root_public=root_public, day=member.enrolled)
    _require(member.role == member.invite.role, Flaw.ROLE)
    _require(member.desk == member.invite.desk, Flaw.DESK)
    _signed(member.invite.invite_public, member.signature, Purpose.MEMBER, *member.fields())
    _require_sealing_key(member.sealing_public)


def _believe_moderator(member: MemberCertificate, *, root_public: bytes) -> None:
    _believe_member(member, root_public=root_public)
    _require(member.role == MODERATOR, Flaw.ROLE)


def _believe_desk(certificate: DeskCertificate, *, root_public: bytes) -> None:
    """1. The signer: the desk's founding invite for the first generation, and no other;
       for every later one a member of standing at the desk.
    2. The signer signed the desk's key.
    3. The key is one.
    """
    match certificate.by:
        case InviteCertificate() as invite:
            _require(certificate.generation == FIRST_GENERATION, Flaw.GENERATION)
            _signed(root_public, invite.signature, Purpose.INVITE, *invite.fields())
            _require(invite.role == MODERATOR, Flaw.ROLE)
            _require(invite.founding, Flaw.NOT_FOUNDING)
            _require(invite.desk == certificate.desk, Flaw.DESK)
            signer = invite.invite_public
        case Standing() as standing:
            _require(certificate.generation > FIRST_GENERATION, Flaw.GENERATION)
            verify_standing(standing, desk=certificate.desk, root_public=root_public)
            signer = standing.member.signing_public
        case _:
            assert_never(certificate.by)
    _signed(signer, certificate.signature, Purpose.DESK, *certificate.fields())
    _require_sealing_key(certificate.public)


def _require_sealing_key(raw: bytes) -> None:
    try:
        PublicKey.from_bytes(raw)
    except KeyMalformed:
        raise CertificateRefused(Flaw.KEY) from None


def _signed(public: bytes, signature: bytes, purpose: Purpose, *fields: bytes) -> None:
    try:
        verify(public, signature, purpose, *fields)
    except SignatureRefused:
        raise CertificateRefused(Flaw.SIGNATURE) from None


def _require(holds: bool, flaw: Flaw) -> None:  # noqa: FBT001 -- an assertion that names its flaw
    if not holds:
        raise CertificateRefused(flaw)
