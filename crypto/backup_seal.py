"""A backup as a file: sealed to the recovery key, chunk by chunk, and whole or refused.

A file is: magic line, store's name and id (length-prefixed), the file's own key (HPKE), then
chunks, each an AES-GCM envelope behind its length. A chunk is bound to its place, and the
last one says that it is: what was cut off, swapped or put together from two files does not open.
It is not signed: whoever knows the public key can make one. Half of the id is a mark of the
deployment, so that an older backup is known for its own without any key; the rest is random.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from io import BufferedReader
from typing import BinaryIO

from crypto import symmetric, xwing
from crypto.context import Context
from crypto.entropy import Entropy, system_entropy
from crypto.errors import (
    BackupDamaged,
    EnvelopeRefused,
    EnvelopeVersionUnknown,
    KeyMalformed,
    RecoveryKeyRefused,
)
from crypto.fields import LENGTH_BYTES, join
from crypto.xwing import KeyPair, PublicKey

MAGIC = b"sauti-backup-v1\n"
MARK_BYTES, RANDOM_BYTES = 8, 8
ID_BYTES = MARK_BYTES + RANDOM_BYTES
CHUNK_BYTES = 1 << 20
MOST_FIELD_BYTES = 2 * CHUNK_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What anybody can read of a backup."""

    store: str
    mark: bytes


def mark_of(deployment_id: bytes) -> bytes:
    return sha256(b"sauti/backup/mark/v1" + deployment_id).digest()[:MARK_BYTES]


def read_header(file: BinaryIO) -> Header:
    """Of any file; what follows is secret. Raises BackupDamaged."""
    store, row = _beginning(file)
    return Header(store=store, mark=row[:MARK_BYTES])


def _beginning(file: BinaryIO) -> tuple[str, bytes]:
    """Store and id."""
    if file.read(len(MAGIC)) != MAGIC:
        raise BackupDamaged
    store, row = _field(file), _field(file)
    try:
        return store.decode("ascii"), row
    except UnicodeDecodeError:
        raise BackupDamaged from None


@dataclass(slots=True)
class BackupWriter:
    """`close` writes the last chunk: without it the file is refused."""

    file: BinaryIO
    store: str
    row: bytes
    key: bytes = field(repr=False)
    pending: bytearray = field(default_factory=bytearray, repr=False)
    written: int = 0

    @classmethod
    def begin(
        cls, file: BinaryIO, header: Header, public: PublicKey, entropy: Entropy = system_entropy
    ) -> "BackupWriter":
        row, key = header.mark + entropy(RANDOM_BYTES), entropy(symmetric.KEY_BYTES)
        sealed = xwing.seal(public, key, _key_context(header.store, row))
        file.write(MAGIC + join(header.store.encode(), row, sealed))
        return cls(file=file, store=header.store, row=row, key=key)

    def write(self, plain: bytes) -> None:
        self.pending += plain
        while len(self.pending) > CHUNK_BYTES:
            self._chunk(bytes(self.pending[:CHUNK_BYTES]), last=False)
            del self.pending[:CHUNK_BYTES]

    def close(self) -> None:
        self._chunk(bytes(self.pending), last=True)
        self.pending.clear()

    def _chunk(self, plain: bytes, *, last: bool) -> None:
        context = _chunk_context(self.store, self.row, self.written, last=last)
        self.file.write(join(symmetric.seal(self.key, plain, context)))
        self.written += 1


def read_backup(file: BufferedReader, store: str, pair: KeyPair) -> Iterator[bytes]:
    """The plain chunks. Nothing of them is to be kept before the last one has come.

    Raises BackupDamaged, RecoveryKeyRefused.
    """
    found, row = _beginning(file)
    sealed = _field(file)
    if found != store:
        raise BackupDamaged
    try:
        key = xwing.unseal(pair, sealed, _key_context(store, row))
    except (EnvelopeRefused, EnvelopeVersionUnknown):
        raise RecoveryKeyRefused from None
    number, last = 0, False
    while not last:
        envelope = _field(file)
        last = not file.peek(1)
        context = _chunk_context(store, row, number, last=last)
        try:
            yield symmetric.unseal(key, envelope, context)
        except (EnvelopeRefused, EnvelopeVersionUnknown, KeyMalformed):
            raise BackupDamaged from None
        number += 1


def _field(file: BinaryIO) -> bytes:
    prefix = file.read(LENGTH_BYTES)
    length = int.from_bytes(prefix, "big")
    content = file.read(length) if length <= MOST_FIELD_BYTES else b""
    if len(prefix) != LENGTH_BYTES or len(content) != length or not length:
        raise BackupDamaged
    return content


def _key_context(store: str, row: bytes) -> Context:
    return Context(kind="backup", row=row, field=f"{store}/key")


def _chunk_context(store: str, row: bytes, number: int, *, last: bool) -> Context:
    place = "last" if last else "more"
    return Context(kind="backup", row=row, field=f"{store}/{place}", generation=number)
