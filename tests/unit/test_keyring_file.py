"""The service keyring's file, changed: no power cut leaves neither the former nor the new one."""

import os
import stat
from pathlib import Path

import pytest

from app.keyring_file import replace_keyring
from crypto.keyring import Keyring

OLD = Keyring.generate()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "service.keys"
    replace_keyring(place, OLD)
    return place


@pytest.fixture
def steps(place: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the disk from now on, in order."""
    done: list[str] = []
    really, renaming = os.fsync, Path.replace

    def synced(handle: int) -> None:
        of_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
        done.append("folder synced" if of_folder else _written(place.parent, handle))
        really(handle)

    def renamed(fresh: Path, to: Path) -> Path:
        done.append("renamed")
        return renaming(fresh, to)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    return done


def _written(folder: Path, handle: int) -> str:
    names = {path.stat().st_ino: path.name for path in sorted(folder.iterdir(), reverse=True)}
    name = names.get(os.fstat(handle).st_ino, "a file of no name")
    return f"{name} synced"


def test_the_new_one_is_in_its_place_on_the_disk_before_the_former_is_overwritten(
    place: Path, steps: list[str]
) -> None:
    new = OLD.rotated()
    replace_keyring(place, new)
    assert steps == [
        "folder synced",
        "service.keys.new synced",
        "renamed",
        "folder synced",
        "service.keys.former synced",
    ]
    assert Keyring.parse(place.read_text(encoding="ascii")) == new
    assert [path.name for path in place.parent.iterdir()] == ["service.keys"]


def test_what_a_killed_run_left_is_overwritten_once_its_new_one_is_on_the_disk(
    place: Path, steps: list[str]
) -> None:
    """It was killed right after the new one had taken the place."""
    place.with_name("service.keys.former").hardlink_to(place)
    fresh = place.with_name("service.keys.new")
    fresh.write_text(OLD.rotated().format(), encoding="ascii")
    fresh.replace(place)
    steps.clear()
    replace_keyring(place, OLD.rotated())
    assert steps[:2] == ["folder synced", "service.keys.former synced"]


def test_where_no_file_has_two_names_the_former_is_overwritten_all_the_same(
    place: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAT, and some network file systems."""

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    was, new = place.read_bytes(), OLD.rotated()
    with place.open("rb") as held:
        replace_keyring(place, new)
        left = held.read()
    assert len(left) == len(was)
    assert left != was
    assert steps[-2:] == ["folder synced", "a file of no name synced"]
    assert Keyring.parse(place.read_text(encoding="ascii")) == new
    assert [path.name for path in place.parent.iterdir()] == ["service.keys"]
