"""Backups: one store, one file, sealed to the recovery key as it is written.

A backup of *shreds* keeps reports readable that were destroyed since, and one of *addresses*
keeps chats that asked to be forgotten. So of these two only the newest stays in its folder.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from app import keys
from app.backup_files import Placed, begin_beside, place, refuse_taken
from app.settings import SettingRefused, Settings
from crypto.backup_seal import BackupWriter, Header, mark_of, read_backup
from crypto.errors import BackupDamaged, RecoveryKeyRefused
from crypto.xwing import KeyPair, PublicKey
from storage.dumping import DumpMalformed, StoreAlive, dump, load
from storage.migrate import newest_shape

FORMAT = "sauti-dump-1"
SAID_EVERY = 10_000
"""Rows between two words of progress."""

Say = Callable[[str], object]


class Store(StrEnum):
    CASES = "cases"
    ADDRESSES = "addresses"
    SHREDS = "shreds"

    @property
    def keeps_newest_only(self) -> bool:
        return self is not Store.CASES


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The first line of a dump. `with_it`: the deployment id beside *cases*, the service keyring
    beside *addresses*: without them nobody would ever open what is restored.
    """

    store: Store
    made: datetime
    shape: str
    with_it: str

    def line(self) -> bytes:
        fields = [FORMAT, self.store, self.made.isoformat(), self.shape, self.with_it]
        return json.dumps(fields).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> "Head":
        try:
            kind, store, made, shape, with_it = json.loads(line)
            if kind != FORMAT:
                raise SettingRefused(OTHER_RELEASE)
            return cls(
                store=Store(store),
                made=datetime.fromisoformat(made),
                shape=str(shape),
                with_it=str(with_it),
            )
        except (ValueError, TypeError):
            raise SettingRefused(OTHER_RELEASE) from None


OTHER_RELEASE = (
    "this backup was made by another release: restore it with that one, then `sauti db upgrade`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    rows: int
    size: int
    placed: Placed


def back_up(
    settings: Settings, store: Store, file: Path, public: PublicKey, now: datetime, *, say: Say
) -> BackedUp:
    """Whole, under its name, and of *shreds* and *addresses* alone in its folder. Only one at a
    time. Raises SettingRefused, StoreUnavailable.
    """
    header = Header(store=store, mark=mark_of(keys.deployment_id(settings)))
    refuse_taken(file, header, makes_room=store.keeps_newest_only)
    head = Head(store=store, made=now, shape=newest_shape(), with_it=_with(settings, store))
    lines = _told(dump(store, settings.database, settings.data_dir), say)
    with begin_beside(file) as opened:
        rows = _write(opened, header, public, head, lines)
        size = opened.tell()
    placed = place(file, header, alone=store.keeps_newest_only)
    return BackedUp(rows=rows, size=size, placed=placed)


def restore(
    settings: Settings, store: Store, file: Path, pair: KeyPair, *, say: Say, overwrite: bool
) -> tuple[Head, dict[str, int]]:
    """Rows by table; all or nothing. Raises SettingRefused, StoreUnavailable."""
    with _open(file) as opened:
        try:
            lines = _lines(read_backup(opened, store, pair))
            head = _head(lines, store)
            told = _told(lines, say)
            counts = load(store, settings.database, settings.data_dir, told, overwrite=overwrite)
        except StoreAlive:
            message = f"{store} {ALIVE[store]}; --overwrite does it"
            raise SettingRefused(message) from None
        except (BackupDamaged, DumpMalformed):
            message = f"{file} is no whole backup of {store}: nothing was changed"
            raise SettingRefused(message) from None
        except RecoveryKeyRefused:
            message = f"{file} {OTHER_KEY}"
            raise SettingRefused(message) from None
    return head, counts


def verify(store: Store, file: Path, pair: KeyPair) -> tuple[Head, int]:
    """Opens all of it, and keeps nothing: how many rows. Raises SettingRefused."""
    with _open(file) as opened:
        try:
            lines = _lines(read_backup(opened, store, pair))
            head = _head(lines, store)
            return head, sum(1 for _ in lines)
        except BackupDamaged:
            message = f"{file} is no whole backup of {store}"
            raise SettingRefused(message) from None
        except RecoveryKeyRefused:
            message = f"{file} {OTHER_KEY}"
            raise SettingRefused(message) from None


ALIVE = {
    Store.CASES: "holds reports, and what came since the backup would be lost",
    Store.ADDRESSES: "holds chats, and what was stopped since the backup would begin again",
    Store.SHREDS: "holds keys, and what was destroyed since the backup would be readable again",
}
OTHER_KEY = "was sealed to another recovery key, or is damaged: nothing was changed"


def _write(
    file: BinaryIO, header: Header, public: PublicKey, head: Head, lines: Iterator[bytes]
) -> int:
    """How many rows, all of them on the disk."""
    rows = 0
    writer = BackupWriter.begin(file, header, public)
    writer.write(head.line())
    for line in lines:
        writer.write(line)
        rows += 1
    writer.close()
    file.flush()
    os.fsync(file.fileno())
    return rows


def _told(lines: Iterable[bytes], say: Say) -> Iterator[bytes]:
    for number, line in enumerate(lines, start=1):
        if number % SAID_EVERY == 0:
            say(f"{number} rows …")
        yield line


def _open(file: Path) -> Any:
    try:
        return file.open("rb")
    except OSError as refused:
        message = f"{file} cannot be read ({type(refused).__name__})"
        raise SettingRefused(message) from None


def _head(lines: Iterator[bytes], store: Store) -> Head:
    head = Head.read(next(lines, b""))
    if head.store is not store or head.shape != newest_shape():
        raise SettingRefused(OTHER_RELEASE)
    return head


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Raises BackupDamaged for a last line without an end."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    if rest:
        raise BackupDamaged


def _with(settings: Settings, store: Store) -> str:
    match store:
        case Store.CASES:
            return keys.deployment_id(settings).hex()
        case Store.ADDRESSES:
            return keys.service_keys(settings)
        case Store.SHREDS:
            return ""
