"""HPKE once more, from the documents alone: RFC 9180, sections 4 to 6, in base mode, and the
combiner of X-Wing (draft-connolly-cfrg-xwing-kem, 5.3). It shares the primitives with the
library whose HPKE the product uses, and no line of how they are joined.
"""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MODE_BASE = b"\0"
HKDF_SHA256 = 0x0001
NONCE_BYTES = 12
HASH_BYTES = 32
DHKEM_X25519 = 0x0020
XWING = 0x647A
XWING_LABEL = b"\\.//^\\"
MLKEM_PUBLIC_BYTES = 1184
MLKEM_CIPHERTEXT_BYTES = 1088


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    kem: int
    aead: int
    key_bytes: int

    @property
    def id(self) -> bytes:
        return b"HPKE" + b"".join(
            each.to_bytes(2, "big") for each in (self.kem, HKDF_SHA256, self.aead)
        )

    def schedule(self, shared_secret: bytes, info: bytes) -> tuple[bytes, bytes]:
        """Key and base nonce (RFC 9180, 5.1), without a pre-shared key."""
        psk_id_hash = labeled_extract(self.id, b"", b"psk_id_hash", b"")
        context = MODE_BASE + psk_id_hash + labeled_extract(self.id, b"", b"info_hash", info)
        secret = labeled_extract(self.id, shared_secret, b"secret", b"")
        key = labeled_expand(self.id, secret, b"key", context, self.key_bytes)
        return key, labeled_expand(self.id, secret, b"base_nonce", context, NONCE_BYTES)


OURS = Suite(kem=XWING, aead=0x0002, key_bytes=32)
RFC_A1 = Suite(kem=DHKEM_X25519, aead=0x0001, key_bytes=16)


def labeled_extract(suite_id: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    whole = b"HPKE-v1" + suite_id + label + material
    return hmac.digest(salt or bytes(HASH_BYTES), whole, "sha256")


def labeled_expand(suite_id: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    whole = length.to_bytes(2, "big") + b"HPKE-v1" + suite_id + label + info
    return hmac.digest(prk, whole + b"\1", "sha256")[:length]


def dh_shared(private: X25519PrivateKey, enc: bytes) -> bytes:
    """Decap of DHKEM(X25519, HKDF-SHA256) (RFC 9180, 4.1)."""
    suite_id = b"KEM" + DHKEM_X25519.to_bytes(2, "big")
    shared = private.exchange(X25519PublicKey.from_public_bytes(enc))
    context = enc + private.public_key().public_bytes_raw()
    prk = labeled_extract(suite_id, b"", b"eae_prk", shared)
    return labeled_expand(suite_id, prk, b"shared_secret", context, HASH_BYTES)


def xwing_shared(of_mlkem: bytes, of_x25519: bytes, ciphertext: bytes, public: bytes) -> bytes:
    return hashlib.sha3_256(of_mlkem + of_x25519 + ciphertext + public + XWING_LABEL).digest()


def seal(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """`public`: 1216 bytes. Gives encapsulation, ciphertext, tag."""
    mlkem = MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_BYTES])
    recipient = public[MLKEM_PUBLIC_BYTES:]
    of_mlkem, encapsulated = mlkem.encapsulate()
    ephemeral = X25519PrivateKey.generate()
    of_x25519 = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    sent = ephemeral.public_key().public_bytes_raw()
    key, nonce = OURS.schedule(xwing_shared(of_mlkem, of_x25519, sent, recipient), info)
    return encapsulated + sent + AESGCM(key).encrypt(nonce, plaintext, b"")


def unseal(seed: bytes, body: bytes, info: bytes) -> bytes:
    """`seed`: 32 bytes of X-Wing. Raises InvalidTag."""
    expanded = hashlib.shake_256(seed).digest(96)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
    encapsulated, rest = body[:MLKEM_CIPHERTEXT_BYTES], body[MLKEM_CIPHERTEXT_BYTES:]
    sent, sealed = rest[:32], rest[32:]
    shared = xwing_shared(
        mlkem.decapsulate(encapsulated),
        x25519.exchange(X25519PublicKey.from_public_bytes(sent)),
        sent,
        x25519.public_key().public_bytes_raw(),
    )
    key, nonce = OURS.schedule(shared, info)
    return AESGCM(key).decrypt(nonce, sealed, b"")
