"""From nothing to the first answer, and what the process holds when it is idle then."""

import asyncio
import statistics
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Sequence

from bench.both import Both, Start, started
from bench.deployment import deployed
from bench.measure import Bound, Goal, Row
from bench.processes import ROOT, running
from bench.sizes import Sizes
from bench.telegram import telegram

NAME = "start"

OURS = ("app", "bench", "bot", "crypto", "domain", "media", "sandbox", "scheduler", "storage")
NAMES_OF = f"""
import sys
import app.cli, app.run
ours = {OURS!r}
print(" ".join(n for n in list(sys.modules) if n.split(".")[0] not in ours and n != "__main__"))
"""
IMPORTS_ONLY = """
import importlib, sys, time
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ImportError:
        pass
print("ready", flush=True)
time.sleep(600)
"""
BESIDE = "a process that only imports the same modules of the same libraries"


async def rows(both: Both, sizes: Sizes) -> AsyncIterator[Row]:
    names = sizes.libraries or await _names()
    real, bare = [both.start], [await _imported(names, sizes.settle)]
    for _ in range(sizes.starts - 1):
        async with (
            deployed() as deployment,
            telegram() as world,
            started(deployment, world, sizes.settle) as (_, start),
        ):
            real.append(start)
        bare.append(await _imported(names, sizes.settle))
    ours, others = ([(one.seconds, one.megabytes) for one in ones] for ones in (real, bare))
    seconds, megabytes = zip(_medians(ours), _medians(others), strict=True)
    yield Row(
        name="start to the first answer",
        unit="s",
        value=seconds[0],
        beside=seconds[1],
        beside_what=BESIDE,
        goal=Goal(bound=Bound.ABOVE_AT_MOST, number=0.7),
        goes=(
            "our own modules, catalogues and settings; three stores opened; commands and"
            " descriptions told to Telegram, seven calls; the first update"
        ),
    )
    yield Row(
        name="idle memory",
        unit="MB",
        value=megabytes[0],
        beside=megabytes[1],
        beside_what=BESIDE,
        goal=Goal(bound=Bound.ABOVE_AT_MOST, number=35),
        goes="our own modules, texts of all languages, places, the ORM's compiled statements",
    )


def _medians(pairs: list[tuple[float, float]]) -> list[float]:
    return [statistics.median(ones) for ones in zip(*pairs, strict=True)]


async def _imported(names: Sequence[str], settle: float) -> Start:
    begun = time.perf_counter()
    async with running("-c", IMPORTS_ONLY, *names, said=PIPE) as process:
        assert process.process.stdout is not None
        await process.process.stdout.readline()
        seconds = time.perf_counter() - begun
        await asyncio.sleep(settle)
        return Start(seconds=seconds, megabytes=process.megabytes())


async def _names() -> list[str]:
    """Modules of others that our own import, in the order in which they were loaded."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", NAMES_OF, cwd=ROOT, stdout=PIPE
    )
    said, _ = await process.communicate()
    return said.decode().split()
