"""Believing the rows of those who read, up to the pinned root; what is refused is named."""

from crypto.certificates import MemberCertificate, Standing
from crypto.chain import verify_member, verify_standing
from crypto.errors import CertificateRefused
from domain.ports.sealing import KeyRefused, Suspect
from domain.staff.member import DeskCopy, Holder, Member, Role


def believed_member(member: Member, root_public: bytes) -> MemberCertificate:
    """Raises KeyRefused."""
    try:
        return verify_member(member.certificate, member_id=member.id, root_public=root_public)
    except CertificateRefused:
        raise KeyRefused(Suspect.MEMBER) from None


def believed_standing(copy: DeskCopy, root_public: bytes) -> Standing:
    """Why the holder of this copy may speak for its desk. Raises KeyRefused."""
    try:
        standing = Standing.from_bytes(copy.standing)
        verify_standing(standing, desk=copy.desk, root_public=root_public)
    except CertificateRefused:
        raise KeyRefused(Suspect.COPY) from None
    return standing


def believed_holder(holder: Holder, root_public: bytes) -> MemberCertificate:
    """1. The root vouches for the member. 2. A moderator, of this very desk.
    3. Founder or let in: the standing beside the copy ends with this certificate.

    Raises KeyRefused.
    """
    member, copy = holder.member, holder.copy
    certificate = believed_member(member, root_public)
    if (certificate.role, certificate.desk) != (Role.MODERATOR, copy.desk):
        raise KeyRefused(Suspect.MEMBER)
    standing = believed_standing(copy, root_public)
    if copy.member != member.id or standing.member.digest() != certificate.digest():
        raise KeyRefused(Suspect.COPY)
    return certificate
