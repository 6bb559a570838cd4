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
from typing import BinaryIO

from app import keys
from app.backup_files import (
    Placed,
    begin_beside,
    destroy_left,
    fresh_of,
    older_than,
    place,
    refuse_taken,
)
from app.newest_shreds import newest_shreds, note_newest_shreds, read_moment
from app.settings import SettingRefused, Settings
from crypto.backup_seal import BackupWriter, Header, mark_of
from crypto.xwing import PublicKey
from storage.dumping import dump
from storage.fitting import misfits
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
    beside *addresses*: without them nobody would ever open what is restored. `shreds`: beside
    *cases*, of when the newest backup of *shreds* was.
    """

    store: Store
    made: datetime
    shape: str
    with_it: str
    shreds: datetime | None = None

    def line(self) -> bytes:
        fields = [FORMAT, self.store, self.made.isoformat(), self.shape, self.with_it]
        known = [self.shreds.isoformat()] if self.shreds else []
        return json.dumps([*fields, *known]).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> "Head":
        try:
            kind, store, made, shape, with_it, *shreds = json.loads(line)
            if kind != FORMAT:
                raise SettingRefused(LATER_RELEASE)
            return cls(
                store=Store(store),
                made=read_moment(made),
                shape=str(shape),
                with_it=str(with_it),
                shreds=read_moment(shreds[0]) if shreds else None,
            )
        except (ValueError, TypeError):
            raise SettingRefused(LATER_RELEASE) from None


LATER_RELEASE = (
    "this backup was made by another release, later than this one: restore it with that one"
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
    head = Head(
        store=store,
        made=now,
        shape=newest_shape(),
        with_it=_with(settings, store),
        shreds=newest_shreds(settings) if store is Store.CASES else None,
    )
    lines = told(dump(store, settings.database, settings.data_dir), say)
    with begin_beside(file, header) as opened:
        rows = _write(opened, header, public, head, lines)
        size = opened.tell()
    former = older_than(file, header) if store.keeps_newest_only else None
    why = _incomplete(settings, store, rows) if former else None
    if former and why:
        destroy_left(fresh_of(file), header)
        message = f"{why}, and {former} may be all that is left: restore it, or destroy it yourself"
        raise SettingRefused(message)
    placed = place(file, header, alone=store.keeps_newest_only)
    if store is Store.SHREDS:
        note_newest_shreds(settings, now, now)
    return BackedUp(rows=rows, size=size, placed=placed)


def _incomplete(settings: Settings, store: Store, rows: int) -> str | None:
    """Why this backup must not take the place of a former one."""
    if not rows:
        return f"{store} is empty"
    if store is Store.SHREDS:
        lost = len(misfits(settings.database, settings.data_dir).reports)
        if lost:
            return f"reports without a key in shreds: {lost}"
    return None


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


def told(lines: Iterable[bytes], say: Say) -> Iterator[bytes]:
    for number, line in enumerate(lines, start=1):
        if number % SAID_EVERY == 0:
            say(f"{number} rows …")
        yield line


def _with(settings: Settings, store: Store) -> str:
    match store:
        case Store.CASES:
            return keys.deployment_id(settings).hex()
        case Store.ADDRESSES:
            return keys.service_keys(settings)
        case Store.SHREDS:
            return ""
