"""`make drills`: both drills on both databases, through the command as it is installed, a process
each; and `docs/drills.md`, of what was typed, said, seen and how long it took.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from tests.drills.drills import DRILLS
from tests.drills.page import Held, page
from tests.drills.terminal import Terminal, as_a_process
from tests.in_docs import DOCS
from tests.postgresql import running_new

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


def main() -> None:
    """Nothing is written unless every check held."""
    held = []
    for name, drill in DRILLS.items():
        for database in (SQLITE, POSTGRESQL):
            with _database(database) as url, tempfile.TemporaryDirectory() as folder:
                terminal = Terminal(folder=Path(folder), url=url, run=as_a_process)
                start = perf_counter()
                drill(terminal)
                seconds = perf_counter() - start
            sys.stdout.write(f"{name} on {database}: held, {seconds:.0f} s\n")
            done = Held(name=name, what=str(drill.__doc__), database=database, seconds=seconds)
            held.append((done, terminal))
    today = datetime.now(UTC).date()
    (DOCS / "drills.md").write_text(page(held, today), encoding="utf-8")


@contextmanager
def _database(name: str) -> Iterator[str | None]:
    if name == SQLITE:
        yield None
        return
    with running_new() as server:
        yield server.created("drill")


if __name__ == "__main__":
    main()
