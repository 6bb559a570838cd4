"""A bot whose clock a test moves: an entry for `Deployment` that adds what a file says to the
time, and rings what rings by the second once a second.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from domain.calendar import NAIROBI
from tests.deployment import COMMAND
from tests.sandbox_client import SandboxClient

ENTRY = """
import datetime, pathlib
import app.world as world, scheduler.clock as clock
real = world.SystemClock.now
def moved(self):
    ahead = float(pathlib.Path("ahead").read_text() or 0)
    return real(self) + datetime.timedelta(seconds=ahead)
world.SystemClock.now = moved
trigger = clock.IntervalTrigger
clock.IntervalTrigger = lambda seconds: trigger(seconds=min(seconds, 1))
"""


@dataclass(slots=True, kw_only=True)
class MovedClock:
    """Moves the bot and its Telegram; only ever forward."""

    folder: Path
    sandbox: SandboxClient
    ahead: timedelta = timedelta()

    @classmethod
    async def at_next_monday(cls, folder: Path, sandbox: SandboxClient) -> "MovedClock":
        """Ten in the morning in Nairobi, on a working day as a rule."""
        clock = cls(folder=folder, sandbox=sandbox)
        now = datetime.now(NAIROBI)
        monday = now + timedelta(days=7 - now.weekday())
        await clock.moves_to(monday.replace(hour=10, minute=0, second=0))
        return clock

    def now(self) -> datetime:
        return datetime.now(NAIROBI) + self.ahead

    async def moves_to(self, moment: datetime) -> None:
        by = moment - self.now()
        assert by > timedelta()
        await self.passes(by)

    async def passes(self, by: timedelta) -> None:
        self.ahead += by
        new = self.folder / "ahead.new"
        new.write_text(str(self.ahead.total_seconds()))
        new.replace(self.folder / "ahead")
        await self.sandbox.advance(by.total_seconds())


def entry(before: str = COMMAND) -> str:
    return ENTRY + before
