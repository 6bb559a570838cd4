"""The rows on the screen, in `bench/results/latest.json` and in `docs/bench.md`."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import Bound, Row

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "bench" / "results" / "latest.json"
PAGE = ROOT / "docs" / "bench.md"

HEAD = """# What is measured

Written by `make bench`, which writes it anew. Each figure stands beside a limit or a peer. *ratio*
is value over beside. The same rows, as data: [latest.json](../bench/results/latest.json). One group
alone: `python -m bench NAME` shows it and writes nothing.

Figure and peer are measured in turn (ABAB), and both are medians of several runs. Not so:

* **Crowds of conversations** are one run each: the bot's, then the bare one's.
* **The outbox** is one run, beside a constant: Telegram's cap.
* **The digest over 1,000,000 reports** is the median of three runs, of the others there are more.
* A figure **beside one of fewer reports** compares two medians of this table, one taken after the
  other.

"""
LIMITS = """
## What these figures do not say

* **The digest** is measured a week after a planted tally: what every evening but the first does.
  The first table ever over a long history counts all of its moves. That takes 21 to 28 s
  for 100,000 reports, which is above the goal, and is not mended.
"""
MENDED = """
## Mended so far

The largest misses that measuring found:

* **Spotting codes in 1 KB of words**: 3.4 ms, now 0.43 ms.
* **One staff look-up an update**, in place of two.
* **The tallies of a digest** are kept by one statement, in place of one each.
* **The outbox** records what was delivered at the same time together: 19 messages a second before.
* **The start** compiled 344 modules of our own each time where `PYTHONDONTWRITEBYTECODE` is set, as
  it is in many images, and looked for garbage among what it loads: 3.4 s more than its libraries
  before.
* **A statement on SQLite** is one trip to its thread, in place of four, and an insert is built
  once: a *Send* took 46 trips, now 16.
"""
TITLES = "| what | value | beside | ratio | goal | met |\n|---|--:|--:|--:|---|---|\n"


def line(row: Row) -> str:
    """For the screen."""
    return (
        f"{row.name:<62}{_number(row.value):>9} {row.unit:<3}{_number(row.beside):>9}"
        f"  {row.ratio:>6.2f}  {goal(row):<13} {_met(row)}"
    )


def goal(row: Row) -> str:
    unit = "" if row.goal.bound in {Bound.RATIO_AT_LEAST, Bound.RATIO_AT_MOST} else f" {row.unit}"
    return f"{row.goal.bound} {row.goal.number:g}{unit}"


def as_data(row: Row) -> dict[str, object]:
    return asdict(row) | {
        "beside": row.beside,
        "ratio": row.ratio,
        "goal": goal(row),
        "met": row.met,
    }


def page(rows: Sequence[Row], made: str) -> str:
    table = "".join(
        f"| {row.name} | {_number(row.value)} {row.unit} | {_number(row.beside)} {row.unit}"
        f" | {row.ratio:.2f} | {goal(row)} | {_met(row)} |\n"
        for row in rows
    )
    missed = [row for row in rows if not row.met]
    told = "".join(f"* **{row.name}**: {row.goes}.\n" for row in missed) or "None.\n"
    stands = "".join(f"* {row.name}: {row.beside_what}.\n" for row in rows)
    return (
        f"{HEAD}{made}\n\n{TITLES}{table}\n## What each stands beside\n\n{stands}"
        f"\n## Missed, and where the time goes\n\n{told}{MENDED}{LIMITS}"
    )


def save(rows: Sequence[Row], results: Path = RESULTS, to: Path = PAGE) -> None:
    results.parent.mkdir(exist_ok=True)
    found = [as_data(row) for row in rows]
    results.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    to.write_text(page(rows, _made()), encoding="utf-8")


def _made() -> str:
    """On what kind of machine. Nothing that tells which."""
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, {os.cpu_count()} cores, Python {platform.python_version()}, SQLite files."


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _met(row: Row) -> str:
    return "yes" if row.met else "no"
