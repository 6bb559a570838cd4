"""Who may open what: the domain's `Custody`, every answer checked up to the pinned root."""

import asyncio
import base64
import binascii
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date

from crypto import member_keys, passphrase, xwing
from crypto.certificates import InviteCertificate, MemberCertificate, Standing
from crypto.certifying import (
    FIRST_GENERATION,
    PublicKeys,
    certify_first_desk_key,
    certify_invite,
    certify_member,
)
from crypto.chain import verify_invite
from crypto.errors import (
    CertificateRefused,
    EnvelopeRefused,
    EnvelopeVersionUnknown,
    SignatureRefused,
)
from crypto.errors import PassphraseRefused as Refused
from crypto.halves import new_halves, share_of, wrap_named_by
from crypto.holders import believed_holder, believed_member, believed_signer
from crypto.member_keys import MemberKeys
from crypto.sealer import certified, signer_of
from crypto.session import Generation, MemberSession, copy_context
from crypto.signing import SEED_BYTES, Purpose, SigningKey, verify
from crypto.xwing import KeyPair, PublicKey
from domain.desks.desk import DeskKey
from domain.ports.sealing import (
    ButtonOld,
    Enrolled,
    InviteRefused,
    KeyRefused,
    PassphraseRefused,
    Session,
    Suspect,
)
from domain.staff.member import (
    DeskCopy,
    DeskPublic,
    Holder,
    Invite,
    InviteId,
    Member,
    MemberId,
    Role,
)

LINK_PREFIX = "m-"
"""A payload that begins so is an invite: `m-` and 43 characters of base64url."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RootedCustody:
    root_public: bytes
    recovery_public: PublicKey

    def read_invite(self, payload: str) -> bytes:
        """Raises InviteRefused."""
        encoded = payload.removeprefix(LINK_PREFIX)
        try:
            seed = base64.b64decode(encoded + "=", altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise InviteRefused from None
        if not payload.startswith(LINK_PREFIX) or len(seed) != SEED_BYTES:
            raise InviteRefused
        return seed

    def invite_id(self, seed: bytes) -> bytes:
        return SigningKey.from_seed(seed).public

    async def enrol(
        self, invite: Invite, seed: bytes, member: MemberId, today: date, *, found: bool
    ) -> Enrolled:
        """1. Check the invite. 2. Make the member's keys. 3. Found the desk, if asked.
        4. Wrap the seed under a new passphrase and share; an officer reads no report, and
        their seed is forgotten.

        Raises InviteRefused.
        """
        certificate = self._invite(invite, today)
        seed_of_member = member_keys.new_seed()
        signer = SigningKey.from_seed(seed)
        with MemberKeys.from_seed(seed_of_member) as keys:
            public = PublicKeys(sealing=keys.sealing.public.raw, signing=keys.signing.public)
        certified_member = certify_member(
            signer, certificate, member_id=member, keys=public, today=today
        )
        founded, copies = None, tuple[DeskCopy, ...]()
        if found:
            founded, copies = self._found(signer, certificate, certified_member)
        words, share, wrapped = "", b"", b""
        if invite.role is Role.MODERATOR:
            words, share, wrapped = await new_halves(seed_of_member, member)
        return Enrolled(
            member=Member(
                id=member,
                role=invite.role,
                desk=invite.desk,
                sealing_public=public.sealing,
                signing_public=public.signing,
                certificate=certified_member.to_bytes(),
                wrapped_seed=wrapped,
            ),
            passphrase=words,
            share=share,
            founded=founded,
            copies=copies,
        )

    async def unlock(
        self,
        member: Member,
        passphrase: str,
        share: bytes,
        keys: tuple[DeskPublic, ...],
        copies: tuple[DeskCopy, ...],
    ) -> Session:
        """Raises PassphraseRefused, ButtonOld, KeyRefused; what was opened by then is wiped."""
        self.check_button(member, share)
        try:
            seed = await asyncio.to_thread(
                member_keys.unwrap, member.wrapped_seed, passphrase, share_of(share), member.id
            )
        except (Refused, EnvelopeVersionUnknown):
            raise PassphraseRefused from None
        with ExitStack() as refused:
            own = MemberKeys.from_seed(seed)
            refused.callback(own.wipe)
            session = MemberSession(
                id=member.id,
                root_public=self.root_public,
                recovery_public=self.recovery_public,
                seed=bytearray(seed),
                keys=own,
                certificate=self._own(member, own),
            )
            refused.callback(session.wipe)
            session.take_up(keys, copies)
            refused.pop_all()
        return session

    def check_button(self, member: Member, share: bytes) -> None:
        """Raises ButtonOld. A share without a name is tried as it is."""
        try:
            current = member_keys.name_of(member.wrapped_seed)
        except (EnvelopeRefused, EnvelopeVersionUnknown):
            return
        if wrap_named_by(share) not in {b"", current}:
            raise ButtonOld

    def check_act(
        self, member: Member, held: Sequence[DeskCopy], body: bytes, signature: bytes
    ) -> DeskKey:
        """Raises KeyRefused."""
        certificate = believed_signer(member, held, self.root_public)
        try:
            verify(certificate.signing_public, signature, Purpose.EVENT, body)
        except SignatureRefused:
            raise KeyRefused(Suspect.MEMBER) from None
        return DeskKey(certificate.desk)

    def check_standing(self, member: Member) -> None:
        """Raises KeyRefused."""
        certificate = believed_member(member, self.root_public)
        signed = (certificate.role, certificate.desk)
        keys = (certificate.sealing_public, certificate.signing_public)
        row = (member.sealing_public, member.signing_public)
        if signed != (member.role, member.desk) or keys != row:
            raise KeyRefused(Suspect.MEMBER)

    def check_desk(self, key: DeskPublic) -> None:
        """Raises KeyRefused."""
        certified(key, self.root_public)

    def signer(self, key: DeskPublic) -> MemberId | None:
        """Raises KeyRefused."""
        return signer_of(key, self.root_public)

    def check_holder(self, holder: Holder) -> None:
        """Raises KeyRefused."""
        believed_holder(holder, self.root_public)

    def comparison_words(self, member: Member) -> tuple[str, ...]:
        """Raises KeyRefused."""
        try:
            return passphrase_words(MemberCertificate.from_bytes(member.certificate))
        except CertificateRefused:
            raise KeyRefused(Suspect.MEMBER) from None

    def _invite(self, invite: Invite, today: date) -> InviteCertificate:
        try:
            certificate = verify_invite(
                invite.certificate,
                invite_public=invite.id,
                root_public=self.root_public,
                today=today,
            )
        except CertificateRefused:
            raise InviteRefused from None
        said = (certificate.role, certificate.desk, certificate.founding)
        if said != (invite.role, invite.desk, invite.founding):
            raise InviteRefused
        if certificate.founding and certificate.role != Role.MODERATOR:
            raise InviteRefused
        return certificate

    def _found(
        self, signer: SigningKey, invite: InviteCertificate, member: MemberCertificate
    ) -> tuple[DeskPublic, tuple[DeskCopy, ...]]:
        """The pair is wiped: this member opens their own copy of it."""
        desk, holder = DeskKey(invite.desk), MemberId(member.member_id)
        generation: Generation = (desk, FIRST_GENERATION)
        own = PublicKey.from_bytes(member.sealing_public)
        with KeyPair.generate() as pair:
            certificate = certify_first_desk_key(signer, invite, pair.public.raw)
            sealed = xwing.seal(own, pair.seed, copy_context(holder, *generation))
            for_recovery = xwing.seal(
                self.recovery_public, pair.seed, copy_context(None, *generation)
            )
        return DeskPublic(
            desk=desk,
            generation=FIRST_GENERATION,
            public=pair.public.raw,
            certificate=certificate.to_bytes(),
        ), (
            DeskCopy(
                desk=desk,
                generation=FIRST_GENERATION,
                member=holder,
                sealed=sealed,
                standing=Standing(founder=member).to_bytes(),
            ),
            DeskCopy(desk=desk, generation=FIRST_GENERATION, member=None, sealed=for_recovery),
        )

    def _own(self, member: Member, own: MemberKeys) -> MemberCertificate:
        certificate = believed_member(member, self.root_public)
        said = (certificate.sealing_public, certificate.signing_public)
        if said != (own.sealing.public.raw, own.signing.public):
            raise KeyRefused(Suspect.MEMBER)
        return certificate


def passphrase_words(certificate: MemberCertificate) -> tuple[str, ...]:
    """Six words of the certificate's digest, for two people to read to each other."""
    return passphrase.six_words(certificate.digest())


def new_invite(
    root: SigningKey, *, role: Role, desk: DeskKey, founding: bool, expires: date
) -> tuple[Invite, str]:
    """The invite to keep, and the payload of its link, which is kept nowhere."""
    key_pair_seed = member_keys.new_seed()
    signer = SigningKey.from_seed(key_pair_seed)
    certificate = certify_invite(
        root, signer.public, role=role, desk=desk, founding=founding, expires=expires
    )
    payload = LINK_PREFIX + base64.urlsafe_b64encode(key_pair_seed).decode().rstrip("=")
    return Invite(
        id=InviteId(signer.public),
        role=role,
        desk=desk,
        founding=founding,
        expires=expires,
        certificate=certificate.to_bytes(),
    ), payload
