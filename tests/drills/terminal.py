"""An operator's terminal: commands as they are typed, in a folder of its own, and what was seen.

The same drill runs through the installed command, a process each, for `docs/drills.md`, and
in this process for the suite.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Protocol

import psycopg
from psycopg.sql import SQL, Identifier
from pydantic import SecretStr
from typer.testing import CliRunner

from app.cli import sauti
from app.settings import PREFIX, Settings
from storage.tables.metadata import STORES

ROOT = Path(__file__).parents[2]
COMMAND = "from app.entry import main; main()"
LINK = re.compile(r"m-[\w-]{20,}")


class Ran(Protocol):
    """Runs a command: its status, and what it said on both streams."""

    def __call__(
        self, words: tuple[str, ...], keys: str, told: Mapping[str, str], folder: Path
    ) -> tuple[int, str]: ...


def as_a_process(
    words: tuple[str, ...], keys: str, told: Mapping[str, str], folder: Path
) -> tuple[int, str]:
    environment = {name: value for name, value in os.environ.items() if name[:6] != PREFIX}
    environment |= {"PYTHONPATH": str(ROOT), "COLUMNS": "200", **told}
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *words],
        input=keys,
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def in_this_process(
    words: tuple[str, ...], keys: str, told: Mapping[str, str], folder: Path
) -> tuple[int, str]:
    assert folder == Path.cwd(), "commands are typed there"
    done = CliRunner().invoke(sauti, words, input=keys, env=dict(told))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What was typed, and what came of it; or what somebody did, or what was looked at."""

    kind: str
    said: str
    output: str = ""
    status: int = 0
    seconds: float = 0


@dataclass(slots=True, kw_only=True)
class Terminal:
    """`secrets`: what must not be read in the document, and what stands there instead."""

    folder: Path
    url: str | None
    run: Ran
    steps: list[Step] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "var"

    @property
    def settings(self) -> Settings:
        return Settings(
            _env_file=None,
            data_dir=self.data,
            database_url=SecretStr(self.url) if self.url else None,
            recovery_public_key=f"file:{self.folder / 'room' / 'recovery.pub'}",
        )

    def types(self, line: str, *, keys: str = "", status: int = 0) -> str:
        """A whole line, `sauti` first. What it said."""
        told = {f"{PREFIX}RECOVERY_PUBLIC_KEY": "file:room/recovery.pub"}
        if self.url is not None:
            told[f"{PREFIX}DATABASE_URL"] = self.url
        name, *words = line.split()
        assert name == "sauti"
        if '"' in line:
            before, quoted, _ = line.split('"')
            words = [*before.split()[1:], quoted]
        start = perf_counter()
        ended, output = self.run(tuple(words), keys, told, self.folder)
        seconds = perf_counter() - start
        assert ended == status, f"{line}: {output}"
        self.steps.append(
            Step(kind="typed", said=line, output=output, status=ended, seconds=seconds)
        )
        return output

    def happens(self, what: str) -> None:
        self.steps.append(Step(kind="happens", said=what))

    def check(self, what: str, held: object) -> None:
        """Ends the drill where it did not hold."""
        assert held, what
        self.steps.append(Step(kind="checked", said=what))

    def loses_everything(self) -> None:
        """But what was kept apart: root's public half."""
        shutil.move(self.data / "keys" / "root.pub", self.folder / "root.pub")
        shutil.rmtree(self.data)
        if self.url is not None:
            with psycopg.connect(self.url) as connection:
                for store in STORES:
                    connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(store)))
        self.data.mkdir(mode=0o700)
        (self.data / "keys").mkdir(mode=0o700)
        shutil.copy(self.folder / "root.pub", self.data / "keys" / "root.pub")

    def told(self, text: str) -> str:
        """Without what is secret."""
        for secret, instead in self.secrets.items():
            text = text.replace(secret, instead)
        return LINK.sub("<one-time link>", text)
