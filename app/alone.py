"""That no bot runs on this database, and none begins meanwhile: a bot that starts waits. Whoever
puts a backup back says so, and commands that would write beside it refuse.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

from app.keys import bot_token
from app.settings import SettingRefused, Settings
from domain.ports.lead import Lead
from storage.leading import is_led, open_lead

CLOCK = "clock"
RESTORE = "restore"
RESTORES = "a backup is being put back: wait until `sauti restore` has ended, then ask again"
RUNS = "a bot runs on this database: stop every one of them first"


def bot_lock(token: str) -> str:
    """Of the one process that serves this bot. Not the token."""
    return f"bot-{sha256(token.partition(':')[0].encode()).hexdigest()[:16]}"


@asynccontextmanager
async def alone(settings: Settings, *also: str) -> AsyncIterator[None]:
    """`also`: what this process leads in meanwhile. Raises SettingRefused."""
    leads = [_lead(settings, name) for name in sorted({*_names(settings), *also})]
    try:
        for lead in leads:
            if not await lead.held():
                raise SettingRefused(RUNS)
        yield
    finally:
        for lead in leads:
            await lead.leave()


async def refuse_while_restoring(settings: Settings) -> None:
    """Raises SettingRefused, StoreUnavailable."""
    if await is_led(settings.database, settings.data_dir, RESTORE):
        raise SettingRefused(RESTORES)


def _names(settings: Settings) -> set[str]:
    """SQLite: of every bot that ever ran here. PostgreSQL: of this one, and of the clock, which
    one of the processes there always leads.
    """
    found = {CLOCK}
    token = bot_token(settings)
    if token is not None:
        found.add(bot_lock(token))
    if settings.database is None:
        found |= {path.stem for path in settings.data_dir.glob("bot-*.lock")}
    return found


def _lead(settings: Settings, name: str) -> Lead:
    return open_lead(settings.database, settings.data_dir, name)
