"""Sealing to a public key: HPKE (RFC 9180) in base mode with X-Wing, HKDF-SHA-256, AES-256-GCM.

X-Wing (draft-connolly-cfrg-xwing-kem, KEM id 0x647A) joins ML-KEM-768 and X25519, so
what is copied today stays closed unless both fall. A public key is 1216 bytes: ML-KEM's
1184, then X25519's 32. An envelope is: version byte, encapsulation (1120 bytes),
ciphertext, tag (16 bytes).
"""

import hashlib
from dataclasses import dataclass, field
from typing import Self

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from crypto.context import Context
from crypto.entropy import Entropy, system_entropy
from crypto.envelope import body_of, refusing, stamp
from crypto.errors import KeyMalformed

SEED_BYTES = 32
MLKEM_PUBLIC_BYTES = 1184
PUBLIC_BYTES = MLKEM_PUBLIC_BYTES + 32
MLKEM_SEED_BYTES = 64
EXPANDED_SEED_BYTES = MLKEM_SEED_BYTES + 32

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """Equal when `raw` (1216 bytes) is."""

    raw: bytes
    loaded: MLKEM768X25519PublicKey = field(repr=False, compare=False)

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Raises KeyMalformed, also for an ML-KEM half out of range (FIPS 203, 7.2)."""
        if len(raw) != PUBLIC_BYTES:
            raise KeyMalformed
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC_BYTES])
        except ValueError:
            raise KeyMalformed from None
        x25519 = X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC_BYTES:])
        return cls(raw=raw, loaded=MLKEM768X25519PublicKey(mlkem, x25519))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeyPair:
    """`seed` (32 bytes) is the whole private key, and never shown. A bytearray, so that it
    can be overwritten.
    """

    seed: bytearray = field(repr=False)
    loaded: MLKEM768X25519PrivateKey = field(repr=False)
    public: PublicKey

    @classmethod
    def from_seed(cls, seed: bytes | bytearray) -> Self:
        """X-Wing's expandDecapsulationKey: SHAKE-256 to d‖z of ML-KEM and X25519's scalar."""
        if len(seed) != SEED_BYTES:
            raise KeyMalformed
        expanded = hashlib.shake_256(seed).digest(EXPANDED_SEED_BYTES)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:MLKEM_SEED_BYTES])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[MLKEM_SEED_BYTES:])
        raw = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        return cls(
            seed=bytearray(seed),
            loaded=MLKEM768X25519PrivateKey(mlkem, x25519),
            public=PublicKey.from_bytes(raw),
        )

    @classmethod
    def generate(cls, entropy: Entropy = system_entropy) -> Self:
        return cls.from_seed(entropy(SEED_BYTES))

    def wipe(self) -> None:
        """Overwrites the seed; OpenSSL does it for what it holds, when that is let go of."""
        self.seed[:] = bytes(SEED_BYTES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Wiped, whatever happened."""
        self.wipe()


def seal(public: PublicKey, plaintext: bytes | bytearray, context: Context) -> bytes:
    """Raises KeyMalformed for an X25519 half of small order (the exchange comes out zero)."""
    try:
        return stamp(_SUITE.encrypt(plaintext, public.loaded, context.encode()))
    except ValueError:
        raise KeyMalformed from None


def unseal(private: KeyPair, envelope: bytes, context: Context) -> bytes:
    """Raises EnvelopeRefused, EnvelopeVersionUnknown."""
    body = body_of(envelope)
    with refusing():
        return _SUITE.decrypt(body, private.loaded, context.encode())
