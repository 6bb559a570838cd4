"""Every group of rows by its name, and how it is run."""

from collections.abc import AsyncIterator, Collection

from bench import answering, conversations, digest, one_report, outbox, queue, starting
from bench.both import both
from bench.deployment import deployed
from bench.measure import Row
from bench.sizes import Sizes

OF_BOTH = {
    answering.NAME: answering.rows,
    conversations.NAME: conversations.rows,
    starting.NAME: starting.rows,
}
OF_ONE = {
    "seal": one_report.sealing,
    "send": one_report.sending,
    "check": one_report.checking,
    outbox.NAME: outbox.rows,
}
OF_MANY = {digest.NAME: digest.rows, queue.NAME: queue.rows}
NAMES = (*OF_BOTH, *OF_ONE, *OF_MANY)


async def rows(names: Collection[str], sizes: Sizes) -> AsyncIterator[Row]:
    """As they are measured, one group after the other: they must not disturb each other."""
    if wanted := [group for name, group in OF_BOTH.items() if name in names]:
        async with both(sizes.settle) as bots:
            for of_both in wanted:
                async for row in of_both(bots, sizes):
                    yield row
    if chosen := [group for name, group in OF_ONE.items() if name in names]:
        async with deployed() as deployment:
            for of_one in chosen:
                async for row in of_one(deployment, sizes):
                    yield row
    for name, of_many in OF_MANY.items():
        if name in names:
            async for row in of_many(sizes):
                yield row
