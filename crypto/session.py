"""One unlocked member: the domain's `Session`. Private keys, in memory only."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crypto import shred, symmetric, xwing
from crypto.case_secret import CaseSecret
from crypto.certificates import MemberCertificate, Standing
from crypto.certifying import certify_grant, certify_next_desk_key
from crypto.context import Context
from crypto.errors import (
    EnvelopeRefused,
    EnvelopeVersionUnknown,
    KeyMalformed,
    PaddingMalformed,
)
from crypto.files import unseal_files
from crypto.halves import new_halves
from crypto.holders import believed_holder, believed_member, believed_standing
from crypto.member_keys import MemberKeys, MemberSeed
from crypto.padding import unpad
from crypto.rerouting import sealed_for
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
from domain.ports.sealing import (
    EnvelopeLost,
    KeyRefused,
    Reissued,
    Renewed,
    Suspect,
    Words,
)
from domain.reports.files import CleanFile
from domain.reports.report import Report, UnderDesk
from domain.staff.member import DeskCopy, DeskPublic, Holder, Member, MemberId, Role

ENVELOPE_ERRORS = (EnvelopeRefused, EnvelopeVersionUnknown, KeyMalformed, PaddingMalformed)

Generation = tuple[DeskKey, int]


def copy_context(member: MemberId | None, desk: DeskKey, generation: int) -> Context:
    """`member` None is the recovery key's copy."""
    return Context(
        kind="desk-copy", row=member or b"recovery", field="seed", desk=desk, generation=generation
    )


@dataclass(slots=True, kw_only=True)
class MemberSession:
    """`pairs` and `standings` are of the generations this member holds a copy of. `seed` is
    what both of the member's keys follow from.
    """

    id: MemberId
    root_public: bytes
    recovery_public: PublicKey = field(repr=False)
    seed: bytearray = field(repr=False)
    keys: MemberKeys | None = field(repr=False)
    certificate: MemberCertificate = field(repr=False)
    pairs: dict[Generation, KeyPair] = field(default_factory=dict, repr=False)
    standings: dict[Generation, Standing] = field(default_factory=dict, repr=False)

    @property
    def member(self) -> MemberId:
        return self.id

    @property
    def desks(self) -> frozenset[DeskKey]:
        return frozenset(desk for desk, _ in self.pairs)

    @property
    def generations(self) -> frozenset[Generation]:
        return frozenset(self.pairs)

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

    def files(self, report: Report, sealed: bytes, shred_key: bytes) -> tuple[CleanFile, ...]:
        """Raises EnvelopeLost."""
        dek = self._open(report, "dek_for_desk", report.sealed.dek_for_desk, shred_key)
        try:
            return unseal_files(dek, sealed, code_context(report.id, "files"))
        except ENVELOPE_ERRORS:
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

    def reroute(self, report: Report, kept: UnderDesk, to: DeskPublic, key: bytes) -> UnderDesk:
        """Raises EnvelopeLost, and nothing is sealed; KeyRefused."""
        return sealed_for(
            to,
            self.root_public,
            report,
            words=self.words(report, key),
            files=None if kept.files is None else self.files(report, kept.files, key),
            secret=self.case(report, key),
            proofs={n: self.proof(report, n, sealed, key) for n, sealed in kept.proofs.items()},
            key=ShredKey(key),
        )

    def sign(self, body: bytes) -> bytes:
        return self._signing.sign(Purpose.EVENT, body)

    def take_up(self, keys: Sequence[DeskPublic], copies: Sequence[DeskCopy]) -> None:
        """Raises KeyRefused; what was taken up before stays, and what is refused is wiped."""
        publics = {(key.desk, key.generation): key for key in keys}
        for copy in copies:
            generation = (copy.desk, copy.generation)
            if generation not in self.pairs:
                standing = believed_standing(copy, self.root_public)
                pair = self._pair(copy, publics.get(generation))
                self.standings[generation], self.pairs[generation] = standing, pair

    def grant(self, newcomer: Member, key: DeskPublic) -> DeskCopy:
        """Raises KeyRefused."""
        generation = (key.desk, key.generation)
        pair, standing = self._held(generation)
        if pair.public != certified(key, self.root_public):
            raise KeyRefused(Suspect.DESK)
        certificate = believed_member(newcomer, self.root_public)
        if certificate.desk != key.desk or certificate.role != Role.MODERATOR:
            raise KeyRefused(Suspect.MEMBER)
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

    def renew(self, newest: DeskPublic, holders: Sequence[Holder]) -> Renewed:
        """1. Believe the newest key and every holder. 2. A new pair, certified by this
        member's standing. 3. Sealed to each holder, who keeps their standing, and to the
        recovery key. 4. The new pair is wiped: this member opens their own copy of it.
        5. Others will believe what was certified.

        Raises KeyRefused.
        """
        held = max((last for desk, last in self.standings if desk == newest.desk), default=0)
        _, standing = self._held((newest.desk, held))
        certified(newest, self.root_public)
        readers = [(each.copy, believed_holder(each, self.root_public)) for each in holders]
        generation = newest.generation + 1

        def copied(to: MemberId | None, public: PublicKey, why: bytes) -> DeskCopy:
            return DeskCopy(
                desk=newest.desk,
                generation=generation,
                member=to,
                sealed=xwing.seal(public, pair.seed, copy_context(to, newest.desk, generation)),
                standing=why,
            )

        with KeyPair.generate() as pair:
            certificate = certify_next_desk_key(
                self._signing,
                standing,
                desk=newest.desk,
                generation=generation,
                public=pair.public.raw,
            )
            copies = (
                *(
                    copied(copy.member, PublicKey.from_bytes(reader.sealing_public), copy.standing)
                    for copy, reader in readers
                ),
                copied(None, self.recovery_public, b""),
            )
        key = DeskPublic(
            desk=newest.desk,
            generation=generation,
            public=pair.public.raw,
            certificate=certificate.to_bytes(),
        )
        certified(key, self.root_public)
        return Renewed(key=key, copies=copies)

    async def reissue(self, member: Member) -> Reissued:
        """Raises KeyRefused once wiped."""
        if self.keys is None:
            raise KeyRefused(Suspect.MEMBER)
        words, share, wrapped = await new_halves(MemberSeed(bytes(self.seed)), self.id)
        return Reissued(before=member.wrapped_seed, wrapped=wrapped, passphrase=words, share=share)

    def wipe(self) -> None:
        """What can be overwritten is. Copies that Python made of it on the way, it does not
        let us reach (docs/threat-model.md).
        """
        self.seed[:] = bytes(len(self.seed))
        for held in (*self.pairs.values(), *((self.keys,) if self.keys else ())):
            held.wipe()
        self.pairs.clear()
        self.standings.clear()
        self.keys = None

    def _held(self, generation: Generation) -> tuple[KeyPair, Standing]:
        pair, standing = self.pairs.get(generation), self.standings.get(generation)
        if pair is None or standing is None:
            raise KeyRefused(Suspect.COPY)
        return pair, standing

    def _pair(self, copy: DeskCopy, public: DeskPublic | None) -> KeyPair:
        """The desk's private key, if it belongs to the key the root certified."""
        if self.keys is None:
            raise KeyRefused(Suspect.MEMBER)
        if public is None:
            raise KeyRefused(Suspect.DESK)
        expected = certified(public, self.root_public)
        context = copy_context(self.id, copy.desk, copy.generation)
        try:
            pair = KeyPair.from_seed(xwing.unseal(self.keys.sealing, copy.sealed, context))
        except (EnvelopeRefused, EnvelopeVersionUnknown, KeyMalformed):
            raise KeyRefused(Suspect.COPY) from None
        if pair.public != expected:
            pair.wipe()
            raise KeyRefused(Suspect.COPY)
        return pair

    @property
    def _signing(self) -> SigningKey:
        if self.keys is None:
            raise KeyRefused(Suspect.MEMBER)
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
