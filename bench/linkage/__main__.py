"""`make linkage`: a database after the other, or the one that is named. Each moment's rows are
kept as soon as they are there, in `bench/results/linkage.json` and in `docs/attacks.md`; what the
other database gave before stays.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from bench.linkage.attack import Guesses, attacked
from bench.linkage.life import BATCH, Kind, Moment, Town
from crypto import code, files
from tests.house import a_founded_house
from tests.in_docs import write_table
from tests.postgresql import running_new

SIZE = int(os.environ.get("CITIZENS", "2400"))
DATABASES = ("SQLite", "PostgreSQL")
AT_REST, LEAKY = 0.01, 0.5
QUICK_KIB = 64
SMALL = 4096
"""Bytes that a file is padded to here: more than a page of SQLite's, or a row of PostgreSQL's."""
RESULTS = Path(__file__).parents[1] / "results" / "linkage.json"
COLUMNS = ("database", "moment", "table", "reports", "found", "blind", "advantage", "at most")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    moment: str
    kind: Kind
    guesses: Guesses

    def judged(self) -> tuple[str, bool]:
        match self.kind:
            case Kind.LEAK:
                return f"≥ {LEAKY:.0%}", self.guesses.lower >= LEAKY
            case Kind.BATCH:
                return f"≤ 1/{BATCH}", self.guesses.upper <= 1 / BATCH
            case Kind.REST | Kind.RUNNING:
                return f"≤ {AT_REST:.0%}", self.guesses.upper <= AT_REST

    def cells(self) -> tuple[str, ...]:
        found, (goal, met) = self.guesses, self.judged()
        shares = (f"{share:.2%}" for share in (found.baseline, found.advantage, found.upper))
        leaky = self.kind is Kind.LEAK
        return (
            *(f"leaky: {self.moment}" if leaky else self.moment, found.table),
            *(str(found.reports), f"{found.hits:.1f}", *shares, goal, "yes" if met else "NO"),
        )

    def kept(self) -> dict[str, object]:
        found = {"advantage": self.guesses.advantage, "upper": self.guesses.upper}
        return asdict(self) | found | {"cells": self.cells()}


@dataclass(slots=True, kw_only=True)
class Run:
    """Of one database. `over`: whether every moment was lived to."""

    database: str
    rows: list[Row] = field(default_factory=list)
    over: bool = False

    async def live(self) -> None:
        """Trying a code costs nothing here: no byte on the disk is of another size for it."""
        code.MEMORY_KIB = QUICK_KIB
        files.FLOOR = SMALL
        with (
            running_new() if self.database == "PostgreSQL" else nullcontext() as server,
            tempfile.TemporaryDirectory(prefix="sauti-linkage-") as folder,
        ):
            async with a_founded_house(Path(folder), server.url if server else None) as house:
                town = Town(house=house, server=server, size=SIZE, tell=self._tell)
                async for moment in town.live():
                    self._tell(moment.name)
                    self.rows += _worth_telling(moment)
                    self.keep()
        self.over = True
        self.keep()

    def keep(self) -> None:
        kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        kept[self.database] = {
            "citizens": SIZE,
            "on": date.today().isoformat(),  # noqa: DTZ011 - the day of whoever runs it
            "over": self.over,
            "rows": [row.kept() for row in self.rows],
        }
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        heads = (*COLUMNS, "goal", "met")
        table = [_line(heads), _line(["---"] * len(heads))]
        for database in (each for each in DATABASES if each in kept):
            table += [_line((database, *row["cells"])) for row in kept[database]["rows"]]
        runs = "; ".join(_told(each, kept[each]) for each in DATABASES if each in kept)
        write_table("attacks.md", "make linkage", [*table, "", f"{runs}."])

    def _tell(self, what: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {self.database}: {what}", file=sys.stderr, flush=True)


def _told(database: str, run: dict[str, object]) -> str:
    whole = "" if run["over"] else ", not run to its end"
    return f"{database}: {run['citizens']} citizens, on {run['on']}{whole}"


def _worth_telling(moment: Moment) -> Iterator[Row]:
    """Of a build that leaks, the table that leaks most."""
    rows = [
        Row(moment=moment.name, kind=moment.kind, guesses=guesses)
        for guesses in attacked(moment.copies)
    ]
    if moment.kind is Kind.LEAK:
        rows = [max(rows, key=lambda row: row.guesses.advantage)]
    for row in rows:
        print(_line(row.cells()), row.guesses.rule, flush=True)
        yield row


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    for named in sys.argv[1:] or DATABASES:
        asyncio.run(Run(database=named).live())
