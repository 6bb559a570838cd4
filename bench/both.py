"""The real bot and a bare one, each a process of its own, on one small Telegram."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from bench.deployment import TOKEN, Deployment, deployed
from bench.processes import Measured, running, sauti
from bench.telegram import CARD, Line, Telegram, telegram
from domain.chats.memory import ChatMemory
from domain.ports.chat import Language

BARE = "2:bare"
SOMEBODY = 9_999


@dataclass(slots=True, kw_only=True)
class Bot:
    line: Line
    process: Measured


@dataclass(slots=True, kw_only=True)
class Both:
    deployment: Deployment
    real: Bot
    bare: Bot
    start: "Start"
    numbers: "count[int]" = field(default_factory=lambda: count(10_000))

    async def people(self, many: int) -> list[int]:
        """Known to the real bot since yesterday: the first-use cards are not measured."""
        chats = [next(self.numbers) for _ in range(many)]
        memories = self.deployment.house.memories()
        for chat in chats:
            memory = ChatMemory(chat=chat, language=Language.ENGLISH, shared=False)
            await memories.keep(memory)
        return chats


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Until the first answer, and what is held when the process is idle then."""

    seconds: float
    megabytes: float


@asynccontextmanager
async def started(
    deployment: Deployment, world: Telegram, settle: float
) -> AsyncIterator[tuple[Measured, Start]]:
    """`sauti run`, while somebody waits for it already. `settle`: seconds until it is idle."""
    waiting = asyncio.create_task(world.lines[TOKEN].say(SOMEBODY, "/start", CARD))
    await asyncio.sleep(0)
    begun = time.perf_counter()
    async with sauti(deployment, world.url) as process:
        await waiting
        seconds = time.perf_counter() - begun
        await asyncio.sleep(settle)
        yield process, Start(seconds=seconds, megabytes=process.megabytes())


@asynccontextmanager
async def both(settle: float) -> AsyncIterator[Both]:
    """Both have answered once."""
    async with deployed() as deployment, telegram() as world:
        folder = str(deployment.settings.data_dir.parent)
        async with (
            started(deployment, world, settle) as (real, start),
            running("-m", "bench.bare", world.url, BARE, folder) as bare,
        ):
            await world.lines[BARE].say(SOMEBODY, "/start", CARD)
            yield Both(
                deployment=deployment,
                real=Bot(line=world.lines[TOKEN], process=real),
                bare=Bot(line=world.lines[BARE], process=bare),
                start=start,
            )
