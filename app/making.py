"""What `sauti init` makes: keys first, then the stores and what they are loaded with.

Running it again keeps what is there; nothing is ever overwritten.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from app import keys
from app.keys import KeyFolder, write_private
from app.opening import check_given
from app.reference.load import (
    load_commitments,
    load_counties,
    load_forums,
    load_help_lines,
    load_offices,
)
from app.settings import SettingRefused, Settings
from app.shutdown import refuse_closed, refuse_closed_stores
from crypto.keyring import Keyring
from crypto.spelling import new_recovery, new_root, read_root_public, root_words
from storage.migrate import upgrade
from storage.open import open_stores


def make_keys(settings: Settings, *, root_key: Path | None, demo: bool) -> Iterator[str]:
    """Says what was made. Raises SettingRefused for what only people can supply, before
    anything is written.
    """
    refuse_closed(settings)
    check_given(settings)
    folder = KeyFolder(settings.data_dir)
    root_wanted = _wanted(settings.root_public_key, folder.keys / keys.ROOT_PUBLIC)
    recovery_wanted = _wanted(settings.recovery_public_key, folder.keys / keys.RECOVERY_PUBLIC)
    root_place = _root_place(folder, root_key, demo=demo) if root_wanted else None
    if recovery_wanted and not demo:
        raise SettingRefused(NO_RECOVERY)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if root_place is not None:
        secret, public = new_root()
        write_private(root_place, secret)
        write_private(folder.keys / keys.ROOT_PUBLIC, public)
        yield f"Root key made: {root_place}" + ("" if demo else TAKE_IT)
        if not demo:
            yield f"Its six words, for paper: {root_words(read_root_public(public))}"
            yield f"Pin it, where the bot's user cannot write: SAUTI_ROOT_PUBLIC_KEY={public}"
    if not (folder.keys / keys.DEPLOYMENT).exists():
        write_private(folder.keys / keys.DEPLOYMENT, os.urandom(16).hex())
    if settings.service_keys is None and not (folder.keys / keys.SERVICE).exists():
        write_private(folder.keys / keys.SERVICE, Keyring.generate().format())
        yield f"Service keyring made: {folder.keys / keys.SERVICE}"
    if recovery_wanted:
        secret, public = new_recovery()
        write_private(folder.offline / keys.RECOVERY_SECRET, secret)
        write_private(folder.keys / keys.RECOVERY_PUBLIC, public)
        yield f"Recovery key made: {folder.offline / keys.RECOVERY_SECRET}"


TAKE_IT = " (take it offline, keep two copies)"
NO_RECOVERY = "SAUTI_RECOVERY_PUBLIC_KEY is not set; the custodians make it offline"


def _wanted(given: str | None, place: Path) -> bool:
    return given is None and not place.exists()


def _root_place(folder: KeyFolder, root_key: Path | None, *, demo: bool) -> Path:
    place = folder.offline / keys.ROOT_SECRET if demo else root_key
    if place is None:
        message = "say where the root key goes: --root-key PATH, away from the data"
        raise SettingRefused(message)
    if not demo and place.resolve().is_relative_to(folder.data_dir.resolve()):
        message = f"{place} lies beside the data; the root key must be kept apart"
        raise SettingRefused(message)
    if place.exists():
        message = f"{place} is there already and is not overwritten"
        raise SettingRefused(message)
    return place


async def make_data(settings: Settings) -> list[str]:
    """Stores in this release's shape, with counties, forums, promises, offices and help lines."""
    await upgrade(settings.database, settings.data_dir)
    stores = await open_stores(settings.database, settings.data_dir)
    try:
        await refuse_closed_stores(stores)
        async with stores.cases() as cases:
            await cases.reference.load(
                counties=load_counties(),
                forums=load_forums(),
                offices=load_offices(),
                help_lines=load_help_lines(),
                commitments=load_commitments(),
            )
            await cases.commit()
            counts = (
                f"{len(await cases.reference.counties())} counties",
                f"{len(await cases.reference.forums())} forums",
                f"{len(await cases.reference.offices())} offices",
                f"{len(await cases.reference.help_lines())} help lines",
                f"{len(await cases.reference.commitments())} promises",
            )
    finally:
        await stores.aclose()
    return ["Loaded: " + ", ".join(counts) + "."]
