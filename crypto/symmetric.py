"""AES-256-GCM under a 32-byte key, and HKDF-Expand, by which one key gives many.

An envelope is: version byte, nonce (12 bytes, random), ciphertext, tag (16 bytes).
Nonces are random, so one key seals far fewer than 2**32 envelopes (NIST SP 800-38D, 8.3);
here most keys seal a handful.
"""

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from crypto.context import Context
from crypto.entropy import system_entropy
from crypto.envelope import body_of, refusing, stamp
from crypto.errors import KeyMalformed

KEY_BYTES = 32
NONCE_BYTES = 12


def seal(key: bytes, plaintext: bytes | bytearray, context: Context) -> bytes:
    nonce = system_entropy(NONCE_BYTES)
    return stamp(nonce + _cipher(key).encrypt(nonce, plaintext, context.encode()))


def unseal(key: bytes, envelope: bytes, context: Context) -> bytes:
    """Raises EnvelopeRefused, EnvelopeVersionUnknown."""
    body = body_of(envelope)
    with refusing():
        return _cipher(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], context.encode())


def expand(key: bytes, label: str, length: int = KEY_BYTES) -> bytes:
    """HKDF-Expand with SHA-256 (RFC 5869, 2.3); `key` must be uniform already."""
    if len(key) < KEY_BYTES:
        raise KeyMalformed
    return HKDFExpand(SHA256(), length, label.encode()).derive(key)


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise KeyMalformed
    return AESGCM(key)
