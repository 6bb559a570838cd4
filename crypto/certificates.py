"""Certificates: who may read at which desk, and which key is that desk's.

The root (Ed25519, offline) signs an invite's public key. The invite's key, whose seed is in the
link, signs the member who enrols with it and, if the invite founds a desk, the first generation
of that desk's key. A member who reads signs a grant for the next one, and the next generation.
These are the shapes and their bytes: a version byte, then the kind, the signed fields and the
signature, each length-prefixed. `certifying` makes them, `chain` believes them or does not.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Self

from crypto.errors import CertificateRefused, FieldsMalformed, Flaw
from crypto.fields import join, split

CERTIFICATE_VERSION = 1
GENERATION_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteCertificate:
    """Signed by the root. `expires`: the last day on which one can enrol with it."""

    invite_public: bytes
    role: str
    desk: str
    founding: bool
    expires: date
    signature: bytes = b""

    def fields(self) -> tuple[bytes, ...]:
        return (
            self.invite_public,
            self.role.encode(),
            self.desk.encode(),
            b"\1" if self.founding else b"\0",
            self.expires.isoformat().encode(),
        )

    def to_bytes(self) -> bytes:
        return _pack(b"invite", *self.fields(), self.signature)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises CertificateRefused."""
        with _reading():
            public, role, desk, founding, expires, signature = _unpack(b"invite", data)
            return cls(
                invite_public=public,
                role=role.decode(),
                desk=desk.decode(),
                founding=_flag(founding),
                expires=date.fromisoformat(expires.decode("ascii")),
                signature=signature,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCertificate:
    """Signed by the invite's key. `sealing_public` is X-Wing, `signing_public` Ed25519."""

    member_id: bytes
    role: str
    desk: str
    enrolled: date
    sealing_public: bytes
    signing_public: bytes
    invite: InviteCertificate
    signature: bytes = b""

    def fields(self) -> tuple[bytes, ...]:
        return (
            self.member_id,
            self.role.encode(),
            self.desk.encode(),
            self.enrolled.isoformat().encode(),
            self.sealing_public,
            self.signing_public,
            self.invite.to_bytes(),
        )

    def digest(self) -> bytes:
        """SHA-256 of the whole certificate: what a grant vouches for and six words compare."""
        return hashlib.sha256(self.to_bytes()).digest()

    def to_bytes(self) -> bytes:
        return _pack(b"member", *self.fields(), self.signature)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises CertificateRefused."""
        with _reading():
            member, role, desk, enrolled, sealing, signing, invite, signature = _unpack(
                b"member", data
            )
            return cls(
                member_id=member,
                role=role.decode(),
                desk=desk.decode(),
                enrolled=date.fromisoformat(enrolled.decode("ascii")),
                sealing_public=sealing,
                signing_public=signing,
                invite=InviteCertificate.from_bytes(invite),
                signature=signature,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantCertificate:
    """One who reads at `desk` vouches for one who does not yet, after comparing six words.

    `granter` and `newcomer` are digests of their member certificates; the granter signs.
    """

    desk: str
    granter: bytes
    newcomer: bytes
    signature: bytes = b""

    def fields(self) -> tuple[bytes, ...]:
        return (self.desk.encode(), self.granter, self.newcomer)

    def to_bytes(self) -> bytes:
        return _pack(b"grant", *self.fields(), self.signature)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises CertificateRefused."""
        with _reading():
            desk, granter, newcomer, signature = _unpack(b"grant", data)
            return cls(desk=desk.decode(), granter=granter, newcomer=newcomer, signature=signature)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Why a member may speak for a desk: its founder, then grant by grant to that member."""

    founder: MemberCertificate
    steps: tuple[tuple[GrantCertificate, MemberCertificate], ...] = ()

    @property
    def member(self) -> MemberCertificate:
        """Whom it is about: the last of the chain."""
        return self.steps[-1][1] if self.steps else self.founder

    def to_bytes(self) -> bytes:
        steps = (part.to_bytes() for step in self.steps for part in step)
        return _pack(b"standing", self.founder.to_bytes(), *steps)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises CertificateRefused."""
        with _reading():
            founder, *rest = _unpack(b"standing", data)
            pairs = zip(rest[::2], rest[1::2], strict=True)
            return cls(
                founder=MemberCertificate.from_bytes(founder),
                steps=tuple(
                    (GrantCertificate.from_bytes(grant), MemberCertificate.from_bytes(member))
                    for grant, member in pairs
                ),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCertificate:
    """`public` (X-Wing) is the desk's key of that generation. Signed by the founding invite's
    key (the first generation, and no other) or by a member of standing.
    """

    desk: str
    generation: int
    public: bytes
    by: InviteCertificate | Standing
    signature: bytes = b""

    def fields(self) -> tuple[bytes, ...]:
        return (
            self.desk.encode(),
            self.generation.to_bytes(GENERATION_BYTES, "big"),
            self.public,
            self.by.to_bytes(),
        )

    def to_bytes(self) -> bytes:
        kind = b"first-desk" if isinstance(self.by, InviteCertificate) else b"next-desk"
        return _pack(kind, *self.fields(), self.signature)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises CertificateRefused."""
        with _reading():
            kind, desk, generation, public, by, signature = _versioned(data)
            if kind not in {b"first-desk", b"next-desk"} or len(generation) != GENERATION_BYTES:
                raise CertificateRefused(Flaw.MALFORMED)
            signer = InviteCertificate if kind == b"first-desk" else Standing
            return cls(
                desk=desk.decode(),
                generation=int.from_bytes(generation, "big"),
                public=public,
                by=signer.from_bytes(by),
                signature=signature,
            )


def _pack(kind: bytes, *fields: bytes) -> bytes:
    return bytes([CERTIFICATE_VERSION]) + join(kind, *fields)


def _unpack(kind: bytes, data: bytes) -> tuple[bytes, ...]:
    found, *fields = _versioned(data)
    if found != kind:
        raise CertificateRefused(Flaw.MALFORMED)
    return tuple(fields)


def _versioned(data: bytes) -> tuple[bytes, ...]:
    if data and data[0] != CERTIFICATE_VERSION:
        raise CertificateRefused(Flaw.VERSION)
    return split(data[1:])


@contextmanager
def _reading() -> Iterator[None]:
    """Fields missing, too many, or not what they should be: all one flaw."""
    try:
        yield
    except (FieldsMalformed, ValueError):
        raise CertificateRefused(Flaw.MALFORMED) from None


def _flag(field: bytes) -> bool:
    if field not in {b"\0", b"\1"}:
        raise CertificateRefused(Flaw.MALFORMED)
    return field == b"\1"
