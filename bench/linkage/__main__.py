"""`make linkage`: the table on the screen, its rows in `bench/results/linkage.json`."""

import asyncio
import json
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.linkage.attack import Guesses, attacked
from bench.linkage.life import Copy, Town
from tests.house import a_founded_house
from tests.in_docs import write_table
from tests.postgresql import running_new

SIZE = int(os.environ.get("CITIZENS", "2400"))
DATABASES = ("SQLite", "PostgreSQL")
AT_REST, LEAKY = 0.01, 0.5
RESULTS = Path(__file__).parents[1] / "results" / "linkage.json"
COLUMNS = ("database", "moment", "table", "reports", "found", "blind", "advantage", "at most")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    database: str
    moment: str
    guesses: Guesses
    goal: str
    met: bool

    def cells(self) -> tuple[str, ...]:
        found = self.guesses
        shares = (f"{share:.2%}" for share in (found.baseline, found.advantage, found.upper))
        return (
            *(self.database, self.moment, found.table, str(found.reports), f"{found.hits:.1f}"),
            *shares,
            *(self.goal, "yes" if self.met else "NO"),
        )

    def kept(self) -> dict[str, object]:
        found = {"advantage": self.guesses.advantage, "upper": self.guesses.upper}
        return asdict(self) | found


def main() -> None:
    """Each database in a process of its own."""
    heads = (*COLUMNS, "goal", "met")
    head = (_line(heads), _line(["---"] * len(heads)))
    print(*head, sep="\n")
    with ProcessPoolExecutor(len(DATABASES)) as processes:
        rows = [row for lived in processes.map(_living, DATABASES) for row in lived]
    write_table("attacks.md", "make linkage", (*head, *(_line(row.cells()) for row in rows)))
    RESULTS.parent.mkdir(exist_ok=True)
    kept = json.dumps([row.kept() for row in rows], indent=1)
    RESULTS.write_text(f"{kept}\n", encoding="utf-8")


def _living(on: str) -> list[Row]:
    return asyncio.run(_lived(on))


async def _lived(on: str) -> list[Row]:
    rows = []
    with (
        running_new() if on == "PostgreSQL" else nullcontext() as server,
        tempfile.TemporaryDirectory(prefix="sauti-linkage-") as folder,
    ):
        async with a_founded_house(Path(folder), server.url if server else None) as house:
            town = Town(house=house, server=server, size=SIZE)
            async for copy in town.live():
                for guesses in attacked(copy):
                    rows.append(_judged(on, copy, guesses))
                    print(_line(rows[-1].cells()), flush=True)
    return rows


def _judged(on: str, copy: Copy, found: Guesses) -> Row:
    goal, met = f"≤ {AT_REST:.0%}", found.upper <= AT_REST
    if copy.leaks:
        goal, met = f"≥ {LEAKY:.0%}", found.advantage >= LEAKY
    elif copy.due:
        goal, met = f"≤ 1/{len(copy.due)}", found.upper <= 1 / len(copy.due)
    return Row(database=on, moment=copy.moment, guesses=found, goal=goal, met=met)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
