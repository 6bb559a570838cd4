"""The intake side of the domain's `Sealer` port: public keys only, nothing opens here
but what a code opens.

The fields of a sealed report and what closes each (protection.md, "Keys"):

| field         | sealed                                        |
|---------------|-----------------------------------------------|
| words         | AES-GCM under Expand(DEK, "words"), padded     |
| files         | AES-GCM under Expand(DEK, "files"), padded     |
| dek_for_desk  | HPKE to the desk, then under the shred key     |
| case_for_desk | HPKE to the desk, then under the shred key     |
| case_for_code | AES-GCM under the code, then the shred key     |
"""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from crypto import code as codes
from crypto import shred, symmetric, xwing
from crypto.case_secret import CaseSecret
from crypto.certificates import DeskCertificate, InviteCertificate
from crypto.chain import verify_desk
from crypto.code import Code, CodeRoot
from crypto.context import Context
from crypto.entropy import system_entropy
from crypto.errors import (
    CertificateRefused,
    EnvelopeRefused,
    EnvelopeVersionUnknown,
    KeyMalformed,
)
from crypto.errors import CodeMalformed as Malformed
from crypto.errors import CodeSlip as Slip
from crypto.files import seal_files
from crypto.padding import pad
from crypto.shred import ShredKey
from domain.ports.sealing import (
    CodeMalformed,
    CodeRefused,
    CodeSlip,
    FreshCode,
    KeyRefused,
    Opened,
    Sealed,
    Suspect,
    Tried,
    TypedCode,
    Visits,
    Words,
)
from domain.reports.files import CleanFile, FileKind
from domain.reports.report import Locator, Report, ReportId, SealedReport
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar, KeptOut
from domain.staff.member import DeskPublic, MemberId

WORDS_LABEL = "words"
KIND = "report"


def desk_context(report: ReportId, field_name: str, desk: str, generation: int) -> Context:
    return Context(kind=KIND, row=report, field=field_name, desk=desk, generation=generation)


def code_context(report: ReportId, field_name: str) -> Context:
    return Context(kind=KIND, row=report, field=field_name)


def write_words(words: Words) -> bytes:
    """Without files as it was before there were any."""
    body: list[object] = [words.messages, words.topic, sorted(words.kept_out), words.how_far]
    if words.files:
        body.append(words.files)
    return json.dumps(body, ensure_ascii=False).encode()


def read_words(plain: bytes) -> Words:
    """Raises ValueError for anything `write_words` does not write."""
    try:
        messages, topic, kept_out, how_far, *files = json.loads(plain)
        words = Words(
            messages=tuple(messages),
            topic=Topic(topic),
            kept_out=frozenset(map(KeptOut, kept_out)),
            how_far=HowFar(how_far),
            files=tuple(FileKind(each) for listed in files for each in listed),
        )
    except (TypeError, RecursionError):
        raise ValueError from None
    if not all(isinstance(message, str) for message in messages) or write_words(words) != plain:
        raise ValueError
    return words


@lru_cache(maxsize=256)
def certified(desk: DeskPublic, root_public: bytes) -> xwing.PublicKey:
    """The key to seal to, if the root says it is this desk's. Raises KeyRefused.

    The answer follows from the bytes alone, so the same bytes are checked once.
    """
    try:
        verify_desk(
            desk.certificate,
            desk=desk.desk,
            generation=desk.generation,
            public=desk.public,
            root_public=root_public,
        )
    except CertificateRefused:
        raise KeyRefused(Suspect.DESK) from None
    return xwing.PublicKey.from_bytes(desk.public)


def signer_of(desk: DeskPublic, root_public: bytes) -> MemberId | None:
    """Who certified it; None for the link that founded the desk. Raises KeyRefused."""
    certified(desk, root_public)
    by = DeskCertificate.from_bytes(desk.certificate).by
    return None if isinstance(by, InviteCertificate) else MemberId(by.member.member_id)


@dataclass(frozen=True, slots=True)
class MintedCode(FreshCode):
    code: Code = field(repr=False)
    root: CodeRoot = field(repr=False)

    @property
    def text(self) -> str:
        return self.code.text

    @property
    def locator(self) -> Locator:
        return Locator(self.code.locator)

    @property
    def commitment(self) -> bytes:
        return codes.ledger_commitment(self.root)


@dataclass(frozen=True, slots=True)
class ReadCode(TypedCode):
    code: Code = field(repr=False)

    @property
    def locator(self) -> Locator:
        return Locator(self.code.locator)


@dataclass(frozen=True, slots=True)
class Dummy:
    """What an unknown locator is tried against: a blob like any other, of nobody's."""

    report: ReportId
    shred_key: ShredKey
    blob: bytes

    @classmethod
    def make(cls) -> "Dummy":
        report = ReportId(bytes(16))
        key = shred.new_shred_key()
        context = code_context(report, "case_for_code")
        inner = symmetric.seal(system_entropy(32), system_entropy(32), context)
        return cls(report=report, shred_key=key, blob=shred.wrap(key, inner, context))


@dataclass(frozen=True, slots=True)
class TriedCode(Tried):
    root: CodeRoot = field(repr=False)
    dummy: Dummy = field(repr=False)

    @property
    def commitment(self) -> bytes:
        return codes.ledger_commitment(self.root)

    def open(self, report: Report | None, shred_key: bytes | None, today: date) -> Opened:
        """Raises CodeRefused."""
        row, blob, key = self.dummy.report, self.dummy.blob, self.dummy.shred_key
        if report is not None and shred_key is not None:
            row, blob, key = report.id, report.sealed.case_for_code, ShredKey(shred_key)
        context = code_context(row, "case_for_code")
        try:
            inner = shred.unwrap(key, blob, context)
            secret = symmetric.unseal(codes.case_key(self.root), inner, context)
        except (EnvelopeRefused, EnvelopeVersionUnknown, KeyMalformed):
            raise CodeRefused from None
        count, latest, before = self._visits(report, row)
        if latest != today:
            before = latest
        return Opened(
            case=CaseSecret(value=secret),
            visits=Visits(count=count + 1, last=before),
            visits_sealed=seal_visits(self.root, count + 1, today, before, row),
        )

    def _visits(self, report: Report | None, row: ReportId) -> tuple[int, date | None, date | None]:
        """How many, the latest day of them, and the one before that."""
        assert report is not None
        key, context = codes.visits_key(self.root), code_context(row, "visits")
        try:
            plain = symmetric.unseal(key, report.visits, context)
        except (EnvelopeRefused, EnvelopeVersionUnknown):
            raise CodeRefused from None
        count, *days = (int.from_bytes(plain[at : at + 4], "big") for at in (0, 4, 8))
        latest, before = (date.fromordinal(day) if day else None for day in days)
        return count, latest, before


def seal_visits(
    root: CodeRoot, count: int, latest: date | None, before: date | None, row: ReportId
) -> bytes:
    """The same size from the first day on, so that nobody sees whether a code was used."""
    days = (day.toordinal() if day else 0 for day in (latest, before))
    plain = b"".join(number.to_bytes(4, "big") for number in (count, *days))
    return symmetric.seal(codes.visits_key(root), plain, code_context(row, "visits"))


def proof_field(number: str) -> str:
    """Bound to its referral: an office's word on another must not pass for this one."""
    return f"proof/{number}"


@dataclass(slots=True)
class ReportSealer:
    """`root_public`: the pinned Ed25519 key, 32 bytes. Codes may be minted ahead in idle
    time (`mint_ahead`), so that *Send* does not wait for Argon2id.
    """

    root_public: bytes = field(repr=False)
    deployment_id: bytes
    dummy: Dummy = field(default_factory=Dummy.make, repr=False)
    ready: deque[MintedCode] = field(default_factory=deque, repr=False)

    async def mint(self) -> FreshCode:
        return self.ready.popleft() if self.ready else await self._minted()

    async def mint_ahead(self, count: int) -> None:
        """Until `count` codes lie ready, in memory only."""
        while len(self.ready) < count:
            self.ready.append(await self._minted())

    def read_code(self, typed: str) -> TypedCode:
        try:
            return ReadCode(codes.parse(typed))
        except Slip:
            raise CodeSlip from None
        except Malformed:
            raise CodeMalformed from None

    async def try_code(self, code: TypedCode) -> Tried:
        assert isinstance(code, ReadCode)
        root = await asyncio.to_thread(codes.derive_root, code.code, self.deployment_id)
        return TriedCode(root, self.dummy)

    def signer(self, desk: DeskPublic) -> MemberId | None:
        """Raises KeyRefused."""
        return signer_of(desk, self.root_public)

    async def seal(
        self,
        report: ReportId,
        words: Words,
        *,
        desk: DeskPublic,
        code: FreshCode,
        shred_key: bytes,
        files: tuple[CleanFile, ...] = (),
    ) -> Sealed:
        """Raises KeyRefused."""
        assert isinstance(code, MintedCode)
        public = certified(desk, self.root_public)
        dek, secret, key = system_entropy(32), CaseSecret.generate(), ShredKey(shred_key)

        def for_desk(field_name: str, plaintext: bytes) -> bytes:
            context = desk_context(report, field_name, desk.desk, desk.generation)
            return shred.wrap(key, xwing.seal(public, plaintext, context), context)

        code_blob = code_context(report, "case_for_code")
        plain = pad(write_words(words))
        return Sealed(
            report=SealedReport(
                words=symmetric.seal(
                    symmetric.expand(dek, WORDS_LABEL), plain, code_context(report, "words")
                ),
                dek_for_desk=for_desk("dek_for_desk", dek),
                case_for_desk=for_desk("case_for_desk", secret.value),
                case_for_code=shred.wrap(
                    key,
                    symmetric.seal(codes.case_key(code.root), secret.value, code_blob),
                    code_blob,
                ),
            ),
            visits=seal_visits(code.root, 0, None, None, report),
            files=seal_files(dek, files, code_context(report, "files")) if files else None,
        )

    def seal_proof(
        self, report: Report, number: str, words: str, *, desk: DeskPublic, shred_key: bytes
    ) -> bytes:
        """Raises KeyRefused."""
        public = certified(desk, self.root_public)
        context = desk_context(report.id, proof_field(number), desk.desk, desk.generation)
        inner = xwing.seal(public, pad(words.encode()), context)
        return shred.wrap(ShredKey(shred_key), inner, context)

    async def _minted(self) -> MintedCode:
        code = codes.mint()
        root = await asyncio.to_thread(codes.derive_root, code, self.deployment_id)
        return MintedCode(code, root)
