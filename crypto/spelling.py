"""How keys are written where people and settings handle them: a name, a version, base64url."""

import base64
import binascii

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto.entropy import system_entropy
from crypto.errors import KeyMalformed
from crypto.passphrase import DRAW_BYTES, six_words
from crypto.signing import PUBLIC_BYTES as ROOT_PUBLIC_BYTES
from crypto.signing import SEED_BYTES, SigningKey
from crypto.xwing import PUBLIC_BYTES as SEALING_PUBLIC_BYTES
from crypto.xwing import KeyPair, PublicKey

ROOT_SECRET = "sauti-root-secret-v1"  # noqa: S105 - a label
ROOT_PUBLIC = "sauti-root-public-v1"
RECOVERY_SECRET = "sauti-recovery-secret-v1"  # noqa: S105 - a label
RECOVERY_PUBLIC = "sauti-recovery-public-v1"


def spell(label: str, key: bytes) -> str:
    """`label:base64url`, without padding."""
    return f"{label}:{base64.urlsafe_b64encode(key).decode().rstrip('=')}"


def read(label: str, text: str, size: int) -> bytes:
    """Raises KeyMalformed: another label, another size, or no base64url."""
    found, _, encoded = text.strip().partition(":")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise KeyMalformed from None
    if found != label or len(key) != size:
        raise KeyMalformed
    return key


def read_root_public(text: str) -> bytes:
    return read(ROOT_PUBLIC, text, ROOT_PUBLIC_BYTES)


def read_root_secret(text: str) -> SigningKey:
    return SigningKey.from_seed(read(ROOT_SECRET, text, SEED_BYTES))


def read_recovery_public(text: str) -> PublicKey:
    return PublicKey.from_bytes(read(RECOVERY_PUBLIC, text, SEALING_PUBLIC_BYTES))


def read_recovery_secret(text: str) -> KeyPair:
    return KeyPair.from_seed(read(RECOVERY_SECRET, text, SEED_BYTES))


def root_words(public: bytes) -> str:
    """Six words (77 bits) of the root's public half, to compare with paper."""
    digest = HKDF(SHA256(), DRAW_BYTES, salt=None, info=b"sauti/root/v1|words")
    return " ".join(six_words(digest.derive(public)))


def new_root() -> tuple[str, str]:
    """Secret and public, spelt."""
    seed = system_entropy(SEED_BYTES)
    return spell(ROOT_SECRET, seed), spell(ROOT_PUBLIC, SigningKey.from_seed(seed).public)


def new_recovery() -> tuple[str, str]:
    """Secret and public, spelt."""
    with KeyPair.generate() as pair:
        return spell(RECOVERY_SECRET, bytes(pair.seed)), spell(RECOVERY_PUBLIC, pair.public.raw)
