"""A whole deployment for a test: the real `sauti` command, its files, its log, and a
process that can be stopped or killed.
"""

import asyncio
import atexit
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from pydantic import SecretStr

from app.inviting import make_invite
from app.keys import ROOT_SECRET, KeyFolder
from app.opening import open_house
from app.settings import Settings
from app.wiring import House
from crypto.spelling import read_root_secret
from domain.desks.desk import NATIONAL, DeskKey
from domain.ports.world import Clock
from domain.staff.member import Role
from tests import preloaded
from tests.postgresql import Server, running, running_copy

ROOT = Path(__file__).parent.parent
TOKEN = "1:sandbox-e2e"
COMMAND = "from app.entry import main; main()"
SQLITE, POSTGRESQL = "sqlite", "postgresql"


def _unheard(event: str, **fields: object) -> None:
    """Making a link says nothing to the log."""


class CommandFailed(AssertionError):
    """What the command said on its way out."""


@dataclass(slots=True, kw_only=True)
class Deployment:
    """`entry` is the Python that is run: the product's own, or a build that leaks on purpose."""

    url: str
    folder: Path
    entry: str = COMMAND
    settings: dict[str, str] = field(default_factory=dict)
    from_nothing: bool = False
    """Whether its process loads the product itself: where the entry changes what is loaded."""
    process: Process | preloaded.Started | None = None
    server: Server | None = None
    """PostgreSQL; None: SQLite files."""

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "sauti.log"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")}
        return kept | {
            "PYTHONPATH": str(ROOT),
            "SAUTI_BOT_TOKEN": TOKEN,
            "SAUTI_TELEGRAM_API_URL": self.url,
            "SAUTI_DATA_DIR": str(self.data),
            "SAUTI_OPERATOR_NAME": "Test Operator",
            **({"SAUTI_DATABASE_URL": self.server.url} if self.server else {}),
            **self.settings,
        }

    async def sauti(self, *words: str) -> str:
        """What the command printed. Raises CommandFailed."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", self.entry, *words),
            cwd=self.folder,
            env=self.environment,
            stdout=PIPE,
            stderr=PIPE,
        )
        out, err = await process.communicate()
        if process.returncode != 0:
            raise CommandFailed((out + err).decode())
        return out.decode()

    async def init(self) -> str:
        return await self.sauti("init", "--non-interactive", "--demo-keys")

    async def invite(self, desk: DeskKey = NATIONAL, role: Role = Role.MODERATOR) -> str:
        """The payload of a one-time link, as the command makes it. `desk`: an officer's seat."""
        root = read_root_secret((KeyFolder(self.data).offline / ROOT_SECRET).read_text())
        async with self.house() as house:
            made = await make_invite(house, root, role=role, desk=desk)
        return made.payload

    @asynccontextmanager
    async def house(self, clock: Clock | None = None) -> AsyncIterator[House]:
        """The same data, opened by this process beside the running one."""
        async with open_house(self.settled, _unheard, clock) as house:
            yield house

    @property
    def settled(self) -> Settings:
        """Its settings, for code that is run in this process."""
        url = SecretStr(self.server.url) if self.server else None
        return Settings(_env_file=None, data_dir=self.data, database_url=url)

    async def start(self) -> None:
        where: dict[str, Any] = {"cwd": self.folder, "env": self.environment}
        with self.log.open("ab") as log:
            if self.from_nothing:
                command = (sys.executable, "-c", self.entry, "run")
                self.process = await asyncio.create_subprocess_exec(
                    *command, **where, stdout=log, stderr=log
                )
            else:
                self.process = await preloaded.start(self.entry, "run", **where, log=log)

    async def said(self, words: str) -> None:
        """Until the log has these words."""
        while words not in self.log.read_text(encoding="utf-8"):  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """As a power cut does."""
        await self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Nothing is handled until `resume`: so two presses can meet the same card."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    async def stop(self) -> int:
        """As an operator does; the exit status."""
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        status = await self.process.wait()
        self.process = None
        return status

    def rows(self, store: str, query: str) -> list[tuple[Any, ...]]:
        """What lies in a store; the query says `{addresses}` and the like before its tables."""
        if self.server is None:
            with closing(sqlite3.connect(self.data / f"{store}.db", timeout=10)) as file:
                return file.execute(query.format(**{store: ""})).fetchall()
        with psycopg.connect(self.server.url) as connection:
            return connection.execute(query.format(**{store: f"{store}."})).fetchall()

    def everything_on_disk(self) -> dict[Path, bytes]:
        """Every file of the deployment, as a thief would carry it away; of PostgreSQL heap,
        write-ahead log and log.
        """
        files = {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
        return files | (self.server.everything_on_disk() if self.server else {})


@asynccontextmanager
async def deployed(
    url: str, folder: Path, *, entry: str = COMMAND, on: str = SQLITE, **settings: str
) -> AsyncIterator[Deployment]:
    """Made by `sauti init`, not yet running; killed at the end. `on`: the database."""
    made = await _made_once(url, on)
    with running_copy(made / "pg") if on == POSTGRESQL else nullcontext() as server:
        deployment = Deployment(
            url=url, folder=folder, entry=entry, settings=settings, server=server
        )
        shutil.copytree(made / "data", deployment.data)
        try:
            yield deployment
        finally:
            if deployment.process is not None:
                await deployment.kill()


_made: dict[str, Path] = {}


async def _made_once(url: str, on: str) -> Path:
    """What one `sauti init` makes on this database, for all tests of this process to copy."""
    if on not in _made:
        folder = Path(tempfile.mkdtemp(prefix="sauti-made-"))
        atexit.register(shutil.rmtree, folder)
        with running(folder / "pg", keep=True) if on == POSTGRESQL else nullcontext() as server:
            await Deployment(url=url, folder=folder, server=server).init()
        _made[on] = folder
    return _made[on]
