"""`sauti init` and `sauti db upgrade`: what must be there before the bot can run."""

from pathlib import Path
from typing import Annotated

import typer

from app import keys
from app.cli.saying import finish, refuse, say, settings_or_exit, system_said
from app.making import make_data, make_keys
from app.settings import SettingRefused
from storage.migrate import upgrade

DEFAULT_ROOT_KEY = Path("sauti-root.key")


def init(
    *,
    non_interactive: Annotated[
        bool, typer.Option("--non-interactive", help="Ask nothing; what cannot be made is said.")
    ] = False,
    demo_keys: Annotated[
        bool,
        typer.Option("--demo-keys", help="Keep root and recovery keys beside the data. Demo only."),
    ] = False,
    root_key: Annotated[
        Path | None,
        typer.Option(help="Where to write the root key: a stick you take away, not the data dir."),
    ] = None,
) -> None:
    """Make keys, database and reference data. Run again, it keeps what is there."""
    settings = settings_or_exit()
    if root_key is None and not demo_keys and not non_interactive:
        say("The root key certifies desks and members. It must not stay on this machine.")
        root_key = Path(typer.prompt("Write it to", default=str(DEFAULT_ROOT_KEY)))
    try:
        for line in make_keys(settings, root_key=root_key, demo=demo_keys):
            say(line)
    except SettingRefused as refused:
        raise refuse(str(refused)) from None
    except OSError as refused:
        raise refuse(system_said(refused)) from None
    for line in finish(make_data(settings)):
        say(line)
    if demo_keys:
        say(
            "Demo keys lie in "
            + str(keys.KeyFolder(settings.data_dir).offline)
            + ": not for real use."
        )
    key = f" --root-key {root_key}" if root_key else ""
    say(f"Next: `sauti staff invite --role moderator --desk national{key}`, then `sauti run`.")


def upgrade_database() -> None:
    """Bring the database to this release's shape."""
    settings = settings_or_exit()
    finish(upgrade(settings.database, settings.data_dir))
    say("The database is up to date.")
