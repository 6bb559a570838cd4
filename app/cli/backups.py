"""`sauti backup` and `sauti restore`: a store, a file."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app import keys
from app.alone import alone
from app.backing_up import BackedUp, Head, Store, back_up, restore, verify
from app.backup_files import Placed
from app.cli.recovery_key import ShareOption, UndividedOption, WrapsOption, recovery_pair
from app.cli.saying import finish, say, settings_or_exit
from app.custody_files import RecoveryPlaces
from app.keyring_file import join_keyring
from app.keys import KeyFolder, write_private
from app.settings import SettingRefused, Settings
from app.shutdown import refuse_shut_down
from app.world import SystemClock
from crypto.errors import KeyMalformed
from crypto.spelling import read_recovery_public
from crypto.xwing import KeyPair, PublicKey
from storage.dumping import without_key
from storage.leading import open_lead
from storage.migrate import is_current, upgrade

StoreArgument = Annotated[Store, typer.Argument(help="cases, addresses or shreds.")]
FileArgument = Annotated[Path, typer.Argument(help="The backup.")]


def backup(store: StoreArgument, file: FileArgument) -> None:
    """Copy one store to a file that only the recovery key opens. The bot may run."""
    settings = settings_or_exit()
    done = finish(_backup(settings, store, file))
    say(f"{store}: {done.rows} rows, {done.size} bytes, in {file}. The recovery key opens it.")
    for line in _said_of_others(store, done.placed):
        say(line)


def restore_store(
    *,
    store: StoreArgument,
    file: FileArgument,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="The store holds rows: put the backup in their place."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Open all of it, say what is in it, keep nothing.")
    ] = False,
    drop_unreadable: Annotated[
        bool,
        typer.Option("--drop-unreadable", help="Cases: leave out reports whose key is destroyed."),
    ] = False,
    wraps: WrapsOption = None,
    share: ShareOption = None,
    recovery_key: UndividedOption = None,
) -> None:
    """Put a backup of one store back. Needs the recovery key; no bot may run."""
    settings = settings_or_exit()
    places = RecoveryPlaces(wraps=wraps, shares=share or (), undivided=recovery_key)
    if dry_run:
        head, rows = finish(_verify(settings, store, file, places))
        say(f"{file}: {store} as of {_said(head)}, {rows} rows, whole.")
        return
    head, counts = finish(_restore(settings, store, file, places, overwrite=overwrite))
    say(f"{store} is as of {_said(head)}: {sum(counts.values())} rows.")
    if store is not Store.ADDRESSES:
        _say_unreadable(settings, drop=drop_unreadable)
    say("Next: `sauti doctor`.")


def _said_of_others(store: Store, placed: Placed) -> Iterator[str]:
    if placed.replaced:
        yield "It took the former one's place, which is overwritten."
    for path in placed.destroyed:
        yield f"{path} was older: it is overwritten, and gone."
    for path in placed.left:
        yield f"{path} may be one of {store} too, of an older release or another deployment: look."
    if store is Store.SHREDS:
        yield "Keep no other copy of shreds anywhere: it would keep what is destroyed."


async def _backup(settings: Settings, store: Store, file: Path) -> BackedUp:
    """Two at once would each destroy what the other has half written."""
    if not await is_current(settings.database, settings.data_dir):
        message = "the database is not in this release's shape: `sauti db upgrade`"
        raise SettingRefused(message)
    turn = open_lead(settings.database, settings.data_dir, f"backup-{store}")
    try:
        if not await turn.held():
            message = f"another backup of {store} is being made"
            raise SettingRefused(message)
        now = SystemClock(settings.zone).now()
        return back_up(settings, store, file, _recovery_public(settings), now, say=say)
    finally:
        await turn.leave()


async def _verify(
    settings: Settings, store: Store, file: Path, places: RecoveryPlaces
) -> tuple[Head, int]:
    return verify(store, file, recovery_pair(settings, places))


async def _restore(
    settings: Settings, store: Store, file: Path, places: RecoveryPlaces, *, overwrite: bool
) -> tuple[Head, dict[str, int]]:
    """1. No bot runs. 2. All of the file opens, and fits what is here. 3. The rows. 4. What the
    rows are of no use without.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    async with alone(settings):
        await upgrade(settings.database, settings.data_dir)
        await refuse_shut_down(settings)
        pair: KeyPair = recovery_pair(settings, places)
        head, _ = verify(store, file, pair)
        take = _keys_to_take(settings, store, head)
        head, counts = restore(settings, store, file, pair, say=say, overwrite=overwrite)
        take()
    return head, counts


def _keys_to_take(settings: Settings, store: Store, head: Head) -> Callable[[], None]:
    """Raises SettingRefused where the backup's do not fit those that are here."""
    match store:
        case Store.CASES:
            place = KeyFolder(settings.data_dir).keys / keys.DEPLOYMENT
            if not place.exists():
                return partial(write_private, place, head.with_it)
            if keys.deployment_id(settings).hex() != head.with_it:
                message = f"this backup is of another deployment than {place} says"
                raise SettingRefused(message)
            return _nothing
        case Store.ADDRESSES:
            return join_keyring(settings, head.with_it)
        case Store.SHREDS:
            return _nothing


def _nothing() -> None:
    """What the rows need is here already."""


def _recovery_public(settings: Settings) -> PublicKey:
    try:
        return read_recovery_public(keys.recovery_public(settings))
    except KeyMalformed:
        message = "SAUTI_RECOVERY_PUBLIC_KEY holds no recovery key"
        raise SettingRefused(message) from None


def _say_unreadable(settings: Settings, *, drop: bool) -> None:
    count = without_key(settings.database, settings.data_dir, drop=drop)
    if count and drop:
        say(f"{count} reports had no key in shreds, and were left out.")
    elif count:
        say(
            f"{count} reports have no key in shreds, and nobody opens them: they ended since, or"
            " shreds is older than cases. Run again with --drop-unreadable to leave them out."
        )


def _said(head: Head) -> str:
    return f"{head.made:%Y-%m-%d %H:%M}"
