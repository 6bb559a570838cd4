"""One unlocked member: the domain's `Session`. Private keys, in memory only."""

from dataclasses import dataclass, field

from crypto import shred, symmetric, xwing
from crypto.case_secret import CaseSecret
from crypto.certificates import MemberCertificate, Standing
from crypto.certifying import certify_grant
from crypto.chain import verify_member
from crypto.context import Context
from crypto.errors import (
    CertificateRefused,
    EnvelopeRefused,
    EnvelopeVersionUnknown,
    KeyMalformed,
    PaddingMalformed,
)
from crypto.member_keys import MemberKeys
from crypto.padding import unpad
from crypto.sealer import (
    WORDS_LABEL,
    certified,
    code_context,
    desk_context,
    proof_field,
    read_words,
)
from crypto.shred import ShredKey
from crypto.signing import Purpose, SigningKey
from crypto.xwing import KeyPair, PublicKey
from domain.desks.desk import DeskKey
from domain.ports.sealing import EnvelopeLost, KeyRefused, Words
from domain.reports.report import Report
from domain.staff.member import DeskCopy, DeskPublic, Member, MemberId, Role

ENVELOPE_ERRORS = (EnvelopeRefused, EnvelopeVersionUnknown, KeyMalformed, PaddingMalformed)

Generation = tuple[DeskKey, int]


def copy_context(member: MemberId | None, desk: DeskKey, generation: int) -> Context:
    """`member` None is the recovery key's copy."""
    return Context(
        kind="desk-copy", row=member or b"recovery", field="seed", desk=desk, generation=generation
    )


@dataclass(slots=True)
class MemberSession:
    """`pairs` and `standings` are of the generations this member holds a copy of."""

    id: MemberId
    root_public: bytes
    keys: MemberKeys | None = field(repr=False)
    certificate: MemberCertificate = field(repr=False)
    pairs: dict[Generation, KeyPair] = field(repr=False)
    standings: dict[Generation, Standing] = field(repr=False)

    @property
    def member(self) -> MemberId:
        return self.id

    @property
    def desks(self) -> frozenset[DeskKey]:
        return frozenset(desk for desk, _ in self.pairs)

    def words(self, report: Report, shred_key: bytes) -> Words:
        """Raises EnvelopeLost."""
        dek = self._open(report, "dek_for_desk", report.sealed.dek_for_desk, shred_key)
        try:
            plain = symmetric.unseal(
                symmetric.expand(dek, WORDS_LABEL),
                report.sealed.words,
                code_context(report.id, "words"),
            )
            return read_words(unpad(plain))
        except (*ENVELOPE_ERRORS, ValueError):
            raise EnvelopeLost from None

    def case(self, report: Report, shred_key: bytes) -> CaseSecret:
        """Raises EnvelopeLost."""
        sealed = report.sealed.case_for_desk
        try:
            return CaseSecret(value=self._open(report, "case_for_desk", sealed, shred_key))
        except KeyMalformed:
            raise EnvelopeLost from None

    def proof(self, report: Report, number: str, sealed: bytes, shred_key: bytes) -> str:
        """Raises EnvelopeLost."""
        plain = self._open(report, proof_field(number), sealed, shred_key)
        try:
            return unpad(plain).decode()
        except (PaddingMalformed, ValueError):
            raise EnvelopeLost from None

    def sign(self, body: bytes) -> bytes:
        return self._signing.sign(Purpose.EVENT, body)

    def grant(self, newcomer: Member, key: DeskPublic) -> DeskCopy:
        """Raises KeyRefused."""
        generation = (key.desk, key.generation)
        pair, standing = self.pairs.get(generation), self.standings.get(generation)
        if pair is None or standing is None:
            raise KeyRefused
        certified(key, self.root_public)
        try:
            certificate = verify_member(
                newcomer.certificate, member_id=newcomer.id, root_public=self.root_public
            )
        except CertificateRefused:
            raise KeyRefused from None
        if certificate.desk != key.desk or certificate.role != Role.MODERATOR:
            raise KeyRefused
        public = PublicKey.from_bytes(certificate.sealing_public)
        vouched = certify_grant(self._signing, self.certificate, certificate, desk=key.desk)
        longer = Standing(founder=standing.founder, steps=(*standing.steps, (vouched, certificate)))
        return DeskCopy(
            desk=key.desk,
            generation=key.generation,
            member=newcomer.id,
            sealed=xwing.seal(public, pair.seed, copy_context(newcomer.id, *generation)),
            standing=longer.to_bytes(),
        )

    def wipe(self) -> None:
        """Python keeps no promise to overwrite; what holds the keys is let go of."""
        self.pairs.clear()
        self.standings.clear()
        self.keys = None

    @property
    def _signing(self) -> SigningKey:
        if self.keys is None:
            raise KeyRefused
        return self.keys.signing

    def _open(self, report: Report, field_name: str, wrapped: bytes, shred_key: bytes) -> bytes:
        pair = self.pairs.get((report.desk, report.generation))
        if pair is None:
            raise EnvelopeLost
        context = desk_context(report.id, field_name, report.desk, report.generation)
        try:
            inner = shred.unwrap(ShredKey(shred_key), wrapped, context)
            return xwing.unseal(pair, inner, context)
        except ENVELOPE_ERRORS:
            raise EnvelopeLost from None
