"""The command `sauti`: every command says what it did, or one clear line why it could not."""

import typer

from app.cli.backups import backup
from app.cli.ceremony import custodians
from app.cli.demo import demo
from app.cli.doctor import doctor
from app.cli.forums import forums
from app.cli.jobs import jobs
from app.cli.keys import keys
from app.cli.making import init, upgrade_database
from app.cli.restoring import restore_store
from app.cli.running import run
from app.cli.shutting import shutdown
from app.cli.staff import staff

sauti = typer.Typer(
    help="Sauti Salama: raise a security concern without being known.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
sauti.command()(init)
sauti.command()(run)
sauti.command()(demo)
sauti.add_typer(staff, name="staff")
sauti.add_typer(forums, name="forum")
sauti.add_typer(jobs, name="jobs")
sauti.command()(custodians)
sauti.command()(backup)
sauti.command("restore")(restore_store)
sauti.add_typer(keys, name="keys")
sauti.command()(doctor)
sauti.command()(shutdown)

database = typer.Typer(help="The database.", no_args_is_help=True)
database.command("upgrade")(upgrade_database)
sauti.add_typer(database, name="db")
