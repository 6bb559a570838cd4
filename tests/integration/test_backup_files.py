"""Of *shreds* and *addresses* one backup is kept, and at every moment there is one."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from app.backing_up import BackedUp, Store, back_up
from app.backup_files import FORMER, NEW, overwrite_file
from app.keys import DEPLOYMENT, SERVICE, KeyFolder, write_private
from app.restoring import verify
from app.settings import SettingRefused, Settings
from crypto.backup_seal import CHUNK_BYTES, MARK_BYTES, mark_of, read_header
from crypto.keyring import Keyring
from tests.databases import Database
from tests.fakes.world import MONDAY
from tests.house import DEPLOYMENT as DEPLOYMENT_ID
from tests.house import RECOVERY
from tests.integration.backup_dying import AFTER, BEFORE

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ONE_ROW = {
    Store.SHREDS: "INSERT INTO shred VALUES (x'01', x'02')",
    Store.ADDRESSES: "INSERT INTO forgotten VALUES (x'01', x'02', '2027-01-01 00:00:00')",
}
ROOT = Path(__file__).parents[2]


def deployment(folder: Path, number: str = DEPLOYMENT_ID.hex()) -> Settings:
    keys = KeyFolder(folder).keys
    write_private(keys / DEPLOYMENT, number)
    write_private(keys / SERVICE, Keyring.generate().format())
    return Settings(_env_file=None, data_dir=folder)


@pytest.fixture
def here(database: Database) -> Settings:
    """A key without its report, and somebody who is to be forgotten: as much as a backup needs."""
    for store, statement in ONE_ROW.items():
        with closing(sqlite3.connect(database.folder / f"{store}.db")) as file, file:
            file.execute(statement)
    return deployment(database.folder)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "shelf"


def backed_up(settings: Settings, store: Store, file: Path) -> BackedUp:
    return back_up(settings, store, file, RECOVERY.public, MONDAY, say=print)


def pieces(backup: bytes) -> list[bytes]:
    """Of all that is secret in it."""
    with BytesIO(backup) as file:
        read_header(file)
        secret = file.read()
    return [secret[at : at + 16] for at in range(0, len(secret) - 16, 16)]


def names(shelf: Path) -> list[str]:
    return sorted(path.name for path in shelf.iterdir())


@pytest.mark.parametrize("store", [Store.SHREDS, Store.ADDRESSES])
def test_under_another_name_too_the_newest_alone_stays(
    here: Settings, shelf: Path, store: Store
) -> None:
    first, second = shelf / f"{store}-2026-11-02", shelf / f"{store}-2026-11-03"
    assert not backed_up(here, store, first).placed.replaced
    held = shelf.parent / "held"
    held.hardlink_to(first)
    before = held.read_bytes()
    backed_up(here, Store.CASES, shelf / "cases-2026-11-02")
    done = backed_up(here, store, second)
    assert done.placed.destroyed == (first,)
    assert done.size == second.stat().st_size
    assert names(shelf) == sorted(["cases-2026-11-02", second.name])
    assert held.stat().st_size == len(before)
    assert not any(piece in held.read_bytes() for piece in pieces(before))


def test_what_is_not_its_own_former_backup_stays(
    here: Settings, shelf: Path, tmp_path: Path, database: Database
) -> None:
    """Of another store, of another deployment, of nobody, or a link to it."""
    other = deployment(tmp_path / "other", "ab" * 16)
    for store in Store:
        shutil.copy(database.folder / f"{store}.db", other.data_dir)
    backed_up(other, Store.SHREDS, shelf / "theirs")
    backed_up(here, Store.CASES, shelf / "cases")
    (shelf / "notes").write_text("who comes on Tuesday")
    (shelf / "link").symlink_to(shelf / "theirs")
    kept = {path: path.read_bytes() for path in shelf.iterdir()}
    for name in ("theirs", "cases", "notes", "link"):
        with pytest.raises(SettingRefused, match="not overwritten"):
            backed_up(here, Store.SHREDS, shelf / name)
    done = backed_up(here, Store.SHREDS, shelf / "shreds")
    assert (done.placed.destroyed, done.placed.left) == ((), (shelf / "theirs",))
    assert {path: path.read_bytes() for path in kept} == kept


Planted = Callable[[Path, Path], object]
"""Puts something of somebody else's under a name: a file there, or a link to it."""

PLANTED: dict[str, Planted] = {
    "a file": lambda name, theirs: name.write_bytes(theirs.read_bytes()),
    "a link": lambda name, theirs: name.symlink_to(theirs),
    "a link to nothing": lambda name, theirs: name.symlink_to(theirs.with_name("nothing")),
    "a second name": lambda name, theirs: name.hardlink_to(theirs),
    "a pipe": lambda name, _: os.mkfifo(name),
    "a folder": lambda name, _: name.mkdir(),
}


@pytest.mark.parametrize("end", [NEW, FORMER])
def test_what_somebody_put_under_a_second_name_is_not_overwritten(
    here: Settings, shelf: Path, end: str
) -> None:
    """Who may write to the folder would have another file overwritten, or our older backup."""
    file, elsewhere = shelf / "shreds", shelf.parent / "elsewhere"
    name = shelf / f"shreds{end}"
    backed_up(here, Store.SHREDS, file)
    current = file.read_bytes()
    for theirs in _theirs(here, elsewhere):
        before = theirs.read_bytes()
        for planted, plant in PLANTED.items():
            if (planted, theirs.name) == ("a file", "older"):
                continue  # a run that was killed leaves it so
            plant(name, theirs)
            with pytest.raises(SettingRefused, match="in the way and is not overwritten"):
                backed_up(here, Store.SHREDS, file)
            assert names(shelf) == ["shreds", name.name], (planted, theirs)
            assert theirs.read_bytes() == before, (planted, theirs)
            name.rmdir() if name.is_dir() else name.unlink()
    assert file.read_bytes() == current
    assert names(elsewhere) == ["another", "cases", "notes", "older"]


def _theirs(here: Settings, folder: Path) -> list[Path]:
    """Of nobody, of another deployment, of another store, and an older one of ours."""
    notes, another, cases, older = (
        folder / each for each in ("notes", "another", "cases", "older")
    )
    backed_up(here, Store.CASES, cases)
    backed_up(here, Store.SHREDS, older)
    notes.write_text("who comes on Tuesday")
    another.write_bytes(older.read_bytes().replace(mark_of(DEPLOYMENT_ID), bytes(MARK_BYTES)))
    return [notes, another, cases, older]


@pytest.mark.parametrize("name", ["shreds", "shreds-2026-11-03"])
def test_killed_at_any_line_there_is_a_whole_one_and_the_next_run_leaves_it_alone(
    here: Settings, shelf: Path, name: str
) -> None:
    """Under the name of the former one or another: one of the two is to be restored, and from
    the moment at which the new one has its name, it is the new.
    """
    shelf.mkdir()
    words = [sys.executable, "-m", "tests.integration.backup_dying"]
    words += [str(here.data_dir), str(shelf), name]
    run = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
    kills = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(kills) > 40
    before, after = BEFORE.isoformat(), AFTER.isoformat()
    seen = set()
    for line, restorable, there in kills:
        under_its_name = restorable.get("shreds", restorable.get(name))
        assert under_its_name in {before, after}, line
        seen.add(restorable.get(name, before))
        assert there == [name], line
    assert seen == {before, after}


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES + 1])
def test_an_overwritten_file_keeps_nothing(tmp_path: Path, database: Database, size: int) -> None:
    file, name = database.folder / "file", tmp_path / "name"
    file.write_bytes(b"s" * size)
    name.hardlink_to(file)
    overwrite_file(file)
    assert not file.exists()
    assert len(name.read_bytes()) == size
    assert b"ssssssss" not in name.read_bytes()


def test_where_no_second_name_is_to_be_had_the_former_is_overwritten_all_the_same(
    here: Settings, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a stick with FAT."""
    file = shelf / "shreds"
    backed_up(here, Store.SHREDS, file)
    held = shelf.parent / "held"
    held.hardlink_to(file)
    before = held.read_bytes()

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    assert backed_up(here, Store.SHREDS, file).placed.replaced
    assert not any(piece in held.read_bytes() for piece in pieces(before))
    assert names(shelf) == ["shreds"]
    assert verify(Store.SHREDS, file, RECOVERY).rows == 1
