"""`sauti backup`: a store, a file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from app import keys
from app.backing_up import BackedUp, Store, back_up
from app.backup_files import Placed
from app.cli.saying import finish, say, settings_or_exit
from app.settings import SettingRefused, Settings
from app.shutdown import refuse_shut_down
from app.world import SystemClock
from crypto.errors import KeyMalformed
from crypto.spelling import read_recovery_public
from crypto.xwing import PublicKey
from storage.leading import open_lead
from storage.migrate import is_current

StoreArgument = Annotated[Store, typer.Argument(help="cases, addresses or shreds.")]
FileArgument = Annotated[Path, typer.Argument(help="The backup.")]


def backup(store: StoreArgument, file: FileArgument) -> None:
    """Copy one store to a file that only the recovery key opens. The bot may run."""
    settings = settings_or_exit()
    done = finish(_backup(settings, store, file))
    say(f"{store}: {done.rows} rows, {done.size} bytes, in {file}. The recovery key opens it.")
    for line in _said_of_others(store, done.placed):
        say(line)


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
    await refuse_shut_down(settings)
    turn = open_lead(settings.database, settings.data_dir, f"backup-{store}")
    try:
        if not await turn.held():
            message = f"another backup of {store} is being made"
            raise SettingRefused(message)
        now = SystemClock(settings.zone).now()
        return back_up(settings, store, file, _recovery_public(settings), now, say=say)
    finally:
        await turn.leave()


def _recovery_public(settings: Settings) -> PublicKey:
    try:
        return read_recovery_public(keys.recovery_public(settings))
    except KeyMalformed:
        message = "SAUTI_RECOVERY_PUBLIC_KEY holds no recovery key"
        raise SettingRefused(message) from None
