"""The published table of 47 counties, the first ever: every report and every move is counted."""

import sqlite3
import statistics
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from random import Random

from app.wiring import House
from bench.deployment import deployed
from bench.many import WAYS, Crowd
from bench.measure import Bound, Goal, Row
from bench.sizes import Sizes

NAME = "digest"
LEAST = (
    "one bare SQL statement that reads and groups the same rows once: reports by county, topic and"
    " state, and events by state"
)
BARE = (
    "SELECT county, topic, state, count(*) FROM report GROUP BY 1, 2, 3",
    "SELECT state, min(day), count(*) FROM event GROUP BY 1",
)
GOES = (
    "each event beside the one before it, and the county of its report: three look-ups an event,"
    " done in the database. The evenings after it count one day's events"
)
AT_MOST = Goal(bound=Bound.VALUE_AT_MOST, number=10)


async def rows(sizes: Sizes) -> AsyncIterator[Row]:
    taken: dict[int, float] = {}
    async with deployed() as deployment:
        house, data_dir = deployment.house.dry(), deployment.settings.data_dir
        moment = house.clock.now()
        crowd = Crowd(today=moment.date(), dice=Random(47), ways=WAYS)
        for many in sizes.reports:
            crowd.write(data_dir, many - crowd.made)
            runs = sizes.runs if many <= 100_000 else min(3, sizes.runs)
            measured = [(await _published(house, moment), _read(data_dir)) for _ in range(runs)]
            taken[many], beside = map(statistics.median, zip(*measured, strict=True))
            yield Row(
                name=f"digest of 47 counties over {many:,} reports",
                unit="s",
                value=taken[many],
                beside=beside,
                beside_what=LEAST,
                goal=AT_MOST,
                goes=GOES,
            )
    few, most = sizes.reports[-2:]
    yield Row(
        name=f"digest: a report among {most:,}, beside one among {few:,}",
        unit="µs",
        value=1e6 * taken[most] / most,
        beside=1e6 * taken[few] / few,
        beside_what=f"the same of {few:,}: the digest grows with what it counts, no faster",
        goal=Goal(bound=Bound.RATIO_AT_MOST, number=1.3),
        goes="what does not fit into the database's memory is read from the system's",
    )


async def _published(house: House, moment: datetime) -> float:
    """Seconds; nothing is kept, so that the next one counts the same."""
    start = time.perf_counter()
    published = await house.publisher().publish(moment)
    assert published
    return time.perf_counter() - start


def _read(data_dir: Path) -> float:
    start = time.perf_counter()
    disk = sqlite3.connect(data_dir / "cases.db")
    for query in BARE:
        disk.execute(query).fetchall()
    disk.close()
    return time.perf_counter() - start
