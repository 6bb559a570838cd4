"""The file of the service keyring, changed: whole at every moment, and the former overwritten."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from app import keys
from app.backup_files import held_by, overwrite_file, sync_folder
from app.keys import KeyFolder, write_private
from app.settings import SettingRefused, Settings
from crypto.errors import KeyringMalformed
from crypto.keyring import Keyring

NOT_A_FILE = (
    "SAUTI_SERVICE_KEYS is no file that can be changed: put the keyring into one, and set"
    " SAUTI_SERVICE_KEYS=file:PATH"
)


def keyring_place(settings: Settings) -> Path:
    """Raises SettingRefused."""
    if settings.service_keys is None:
        return KeyFolder(settings.data_dir).keys / keys.SERVICE
    kind, _, place = settings.service_keys.get_secret_value().partition(":")
    if kind != "file":
        raise SettingRefused(NOT_A_FILE)
    return Path(place)


def keyring_here(settings: Settings) -> Keyring:
    """Raises SettingRefused."""
    return _parsed(keys.service_keys(settings), "SAUTI_SERVICE_KEYS")


def replace_keyring(place: Path, keyring: Keyring) -> None:
    """1. The new one, beside it and on the disk. 2. In its place, and that on the disk too. 3. The
    former, overwritten.

    Killed or without power in between, the place holds the one or the other.
    """
    fresh, former = (place.with_name(place.name + end) for end in (".new", ".former"))
    if place.parent.exists():
        sync_folder(place.parent)  # a run that was killed may have put the new one there only now
    for left in (fresh, former):
        _clear(left, place)
    write_private(fresh, keyring.format())
    overwrite_former = held_by(former, place, overwrite_file) if place.exists() else None
    fresh.replace(place)
    sync_folder(place.parent)
    if overwrite_former is not None:
        overwrite_former()


def _clear(left: Path, place: Path) -> None:
    """What a run that was killed left. A second name of the living file is only a name."""
    if not left.exists():
        return
    if place.exists() and left.samefile(place):
        left.unlink()
    else:
        overwrite_file(left)


def join_keyring(settings: Settings, theirs: str) -> Callable[[], None]:
    """What puts the keys of a backup beside those that are here. Raises SettingRefused."""
    restored = _parsed(theirs, "the backup's service keyring")
    try:
        place = keyring_place(settings)
    except SettingRefused:
        place = None
    if place is not None and not place.exists():
        return partial(replace_keyring, place, restored)
    here = keyring_here(settings)
    try:
        joined = here.joined(restored)
    except KeyringMalformed:
        message = "the backup was made under another service keyring than the one that is here"
        raise SettingRefused(message) from None
    if joined == here:
        return _nothing
    return partial(replace_keyring, keyring_place(settings), joined)


def _nothing() -> None:
    """Every key is here already."""


def _parsed(text: str, name: str) -> Keyring:
    try:
        return Keyring.parse(text)
    except KeyringMalformed:
        message = f"{name} is malformed"
        raise SettingRefused(message) from None
