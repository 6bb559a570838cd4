"""`sauti shutdown`: asks for a sentence nobody types by mistake."""

from typing import Annotated

import typer

from app.cli.saying import finish, refuse, say, settings_or_exit
from app.settings import Settings
from app.shutdown import said_of_backups, shut_down

SENTENCE = "destroy everything"
NOTHING = "Nothing was destroyed."


def shutdown(
    *,
    yes: Annotated[
        bool, typer.Option("--yes-destroy-everything", help="Ask nothing. There is no way back.")
    ] = False,
) -> None:
    """End this deployment for good: destroys every key, keeps the ledger and the numbers."""
    settings = settings_or_exit()
    if not yes:
        say(f"This destroys every key in {settings.data_dir} and its database, and every report.")
        say("Leaves, events and published numbers stay.")
        say(said_of_backups(settings))
        if typer.prompt(f"Type `{SENTENCE}` to go on", default="", show_default=False) != SENTENCE:
            raise refuse(NOTHING)
    finish(_said(settings))
    say("This deployment is shut down.")


async def _said(settings: Settings) -> None:
    async for line in shut_down(settings):
        say(line)
