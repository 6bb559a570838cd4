"""`sauti run`: the bot itself."""

import resource

from app.cli.saying import finish, refuse, say, settings_or_exit
from app.run import run as run_bot
from app.run import token_of
from app.settings import SettingRefused


def no_core_dumps() -> None:
    """One would hold words and unlocked keys."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run() -> None:
    """Run the bot until it is told to stop (Ctrl-C)."""
    no_core_dumps()
    settings = settings_or_exit()
    try:
        token_of(settings)
    except SettingRefused as refused:
        raise refuse(str(refused)) from None
    say("Sauti Salama runs. Ctrl-C stops it; what is in hand is finished first.")
    finish(run_bot(settings))
