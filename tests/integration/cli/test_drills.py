"""The drills of `make drills`, in this process: every check of them holds, on both databases."""

from secrets import token_hex

import pytest

from tests.drills.drills import DRILLS
from tests.drills.terminal import Terminal, in_this_process
from tests.integration.cli.shell import Shell


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """Of an empty database."""
    if request.param == "sqlite":
        return None
    return str(request.getfixturevalue("postgresql").created(f"drill_{token_hex(8)}"))


@pytest.mark.parametrize("name", list(DRILLS))
def test_a_drill_holds(name: str, url: str | None, empty: Shell) -> None:
    terminal = Terminal(folder=empty.folder, url=url, run=in_this_process)
    DRILLS[name](terminal)
