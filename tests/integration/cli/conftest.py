"""A shell in a folder of its own, before and after `sauti init`."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from secrets import token_hex

import pytest
from typer.testing import CliRunner

from app.cli import sauti
from tests.integration.cli.drill import Drill, rows_of
from tests.integration.cli.shell import TOKEN, Shell
from tests.pairs_made import PairsMade
from tests.sandbox_client import sandbox_process


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    for name in [name for name in os.environ if name.startswith("SAUTI_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path)


@pytest.fixture
def shell(empty: Shell) -> Shell:
    """After `sauti init --demo-keys`."""
    shutil.copytree(_initialised(), empty.data)
    return empty


@cache
def _initialised() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="sauti-cli-"))
    atexit.register(shutil.rmtree, folder)
    told = {"SAUTI_DATA_DIR": str(folder / "var")}
    made = CliRunner().invoke(sauti, ["init", "--non-interactive", "--demo-keys"], env=told)
    assert made.exit_code == 0, made.output
    return folder / "var"


@pytest.fixture
def telegram() -> Iterator[str]:
    with sandbox_process(TOKEN) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def drill(
    request: pytest.FixtureRequest, empty: Shell, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Drill]:
    """Custodians have met, and the deployment was made for their key. No command leaves a key in
    memory, whether it was refused or not.
    """
    pairs = PairsMade.noted(monkeypatch)
    drill = Drill(empty, _url(request))
    said = empty.said("custodians", str(drill.room), "--files")
    assert all(word not in said for word in rows_of(drill.room)), "a share was shown"
    drill.said("init", "--root-key", drill.root)
    yield drill
    assert pairs.made != []
    assert pairs.left == []


def _url(request: pytest.FixtureRequest) -> str | None:
    """Of an empty database."""
    if request.param == "sqlite":
        return None
    server = request.getfixturevalue("postgresql")
    return str(server.created(f"drill_{token_hex(8)}"))
