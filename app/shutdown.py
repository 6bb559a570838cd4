"""`sauti shutdown`: for good. Every step may be repeated; after a kill the same command goes on
and ends where it would have ended.

1. It is written down that this deployment is shut down. From here on nothing runs on it.
2. The shred keys here are destroyed. Whoever kept a backup of *shreds* has them still.
3. The service keyring is destroyed, and in a demo the root and recovery keys beside the data.
4. What was sealed goes, and every wrapped key; leaves, events and published numbers stay.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from pathlib import Path

from app import keys
from app.alone import alone
from app.backup_files import overwrite_file
from app.keys import KeyFolder, write_private
from app.newest_shreds import newest_shreds
from app.settings import SettingRefused, Settings
from storage import closing
from storage.migrate import is_current
from storage.open import open_stores
from storage.stores import SqlStores

MARK = "shut-down"
"""A file beside the data, which is found before any database answers."""

LEFT_BY_ROTATION = ("", ".new", ".former")
"""Beside the keyring, when changing it was killed."""

NOTHING = "there is nothing here to shut down"
GIVEN = (
    "SAUTI_SERVICE_KEYS is a value or a credential: take it away. Copies of *addresses* made"
    " before open with it."
)
NOT_CURRENT = "the database is not in this release's shape: `sauti db upgrade`, then this again"


def refuse_closed(settings: Settings) -> None:
    """Raises SettingRefused where this deployment was shut down."""
    mark = settings.data_dir / MARK
    if mark.exists():
        raise SettingRefused(said_of(mark.read_text(encoding="ascii").strip()))


async def refuse_closed_stores(stores: SqlStores) -> None:
    """The same, where another machine did it."""
    day = await closing.closed_on(stores)
    if day is not None:
        raise SettingRefused(said_of(day.isoformat()))


async def refuse_shut_down(settings: Settings) -> None:
    """Both, where nothing is open yet: a backup must not bring it back."""
    refuse_closed(settings)
    stores = await open_stores(settings.database, settings.data_dir)
    try:
        await refuse_closed_stores(stores)
    finally:
        await stores.aclose()


def said_of(day: str) -> str:
    return (
        f"this deployment was shut down on {day}: its keys are destroyed, and nothing here opens"
        " again. `sauti shutdown` finishes what is left; a new one needs a new data folder"
        " and database"
    )


def said_of_backups(settings: Settings) -> str:
    """What no command reaches."""
    try:
        newest = newest_shreds(settings)
    except SettingRefused:
        newest = None
    known = (
        f"The newest known here is of {newest:%Y-%m-%d %H:%M}." if newest else "None is known here."
    )
    return f"Every backup of shreds still opens reports: destroy each of them now. {known}"


async def shut_down(settings: Settings) -> AsyncIterator[str]:
    """Says what is done. Raises SettingRefused."""
    if not KeyFolder(settings.data_dir).keys.exists():
        raise SettingRefused(NOTHING)
    if not await is_current(settings.database, settings.data_dir):
        raise SettingRefused(NOT_CURRENT)
    async with alone(settings):
        stores = await open_stores(settings.database, settings.data_dir)
        try:
            async for line in _steps(settings, stores):
                yield line
        finally:
            await stores.aclose()


async def _steps(settings: Settings, stores: SqlStores) -> AsyncIterator[str]:
    day = datetime.now(settings.zone).date()
    await closing.close(stores, day)
    _mark(settings.data_dir / MARK, await closing.closed_on(stores) or day)
    yield "1. Nothing runs on this data any more."
    await closing.destroy_keys(stores)
    yield "2. The shred keys here are destroyed: no report opens by what is left here."
    for line in _destroy_files(settings):
        yield f"3. {line}"
    await closing.destroy_sealed(stores)
    yield "4. What was sealed is gone. Leaves, events and published numbers stay."
    yield said_of_backups(settings)


def _mark(path: Path, day: date) -> None:
    if not path.exists():
        write_private(path, day.isoformat())


def _destroy_files(settings: Settings) -> Iterator[str]:
    folder = KeyFolder(settings.data_dir)
    given = settings.service_keys.get_secret_value() if settings.service_keys else ""
    kind, _, place = given.partition(":")
    keyrings = [folder.keys / keys.SERVICE, *([Path(place)] if kind == "file" else [])]
    files = [each.with_name(each.name + end) for each in keyrings for end in LEFT_BY_ROTATION]
    offline = (folder.offline / name for name in (keys.ROOT_SECRET, keys.RECOVERY_SECRET))
    for path in (*files, *offline):
        if path.exists():
            overwrite_file(path)
            yield f"{path} is destroyed."
    if given and kind != "file":
        yield GIVEN
