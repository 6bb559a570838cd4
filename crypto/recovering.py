"""The opened recovery key: the domain's `RecoveredKey`, every answer checked up to the root."""

from dataclasses import dataclass, field

from crypto import xwing
from crypto.certificates import MemberCertificate, Standing
from crypto.chain import verify_member, verify_standing
from crypto.errors import (
    CertificateRefused,
    EnvelopeRefused,
    EnvelopeVersionUnknown,
    KeyMalformed,
)
from crypto.sealer import certified
from crypto.session import copy_context
from crypto.xwing import KeyPair, PublicKey
from domain.ports.sealing import KeyRefused, Suspect
from domain.staff.member import DeskCopy, DeskPublic, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedRecovery:
    """Whoever reopens a desk stands there as its founder does: by a link that the root made
    for it. The recovery key alone lets nobody in, and neither does the root alone.
    """

    root_public: bytes
    pair: KeyPair = field(repr=False)

    def may_reopen(self, member: Member) -> bool:
        try:
            self._founder(member)
        except KeyRefused:
            return False
        return True

    def admit(self, member: Member, key: DeskPublic, copy: DeskCopy) -> DeskCopy:
        """Raises KeyRefused."""
        founder = self._founder(member)
        expected = certified(key, self.root_public)
        said = (copy.desk, copy.generation, copy.member)
        if said != (key.desk, key.generation, None) or key.desk != founder.desk:
            raise KeyRefused(Suspect.COPY)
        try:
            context = copy_context(None, key.desk, key.generation)
            opened = KeyPair.from_seed(xwing.unseal(self.pair, copy.sealed, context))
        except (EnvelopeRefused, EnvelopeVersionUnknown, KeyMalformed):
            raise KeyRefused(Suspect.COPY) from None
        with opened as desk:
            if desk.public != expected:
                raise KeyRefused(Suspect.COPY)
            sealed = xwing.seal(
                PublicKey.from_bytes(founder.sealing_public),
                desk.seed,
                copy_context(member.id, key.desk, key.generation),
            )
        return DeskCopy(
            desk=key.desk,
            generation=key.generation,
            member=member.id,
            sealed=sealed,
            standing=Standing(founder=founder).to_bytes(),
        )

    def _founder(self, member: Member) -> MemberCertificate:
        try:
            founder = verify_member(
                member.certificate, member_id=member.id, root_public=self.root_public
            )
            standing = Standing(founder=founder)
            verify_standing(standing, desk=member.desk, root_public=self.root_public)
        except CertificateRefused:
            raise KeyRefused(Suspect.MEMBER) from None
        return founder
