"""Restoring: a backup of one store put back, all or nothing; and nothing with it that ended, was
destroyed or was taken away since, as far as that is known. docs/adr/0008 says how far.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BufferedReader
from pathlib import Path

from app import keys
from app.backing_up import LATER_RELEASE, Head, Say, Store, told
from app.forgotten_since import ForgottenSince
from app.keyring_file import keyring_here
from app.newest_shreds import note_newest_shreds, refuse_older_shreds
from app.settings import SettingRefused, Settings
from crypto.backup_seal import read_backup
from crypto.errors import BackupDamaged, KeyMalformed, RecoveryKeyRefused
from crypto.sealer import certified
from crypto.spelling import read_root_public
from crypto.xwing import KeyPair
from domain.desks.desk import DeskKey
from domain.ports.sealing import KeyRefused
from domain.staff.member import DeskPublic, MemberId
from storage.dumping import DumpMalformed, Row, read_row
from storage.older_dumps import ShapeUnknown, brought_up
from storage.register import Kept, RegisterLost
from storage.restoring import (
    Counts,
    Fitted,
    NothingFits,
    StoreAlive,
    holds_rows,
    load_addresses,
    load_cases,
    load_shreds,
)
from storage.staff import MEMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberThen:
    """Who was a member when the backup was made."""

    id: MemberId
    role: str
    desk: str

    @property
    def short(self) -> str:
        return self.id.hex()[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is in a backup."""

    head: Head
    rows: int
    members: tuple[MemberThen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Of whoever restores. `named`: who was revoked since, as typed; `revoked`: who that is. None
    if nobody said.
    """

    overwrite: bool = False
    drop_unreadable: bool = False
    older: bool = False
    named: tuple[str, ...] | None = None
    revoked: frozenset[MemberId] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """`counts`: rows by table. `kept`: of the staff, in *cases*; `fitted`: of keys, in *shreds*."""

    head: Head
    counts: Counts
    kept: Kept | None = None
    fitted: Fitted | None = None


def restore(
    settings: Settings,
    store: Store,
    file: Path,
    pair: KeyPair,
    *,
    now: datetime,
    say: Say,
    wishes: Wishes,
) -> Restored:
    """All or nothing. Raises SettingRefused, StoreUnavailable."""
    with _reading(store, file, pair) as (head, lines):
        try:
            done = _loaded(settings, head, told(lines, say), wishes, now)
        except StoreAlive:
            raise SettingRefused(_alive(store)) from None
        except RegisterLost:
            raise SettingRefused(WHO_LEFT) from None
        except NothingFits:
            raise SettingRefused(NO_REPORT) from None
    newest = head.made if store is Store.SHREDS else head.shreds
    if newest is not None:  # not signed: what is to come is no date of any backup
        note_newest_shreds(settings, min(newest, now), now)
    return done


def refuse_living(settings: Settings, store: Store, wishes: Wishes) -> None:
    """Before anything is taken from the backup. Raises SettingRefused, StoreUnavailable."""
    if not wishes.overwrite and holds_rows(settings.database, settings.data_dir, store):
        raise SettingRefused(_alive(store))


def verify(store: Store, file: Path, pair: KeyPair) -> Opened:
    """Opens all of it, and keeps nothing. Raises SettingRefused."""
    members, rows = [], 0
    with _reading(store, file, pair) as (head, lines):
        for line in lines:
            rows += 1
            name, row = _row(line)
            if name == MEMBER.name and not row["revoked"]:
                there = read_row(MEMBER, row)
                members.append(MemberThen(id=there["id"], role=there["role"], desk=there["desk"]))
    return Opened(head=head, rows=rows, members=tuple(members))


def _row(line: bytes) -> tuple[str, Row]:
    try:
        name, row = json.loads(line)
    except (ValueError, TypeError):
        raise DumpMalformed from None
    return name, row


def _loaded(
    settings: Settings, head: Head, lines: Iterable[bytes], wishes: Wishes, now: datetime
) -> Restored:
    given, overwrite = (settings.database, settings.data_dir, lines), wishes.overwrite
    match head.store:
        case Store.CASES:
            counts, kept = load_cases(
                *given,
                overwrite=overwrite,
                revoked=wishes.revoked,
                vouched=_vouched(settings),
                now=now,
            )
            return Restored(head=head, counts=counts, kept=kept)
        case Store.ADDRESSES:
            since = ForgottenSince(made=head.made, keyring=partial(keyring_here, settings))
            counts = load_addresses(*given, overwrite=overwrite, now=now, forgotten=since.among)
            return Restored(head=head, counts=counts)
        case Store.SHREDS:
            if not wishes.older:
                refuse_older_shreds(settings, head.made, now)
            fitted = load_shreds(*given, overwrite=overwrite, drop=wishes.drop_unreadable)
            counts = {"shred": fitted.restored}
            return Restored(head=head, counts=counts, fitted=fitted)


def _vouched(settings: Settings) -> Callable[[Row], bool]:
    """Whether a desk's key follows from the pinned root, which is read when one is met."""

    def vouched(row: Row) -> bool:
        key = DeskPublic(
            desk=DeskKey(row["desk"]),
            generation=row["generation"],
            public=row["public"],
            certificate=row["certificate"],
        )
        try:
            certified(key, read_root_public(keys.root_public(settings)))
        except KeyMalformed:
            message = "SAUTI_ROOT_PUBLIC_KEY holds no root key"
            raise SettingRefused(message) from None
        except KeyRefused:
            return False
        return True

    return vouched


ALIVE = {
    Store.CASES: "holds reports, and what came since the backup would be lost",
    Store.ADDRESSES: "holds chats, and what was stopped since the backup would begin again",
    Store.SHREDS: "holds keys: they stay, and those of the backup come beside them",
}
OTHER_KEY = "was sealed to another recovery key, or is damaged: nothing was changed"
WHO_LEFT = (
    "whoever was revoked since this backup would be a member again: say --revoked ID for each,"
    " or --nobody-revoked"
)
NO_REPORT = (
    "no key of this backup belongs to a report that is in cases and has not ended: restore cases"
    " first; nothing was changed"
)


def _alive(store: Store) -> str:
    return f"{store} {ALIVE[store]}; --overwrite does it"


@contextmanager
def _reading(store: Store, file: Path, pair: KeyPair) -> Iterator[tuple[Head, Iterator[bytes]]]:
    """Raises SettingRefused, also where what is read turns out to be no whole backup."""
    with _opened(file) as opened:
        try:
            lines = _lines(read_backup(opened, store, pair))
            head = Head.read(next(lines, b""))
            if head.store is not store:
                message = f"{file} says inside that it is of {head.store}: nothing was changed"
                raise SettingRefused(message)
            yield head, brought_up(store, head.shape, lines)
        except ShapeUnknown:
            raise SettingRefused(LATER_RELEASE) from None
        except (BackupDamaged, DumpMalformed):
            message = f"{file} is no whole backup of {store}: nothing was changed"
            raise SettingRefused(message) from None
        except RecoveryKeyRefused:
            message = f"{file} {OTHER_KEY}"
            raise SettingRefused(message) from None


def _opened(file: Path) -> BufferedReader:
    try:
        return file.open("rb")
    except OSError as refused:
        message = f"{file} cannot be read ({type(refused).__name__})"
        raise SettingRefused(message) from None


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Raises BackupDamaged for a last line without an end."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    if rest:
        raise BackupDamaged
