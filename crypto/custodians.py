"""The recovery key, made by custodians offline: five shares, any three of which open it.

There is no arithmetic of our own. The key's seed is wrapped ten times, once for each three of
the five shares, by AES-256-GCM under HKDF-SHA-256 of those three. Two shares are two thirds of
an input to HKDF, and open nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import NewType, Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crypto import passphrase, symmetric
from crypto.context import Context
from crypto.entropy import Entropy, system_entropy
from crypto.errors import (
    EnvelopeRefused,
    EnvelopeVersionUnknown,
    KeyMalformed,
    SharesRefused,
    TooFewShares,
    WrapsMalformed,
)
from crypto.fields import join
from crypto.spelling import RECOVERY_PUBLIC, read, spell
from crypto.xwing import PUBLIC_BYTES, KeyPair, PublicKey

CustodianShare = NewType("CustodianShare", bytes)
"""32 bytes."""

SHARES = 5
NEEDED = 3
WRAP_INFO = b"sauti/custodians/v1|wrap"

WRAPS = "sauti-recovery-wraps-v1"
WRAP = "sauti-recovery-wrap-v1"
WRAP_BYTES = 1 + symmetric.NONCE_BYTES + symmetric.KEY_BYTES + 16

Three = tuple[int, int, int]

THREES: tuple[Three, ...] = tuple(combinations(range(1, SHARES + 1), NEEDED))  # type: ignore[arg-type] # threes


@dataclass(frozen=True, slots=True, kw_only=True)
class Wraps:
    """Of no use without three shares; kept beside the data and with every custodian."""

    public: PublicKey
    sealed: Mapping[Three, bytes]

    @property
    def name(self) -> str:
        """Two words that tell this set of shares from another; not secret."""
        return set_name(self.public)

    def open(self, shares: Mapping[int, CustodianShare]) -> KeyPair:
        """Any three of `shares`, which are by number. Raises TooFewShares, SharesRefused."""
        numbers = sorted(shares)[:NEEDED]
        if len(numbers) < NEEDED:
            raise TooFewShares
        three = (numbers[0], numbers[1], numbers[2])
        key = _wrapping_key(three, shares)
        try:
            seed = symmetric.unseal(key, self.sealed[three], _context(three, self.public))
            pair = KeyPair.from_seed(seed)
        except (EnvelopeRefused, EnvelopeVersionUnknown, KeyMalformed, KeyError):
            raise SharesRefused from None
        if pair.public != self.public:
            pair.wipe()
            raise SharesRefused
        return pair

    def format(self) -> str:
        """Lines of text: what it is, the public key, then a wrap for each three."""
        lines = (f"{_spelt(three)} {spell(WRAP, self.sealed[three])}" for three in THREES)
        return "\n".join((WRAPS, spell(RECOVERY_PUBLIC, self.public.raw), *lines))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises WrapsMalformed."""
        kind, public, *lines = [*text.split("\n"), "", ""]
        rows = [line.split() for line in lines if line.strip()]
        try:
            found = {spelt: read(WRAP, wrap, WRAP_BYTES) for spelt, wrap in rows}
            raw = read(RECOVERY_PUBLIC, public, PUBLIC_BYTES)
            sealed = {three: found[_spelt(three)] for three in THREES}
            if kind.strip() != WRAPS or len(rows) != len(THREES):
                raise WrapsMalformed
            return cls(public=PublicKey.from_bytes(raw), sealed=sealed)
        except (KeyMalformed, ValueError, KeyError):
            raise WrapsMalformed from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """`shares` by number, from 1. The pair itself is not kept."""

    wraps: Wraps
    shares: Mapping[int, CustodianShare] = field(repr=False)


def make(entropy: Entropy = system_entropy) -> Made:
    """1. A pair. 2. Five shares by chance. 3. Its seed under each three. 4. Each wrap tried."""
    with KeyPair.generate(entropy) as pair:
        public = pair.public
        shares = {n: CustodianShare(entropy(symmetric.KEY_BYTES)) for n in range(1, SHARES + 1)}
        sealed = {
            three: symmetric.seal(_wrapping_key(three, shares), pair.seed, _context(three, public))
            for three in THREES
        }
    wraps = Wraps(public=public, sealed=sealed)
    for three in THREES:
        wraps.open({number: shares[number] for number in three}).wipe()
    return Made(wraps=wraps, shares=shares)


def set_name(public: PublicKey) -> str:
    digest = HKDF(SHA256(), passphrase.DRAW_BYTES, salt=None, info=b"sauti/custodians/v1|name")
    return "-".join(passphrase.six_words(digest.derive(public.raw))[:2])


def _wrapping_key(three: Three, shares: Mapping[int, CustodianShare]) -> bytes:
    """Extract and expand (RFC 5869): every field length-prefixed, in the order of numbers."""
    keys = join(*(shares[number] for number in three))
    return HKDF(SHA256(), symmetric.KEY_BYTES, salt=None, info=WRAP_INFO).derive(keys)


def _context(three: Three, public: PublicKey) -> Context:
    return Context(kind="recovery-wrap", row=join(bytes(three), public.raw), field="seed")


def _spelt(three: Three) -> str:
    return "-".join(map(str, three))
