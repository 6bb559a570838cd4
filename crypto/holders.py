"""Believing the rows of those who read, up to the pinned root; what is refused is named."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache

from crypto.certificates import MemberCertificate, Standing
from crypto.chain import verify_member, verify_standing
from crypto.errors import CertificateRefused
from domain.ports.sealing import KeyRefused, Suspect
from domain.staff.member import DeskCopy, Holder, Member, Role

STANDING_KEPT_SINCE = date(2027, 1, 1)
"""A revocation took the standing away until December 2026. Whose link ended before this day, as the
root signed it, may have been revoked by then: of them the mark that they held a key is enough.
"""


def believed_member(member: Member, root_public: bytes) -> MemberCertificate:
    """Raises KeyRefused."""
    try:
        return verify_member(member.certificate, member_id=member.id, root_public=root_public)
    except CertificateRefused:
        raise KeyRefused(Suspect.MEMBER) from None


def believed_holder(holder: Holder, root_public: bytes) -> MemberCertificate:
    """1. The root vouches for the member. 2. A moderator, of this very desk.
    3. Founder or let in: the standing beside the copy ends with this certificate.

    Raises KeyRefused.
    """
    certificate = believed_member(holder.member, root_public)
    _require_holder(certificate, holder.copy, root_public)
    return certificate


def believed_signer(
    member: Member, held: Sequence[DeskCopy], root_public: bytes
) -> MemberCertificate:
    """A moderator who was let in to their desk, whether or not they left it since: with the link
    alone anybody certifies keys of their own. Raises KeyRefused.
    """
    certificate = believed_member(member, root_public)
    if certificate.role != Role.MODERATOR:
        raise KeyRefused(Suspect.MEMBER)
    for copy in held:
        with suppress(KeyRefused):
            _require_holder(certificate, copy, root_public)
            return certificate
    emptied = any(
        (copy.desk, copy.sealed, copy.standing) == (certificate.desk, b"", b"") for copy in held
    )
    if member.revoked and emptied and certificate.invite.expires < STANDING_KEPT_SINCE:
        return certificate
    raise KeyRefused(Suspect.COPY)


@lru_cache(maxsize=256)
def believed_standing(copy: DeskCopy, root_public: bytes) -> Standing:
    """Why the holder of this copy may speak for its desk. Raises KeyRefused.

    The answer follows from the bytes alone, so the same bytes are checked once.
    """
    try:
        standing = Standing.from_bytes(copy.standing)
        verify_standing(standing, desk=copy.desk, root_public=root_public)
    except CertificateRefused:
        raise KeyRefused(Suspect.COPY) from None
    return standing


def _require_holder(certificate: MemberCertificate, copy: DeskCopy, root_public: bytes) -> None:
    if (certificate.role, certificate.desk) != (Role.MODERATOR, copy.desk):
        raise KeyRefused(Suspect.MEMBER)
    standing = believed_standing(copy, root_public)
    held_by = (copy.member, standing.member.digest())
    if held_by != (certificate.member_id, certificate.digest()):
        raise KeyRefused(Suspect.COPY)
