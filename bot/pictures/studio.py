"""Where pictures are drawn while the bot goes on: in child processes, a few at a time, each
within its time and without a key.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass, field

from bot.pictures.draw import Form
from bot.pictures.sheet import Sheet

AT_ONCE = 2
PATIENCE = 45.0
"""Seconds, waiting for a turn included: well within the outbox's lease."""


class Undrawn(Exception):
    """There is no picture. It may be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    command: tuple[str, ...] = (sys.executable, "-m", "bot.pictures")
    patience: float = PATIENCE
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def drawn(self, sheet: Sheet, form: Form) -> bytes:
        """PNG or PDF. Raises Undrawn."""
        asked = json.dumps({"form": form, "sheet": sheet.as_json()}).encode()
        try:
            async with asyncio.timeout(self.patience), self.turns:
                made = await self._by_a_child(asked)
        except (TimeoutError, OSError) as why:
            raise Undrawn from why
        if not made:
            raise Undrawn
        return made

    async def _by_a_child(self, asked: bytes) -> bytes:
        """Nothing where it failed. Its environment is where to find the program, and no more."""
        child = await asyncio.create_subprocess_exec(
            *self.command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )
        try:
            made, _ = await child.communicate(asked)
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return made if child.returncode == 0 else b""
