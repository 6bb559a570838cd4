"""Ed25519 (RFC 8032) over messages that say what they are for.

The signed bytes are `sauti/<purpose>/v1` and length-prefixed fields, so a signature made for one
purpose never passes for another, and fields cannot slide into each other.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from crypto.entropy import Entropy, system_entropy
from crypto.errors import KeyMalformed, SignatureRefused
from crypto.fields import join

SEED_BYTES = 32
PUBLIC_BYTES = 32


class Purpose(StrEnum):
    """Every use of a signature. None is the beginning of another."""

    EVENT = "event"
    INVITE = "invite"
    MEMBER = "member"
    DESK = "desk"
    GRANT = "grant"
    LEDGER_HEAD = "ledger-head"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SigningKey:
    """`public` is 32 bytes; the private half is never shown."""

    loaded: Ed25519PrivateKey = field(repr=False)
    public: bytes

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        if len(seed) != SEED_BYTES:
            raise KeyMalformed
        loaded = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(loaded=loaded, public=loaded.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, entropy: Entropy = system_entropy) -> Self:
        return cls.from_seed(entropy(SEED_BYTES))

    def sign(self, purpose: Purpose, *fields: bytes) -> bytes:
        """64 bytes."""
        return self.loaded.sign(message(purpose, *fields))


def verify(public: bytes, signature: bytes, purpose: Purpose, *fields: bytes) -> None:
    """Raises SignatureRefused; a public key that is none is refused the same way."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message(purpose, *fields))
    except (InvalidSignature, ValueError):
        raise SignatureRefused from None


def message(purpose: Purpose, *fields: bytes) -> bytes:
    """The bytes that are signed."""
    return b"sauti/" + purpose.encode() + b"/v1" + join(*fields)
