"""Backups as files: whole under their name at every moment, and of *shreds* and *addresses* one
alone in a folder. Two stand beside each other only while one takes the other's place.

1. The new one is written beside its name, as `NAME.new`, and is on the disk.
2. The one under its name gets a second name, `NAME.former`; the new one takes its place, at once.
3. What was there before is overwritten, under whatever name it lies, and unlinked.

Killed at any moment, NAME is whole, the former or the new; the next run destroys what is left.

The folder may be one that others write to. So under the two second names only what is a backup
of the same store and deployment is overwritten; a link, or anybody else's file, is refused.
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from app.settings import SettingRefused
from crypto.backup_seal import Header, read_header
from crypto.errors import BackupDamaged

OVERWRITTEN_AT_ONCE = 1 << 20
NEW, FORMER = ".new", ".former"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """`destroyed`: older ones under other names. `left`: files that are backups of that store, but
    not known to be this deployment's, or that nobody may look into.
    """

    replaced: bool
    destroyed: tuple[Path, ...] = ()
    left: tuple[Path, ...] = ()


def refuse_taken(file: Path, header: Header, *, makes_room: bool) -> None:
    """Only an older backup of the same store and deployment makes room. Raises SettingRefused."""
    if not file.exists():
        return
    if not makes_room or file.is_symlink():
        message = f"{file} is there already and is not overwritten"
        raise SettingRefused(message)
    found = header_of(file)
    if found is None or found.store != header.store:
        message = f"{file} is no backup of {header.store} and is not overwritten"
        raise SettingRefused(message)
    if found.mark != header.mark:
        message = f"{file} is the backup of another deployment and is not overwritten"
        raise SettingRefused(message)


def begin_beside(file: Path, header: Header) -> BinaryIO:
    """`NAME.new`, which only its owner reads. What a run that was killed left there is gone.
    Raises SettingRefused.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = fresh_of(file)
    destroy_left(fresh, header)
    if file.exists() and not _is_second_name(former_of(file), file):
        with _left(former_of(file), header):
            """Refused now, if at all, and not once the new one is made."""
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    except FileExistsError:
        raise SettingRefused(_in_the_way(fresh)) from None
    return os.fdopen(handle, "wb")


def fresh_of(file: Path) -> Path:
    return file.with_name(file.name + NEW)


def former_of(file: Path) -> Path:
    return file.with_name(file.name + FORMER)


def place(file: Path, header: Header, *, alone: bool) -> Placed:
    """`NAME.new`, whole and on the disk, takes its name. `alone`: older ones are destroyed."""
    replaced = file.exists()
    destroy_former = _second_name(file, header) if replaced else _nothing
    fresh_of(file).replace(file)
    sync_folder(file.parent)
    destroy_former()
    if not alone:
        return Placed(replaced=replaced)
    others = dict(_others(file, header))
    destroyed = tuple(path for path, found in others.items() if found == header)
    for path in destroyed:
        overwrite_backup(path)
    sync_folder(file.parent)
    left = tuple(path for path in others if path not in destroyed)
    return Placed(replaced=replaced, destroyed=destroyed, left=left)


def older_than(file: Path, header: Header) -> Path | None:
    """One that `place` would destroy."""
    ours = [path for path, found in _others(file, header) if found == header]
    ours = [path for path in ours if path != fresh_of(file)]
    return file if file.exists() else next(iter(ours), None)


def _second_name(file: Path, header: Header) -> Callable[[], None]:
    former = former_of(file)
    if _is_second_name(former, file):
        former.unlink()
    destroy_left(former, header)
    return held_by(former, file, overwrite_backup)


def held_by(former: Path, file: Path, overwrite: Callable[[Path], None]) -> Callable[[], None]:
    """What overwrites the file once another has its name, which must be on the disk by then. A
    second name keeps it to be found if we are killed before; FAT knows none, and there it is held
    open instead.
    """
    try:
        former.hardlink_to(file)
    except OSError:
        return partial(_overwrite_and_close, file.open("r+b"))
    return partial(overwrite, former)


def _is_second_name(former: Path, file: Path) -> bool:
    """As a run leaves it that was killed before the new one had its name."""
    try:
        return os.path.samestat(former.lstat(), file.stat())
    except FileNotFoundError:
        return False


def destroy_left(path: Path, header: Header) -> None:
    """What a run that was killed, or gave up, left there. Raises SettingRefused for what may be
    anybody's.
    """
    with _left(path, header) as left:
        if left is not None:
            _overwrite(left)
            path.unlink(missing_ok=True)


@contextmanager
def _left(path: Path, header: Header) -> Iterator[BinaryIO | None]:
    """Opened behind its header, so that it is known until it is gone; or empty, as a run leaves it
    that was killed at once. Through no link, and under one name: another backup of ours may lie
    at its end. Raises SettingRefused.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        yield None
        return
    except OSError:
        raise SettingRefused(_in_the_way(path)) from None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        os.close(handle)
        raise SettingRefused(_in_the_way(path))
    with os.fdopen(handle, "r+b") as left:
        if found.st_size and _header_in(left) != header:
            raise SettingRefused(_in_the_way(path))
        yield left


def _in_the_way(path: Path) -> str:
    return (
        f"{path} is in the way and is not overwritten: no backup that was begun here left it so."
        " Look at it, and take it away"
    )


def _overwrite_and_close(opened: BinaryIO) -> None:
    with opened as file:
        _overwrite(file)


def _nothing() -> None:
    """There was none."""


def _others(file: Path, header: Header) -> Iterator[tuple[Path, Header | None]]:
    """Beside it: backups of the same store, and what nobody may look into."""
    for path in sorted(file.parent.iterdir()):
        if path == file or path.is_symlink() or not path.is_file():
            continue
        try:
            found = header_of(path)
        except PermissionError:
            yield path, None
        else:
            if found is not None and found.store == header.store:
                yield path, found


def header_of(path: Path) -> Header | None:
    with path.open("rb") as file:
        return _header_in(file)


def _header_in(file: BinaryIO) -> Header | None:
    """Stands behind it afterwards."""
    try:
        return read_header(file)
    except BackupDamaged:
        return None


def overwrite_file(path: Path) -> None:
    """Before it is unlinked. An SSD, and a file system that copies on write, may keep what was
    there: docs/operations.md.
    """
    with path.open("r+b") as file:
        _overwrite(file)
    path.unlink()


def overwrite_backup(path: Path) -> None:
    """All but what anybody may know of it: left half-way, it is still found and destroyed."""
    with path.open("r+b") as file:
        read_header(file)
        _overwrite(file)
    path.unlink()


def _overwrite(file: BinaryIO) -> None:
    """From where it stands."""
    at = file.tell()
    left = file.seek(0, os.SEEK_END) - at
    file.seek(at)
    while left > 0:
        left -= file.write(os.urandom(min(left, OVERWRITTEN_AT_ONCE)))
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
