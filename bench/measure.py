"""Rows of a table: a figure, and what it stands beside."""

import json
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

RUNS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`value` and `beside` in `unit`; `ratio` is value over beside; `goal` bounds the ratio,
    from below where more is better.
    """

    name: str
    unit: str
    value: float
    beside_name: str
    beside: float
    goal: float
    more_is_better: bool

    @property
    def ratio(self) -> float:
        return self.value / self.beside

    @property
    def met(self) -> bool:
        return self.ratio >= self.goal if self.more_is_better else self.ratio <= self.goal


async def seconds(work: Callable[[], Awaitable[object]], times: int) -> float:
    """Seconds for one `work`, the median of several runs of `times` each."""
    runs = []
    for _ in range(RUNS):
        start = time.perf_counter()
        for _ in range(times):
            await work()
        runs.append((time.perf_counter() - start) / times)
    return statistics.median(runs)


def table(rows: list[Row]) -> str:
    heads = f"{'value':>10} {'unit':<6}{'beside':>10}  {'ratio':>6} {'goal':>6}  met  beside what"
    lines = [f"{'':<34}{heads}"]
    for row in rows:
        sign = "≥" if row.more_is_better else "≤"
        lines.append(
            f"{row.name:<34}{row.value:>10.2f} {row.unit:<6}{row.beside:>10.2f}"
            f"  {row.ratio:>6.2f} {sign}{row.goal:>5.2f}  {'yes' if row.met else 'NO ':<3}"
            f"  {row.beside_name}"
        )
    return "\n".join(lines)


def save(rows: list[Row], path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    found = [asdict(row) | {"ratio": row.ratio, "met": row.met} for row in rows]
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
