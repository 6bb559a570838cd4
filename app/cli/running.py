"""`sauti run`: the bot itself."""

from app.cli.saying import finish, refuse, say, settings_or_exit
from app.run import run as run_bot
from app.run import token_of
from app.settings import SettingRefused


def run() -> None:
    """Run the bot until it is told to stop (Ctrl-C)."""
    settings = settings_or_exit()
    try:
        token_of(settings)
    except SettingRefused as refused:
        raise refuse(str(refused)) from None
    say("Sauti Salama runs. Ctrl-C stops it; what is in hand is finished first.")
    finish(run_bot(settings))
