"""`make bench`: the table on the screen, the rows in `bench/results/`."""

import asyncio
from pathlib import Path

from bench import reports
from bench.measure import save, table

RESULTS = Path(__file__).parent / "results" / "latest.json"


def main() -> None:
    rows = asyncio.run(reports.rows())
    print(table(rows))
    save(rows, RESULTS)


main()
