"""`make bench`: the table on the screen, in `bench/results/` and in `docs/bench.md`.

`python -m bench NAME…` measures some of it, and writes nothing. `--tiny`: that it works at all.
"""

import argparse
import asyncio

from bench import groups, table
from bench.sizes import FULL, TINY


async def measure(names: list[str], *, tiny: bool) -> None:
    rows = []
    async for row in groups.rows(names or groups.NAMES, TINY if tiny else FULL):
        print(table.line(row), flush=True)
        rows.append(row)
    if not (names or tiny):
        table.save(rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(groups.NAMES))
    parser.add_argument("--tiny", action="store_true", help="the smallest sizes there are")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(groups.NAMES):
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    asyncio.run(measure(asked.names, tiny=asked.tiny))


if __name__ == "__main__":
    main()
