"""The house for a command that writes beside a running bot, and never beside a restore."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.alone import refuse_while_restoring
from app.log import configure
from app.opening import open_house
from app.settings import Settings
from app.wiring import House


@asynccontextmanager
async def house_by_hand(settings: Settings) -> AsyncIterator[House]:
    """Raises SettingRefused."""
    await refuse_while_restoring(settings)
    async with open_house(settings, configure()) as house:
        yield house
