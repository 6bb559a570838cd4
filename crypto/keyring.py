"""The service keyring: keys with versions, the newest seals, each opens what it sealed.

As text, in the environment or a credential: `v1:<base64url of 32 bytes>,v2:…`, newest last.
An envelope is: version byte, key version (2 bytes big-endian), AES-GCM envelope.
"""

import base64
import hmac
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from crypto import symmetric
from crypto.context import Context
from crypto.entropy import Entropy, system_entropy
from crypto.envelope import body_of, stamp
from crypto.errors import EnvelopeRefused, KeyringMalformed
from crypto.fields import join

VERSION_BYTES = 2
MAX_VERSION = 2 ** (8 * VERSION_BYTES) - 1
SEAL_LABEL = "sauti/keyring/v1|seal"
TAG_LABEL = "sauti/keyring/v1|tag"

_ENTRY = re.compile(r"v([1-9][0-9]{0,4}):([A-Za-z0-9_-]{43})=?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionedKey:
    version: int
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """Versions rise; the last is the newest. Raises KeyringMalformed otherwise."""

    keys: tuple[VersionedKey, ...]

    def __post_init__(self) -> None:
        if not self.keys:
            raise KeyringMalformed(1)
        for part, (older, newer) in enumerate(pairwise(self.keys), start=2):
            if newer.version <= older.version:
                raise KeyringMalformed(part)
        for part, key in enumerate(self.keys, start=1):
            if len(key.key) != symmetric.KEY_BYTES or not 0 < key.version <= MAX_VERSION:
                raise KeyringMalformed(part)

    @classmethod
    def generate(cls, entropy: Entropy = system_entropy) -> Self:
        return cls(keys=(VersionedKey(version=1, key=entropy(symmetric.KEY_BYTES)),))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises KeyringMalformed with the number of the part, never its content."""
        parts = enumerate(text.split(","), start=1)
        return cls(keys=tuple(_entry(number, part.strip()) for number, part in parts))

    def format(self) -> str:
        """The secret itself, as `parse` reads it."""
        return ",".join(f"v{key.version}:{_base64url(key.key)}" for key in self.keys)

    def rotated(self, entropy: Entropy = system_entropy) -> Self:
        """This keyring with a fresh newest key."""
        fresh = VersionedKey(version=self.newest.version + 1, key=entropy(symmetric.KEY_BYTES))
        return type(self)(keys=(*self.keys, fresh))

    def joined(self, other: "Keyring") -> Self:
        """All keys of both. Raises KeyringMalformed where one version means two keys."""
        both = {(key.version, key.key): key for key in (*self.keys, *other.keys)}
        ordered = sorted(both.values(), key=lambda key: key.version)
        return type(self)(keys=tuple(ordered))

    def newest_only(self) -> Self:
        return type(self)(keys=self.keys[-1:])

    @property
    def newest(self) -> VersionedKey:
        return self.keys[-1]

    def seal(self, plaintext: bytes, context: Context) -> bytes:
        key = symmetric.expand(self.newest.key, SEAL_LABEL)
        version = self.newest.version.to_bytes(VERSION_BYTES, "big")
        return stamp(version + symmetric.seal(key, plaintext, context))

    def unseal(self, envelope: bytes, context: Context) -> bytes:
        """Raises EnvelopeRefused (also for a key version not in the ring),
        EnvelopeVersionUnknown.
        """
        version = version_of(envelope)
        for candidate in self.keys:
            if candidate.version == version:
                key = symmetric.expand(candidate.key, SEAL_LABEL)
                return symmetric.unseal(key, body_of(envelope)[VERSION_BYTES:], context)
        raise EnvelopeRefused

    def tag(self, purpose: str, value: bytes) -> bytes:
        """HMAC-SHA-256 with the newest key: finds a row without keeping the value. 32 bytes."""
        return _tag(self.newest, purpose, value)

    def tags(self, purpose: str, value: bytes) -> tuple[bytes, ...]:
        """One for each version, newest first: for looking up while keys rotate."""
        return tuple(_tag(key, purpose, value) for key in reversed(self.keys))


def version_of(envelope: bytes) -> int:
    """Which key sealed it, so that rotation finds what is old. Raises EnvelopeRefused,
    EnvelopeVersionUnknown.
    """
    version = body_of(envelope)[:VERSION_BYTES]
    if len(version) != VERSION_BYTES:
        raise EnvelopeRefused
    return int.from_bytes(version, "big")


def _entry(number: int, part: str) -> VersionedKey:
    match = _ENTRY.fullmatch(part)
    if match is None:
        raise KeyringMalformed(number)
    return VersionedKey(version=int(match[1]), key=base64.urlsafe_b64decode(match[2] + "="))


def _tag(key: VersionedKey, purpose: str, value: bytes) -> bytes:
    tag_key = symmetric.expand(key.key, TAG_LABEL)
    return hmac.digest(tag_key, join(purpose.encode(), value), "sha256")


def _base64url(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode("ascii").rstrip("=")
