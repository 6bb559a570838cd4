"""A member's keys: one 32-byte seed, kept wrapped under what they know and what their chat holds.

The passphrase alone opens nothing, nor does the share in the unlock button. A wrapped seed
is: version byte, salt (16 bytes), AES-GCM envelope.
"""

from dataclasses import dataclass
from typing import NewType, Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto import symmetric
from crypto.context import Context
from crypto.entropy import Entropy, system_entropy
from crypto.envelope import body_of, stamp
from crypto.errors import EnvelopeRefused, KeyMalformed, PassphraseRefused
from crypto.passphrase import normalise
from crypto.signing import SigningKey
from crypto.xwing import KeyPair

MemberSeed = NewType("MemberSeed", bytes)
"""32 bytes."""

Share = NewType("Share", bytes)
"""32 bytes; lives only in the unlock button's callback data in the member's chat."""

SEALING_LABEL = "sauti/member/v1|sealing"
SIGNING_LABEL = "sauti/member/v1|signing"
WRAP_INFO = b"sauti/member/v1|wrap"

SALT_BYTES = 16
NAME_BYTES = 6
MEMORY_KIB = 64 * 1024
ITERATIONS = 3
LANES = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberKeys:
    sealing: KeyPair
    signing: SigningKey

    @classmethod
    def from_seed(cls, seed: MemberSeed) -> Self:
        return cls(
            sealing=KeyPair.from_seed(symmetric.expand(seed, SEALING_LABEL)),
            signing=SigningKey.from_seed(symmetric.expand(seed, SIGNING_LABEL)),
        )

    def wipe(self) -> None:
        """OpenSSL alone holds the signing half."""
        self.sealing.wipe()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.wipe()


def new_seed(entropy: Entropy = system_entropy) -> MemberSeed:
    return MemberSeed(entropy(symmetric.KEY_BYTES))


def new_share(entropy: Entropy = system_entropy) -> Share:
    return Share(entropy(symmetric.KEY_BYTES))


def name_of(wrapped: bytes) -> bytes:
    """What a button says of the wrap it belongs to: the first bytes of its salt, which is
    random and no secret. Raises EnvelopeVersionUnknown, EnvelopeRefused.
    """
    return body_of(wrapped)[:NAME_BYTES]


def wrap(seed: MemberSeed, passphrase: str, share: Share, member_id: bytes) -> bytes:
    """Slow (141 ms). Raises KeyMalformed for a seed or share that is not 32 bytes."""
    if len(seed) != symmetric.KEY_BYTES or len(share) != symmetric.KEY_BYTES:
        raise KeyMalformed
    salt = system_entropy(SALT_BYTES)
    key = _wrapping_key(passphrase, share, salt)
    return stamp(salt + symmetric.seal(key, seed, _context(member_id)))


def unwrap(wrapped: bytes, passphrase: str, share: bytes, member_id: bytes) -> MemberSeed:
    """Slow (141 ms). Raises PassphraseRefused, EnvelopeVersionUnknown."""
    try:
        body = body_of(wrapped)
        if len(body) < SALT_BYTES:
            raise PassphraseRefused
        key = _wrapping_key(passphrase, share, body[:SALT_BYTES])
        return MemberSeed(symmetric.unseal(key, body[SALT_BYTES:], _context(member_id)))
    except EnvelopeRefused:
        raise PassphraseRefused from None


def _wrapping_key(passphrase: str, share: bytes, salt: bytes) -> bytes:
    """HKDF(salt, Argon2id(passphrase) ‖ share): neither half is of use without the other."""
    argon = Argon2id(
        salt=salt,
        length=symmetric.KEY_BYTES,
        iterations=ITERATIONS,
        lanes=LANES,
        memory_cost=MEMORY_KIB,
    )
    known = argon.derive(normalise(passphrase).encode())
    hkdf = HKDF(algorithm=SHA256(), length=symmetric.KEY_BYTES, salt=salt, info=WRAP_INFO)
    return hkdf.derive(known + share)


def _context(member_id: bytes) -> Context:
    return Context(kind="member", row=member_id, field="seed")
