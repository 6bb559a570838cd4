"""Processes that are measured from outside: CPU seconds and memory as the kernel counts them."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.deployment import TOKEN, Deployment

ROOT = Path(__file__).parent.parent
SAUTI = "from app.entry import main; main()"
TICKS = os.sysconf("SC_CLK_TCK")
USER, SYSTEM = 11, 12
"""Fields of /proc/PID/stat after the name (proc(5)), from 0."""


@dataclass(frozen=True, slots=True)
class Measured:
    process: Process

    def cpu_seconds(self) -> float:
        """Of all its threads, those that have ended too. Counted in hundredths."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[USER]) + int(fields[SYSTEM])) / TICKS

    def megabytes(self) -> float:
        """Resident, of its own and shared."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@asynccontextmanager
async def running(
    *words: str, environment: dict[str, str] | None = None, said: int = DEVNULL
) -> AsyncIterator[Measured]:
    """A Python that is stopped at the end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *words),
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        stdout=said,
        stderr=DEVNULL,
    )
    try:
        yield Measured(process)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


@asynccontextmanager
async def sauti(deployment: Deployment, url: str) -> AsyncIterator[Measured]:
    """`sauti run`, the real one, on this deployment's files."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")}
    settings = {
        "SAUTI_BOT_TOKEN": TOKEN,
        "SAUTI_TELEGRAM_API_URL": url,
        "SAUTI_DATA_DIR": str(deployment.settings.data_dir),
    }
    async with running("-c", SAUTI, "run", environment=kept | settings) as process:
        yield process
