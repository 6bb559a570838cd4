"""The published table of 47 counties, a week after the last: how every report stands, and every
move of the week. The first ever over a long history counts all its moves, and takes far longer;
a deployment that publishes each evening never has one.
"""

import sqlite3
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from app.wiring import House
from bench.deployment import deployed
from bench.many import WAYS, Crowd
from bench.measure import Bound, Goal, Row
from bench.sizes import Sizes
from domain.digest.measure import Flow
from domain.digest.small_counts import CellKey, Tally
from domain.places.county import CountyCode
from domain.reports.topic import Topic

NAME = "digest"
LEAST = (
    "bare SQL statements that read and group the same rows once: reports by county, topic and"
    " state, and the week's events by state"
)
BARE = (
    "SELECT county, topic, state, count(*) FROM report GROUP BY 1, 2, 3",
    "SELECT state, min(day), count(*) FROM event WHERE day >= ? GROUP BY 1",
)
WEEK = timedelta(days=7)
GOES = (
    "how each report stood at the end of the day before, by the index of what is counted; each"
    " event of the week beside the one before it; 47 tables and their tallies written"
)
AT_MOST = Goal(bound=Bound.VALUE_AT_MOST, number=10)


async def rows(sizes: Sizes) -> AsyncIterator[Row]:
    taken: dict[int, float] = {}
    async with deployed() as deployment:
        house, data_dir = deployment.house.dry(), deployment.settings.data_dir
        moment = house.clock.now()
        await _published_before(deployment.house, moment - WEEK)
        crowd = Crowd(today=moment.date(), dice=Random(47), ways=WAYS)
        for many in sizes.reports:
            crowd.write(data_dir, many - crowd.made)
            runs = sizes.runs if many <= 100_000 else min(3, sizes.runs)
            measured = [
                (await _published(house, moment), _read(data_dir, moment - WEEK))
                for _ in range(runs)
            ]
            taken[many], beside = map(statistics.median, zip(*measured, strict=True))
            yield Row(
                name=f"digest of a week, 47 counties over {many:,} reports",
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


async def _published_before(house: House, moment: datetime) -> None:
    """As far as it tells what was counted already: one flow of one county."""
    key = CellKey(county=CountyCode("001"), topic=Topic.THEFT, measure=Flow.WITHDRAWN)
    tally = Tally(count=0, since=moment.date(), through=moment.date())
    async with house.stores.cases() as cases:
        await cases.publications.keep_tallies({key: tally})
        await cases.commit()


def _read(data_dir: Path, since: datetime) -> float:
    start = time.perf_counter()
    with closing(sqlite3.connect(data_dir / "cases.db")) as disk:
        disk.execute(BARE[0]).fetchall()
        disk.execute(BARE[1], (since.date().isoformat(),)).fetchall()
    return time.perf_counter() - start
