"""`/next`: the report that matters most is claimed, signed for and opened."""

from collections.abc import AsyncIterator
from random import Random

from bench.deployment import Deployment, deployed
from bench.many import OPEN, Crowd
from bench.measure import Bound, Goal, Row, in_turn
from bench.one_report import sent
from bench.raw import CONTEXT, Raw
from bench.sizes import Sizes
from crypto import xwing

NAME = "next"
GOES = (
    "six transactions: who asks, the first of the queue, its shred key, the act with its event"
    " and leaf, the dialogue. Two HPKE envelopes are opened, the act is signed, and the signatures"
    " of the acts before it are verified"
)


async def rows(sizes: Sizes) -> AsyncIterator[Row]:
    taken = []
    for many in sizes.open_reports:
        async with deployed() as deployment:
            value, beside = await _taken(deployment, many, sizes)
        taken.append(value)
        yield Row(
            name=f"/next at {many:,} open reports",
            unit="ms",
            value=1000 * value,
            beside=1000 * beside,
            beside_what="two HPKE envelopes opened and one fsync'd commit, raw",
            goal=Goal(bound=Bound.VALUE_AT_MOST, number=30),
            goes=GOES,
        )
    few, most = sizes.open_reports
    yield Row(
        name=f"/next at {most:,}, beside {few:,} open reports",
        unit="ms",
        value=1000 * taken[1],
        beside=1000 * taken[0],
        beside_what=f"the same at {few:,}: the index of the queue is in the queue's order",
        goal=Goal(bound=Bound.RATIO_AT_MOST, number=3),
        goes="pages of a larger file, of the index and of the reports, that are read from the disk",
    )


async def _taken(deployment: Deployment, many: int, sizes: Sizes) -> tuple[float, float]:
    """Those that are opened are whole, and danger: they come first."""
    house, data_dir = deployment.house, deployment.settings.data_dir
    for _ in range(sizes.runs * sizes.opens):
        await sent(deployment, await house.sealer.mint(), danger=True)
    crowd = Crowd(today=house.clock.now().date(), dice=Random(47), ways=OPEN)
    crowd.write(data_dir, many)
    raw = Raw.at(data_dir.parent)
    envelope = xwing.seal(raw.pair.public, bytes(32), CONTEXT)

    async def whole() -> None:
        opened = await deployment.moderator().next()
        assert opened.mine

    async def bare() -> None:
        xwing.unseal(raw.pair, envelope, CONTEXT)
        xwing.unseal(raw.pair, envelope, CONTEXT)
        raw.keep((5000,))

    return await in_turn(whole, bare, runs=sizes.runs, times=sizes.opens)
