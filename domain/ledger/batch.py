"""The daily batch: what happened in a day, and neither in which order nor how often.

A batch is what the tree will grow by. It is sorted by hash, and padded with dummies, which are
chance and look like any leaf, to the next power of two. A leaf is 32 bytes, so that doubling
costs nothing; Padmé's steps, made for files, would tell a quiet day's number to within one.
A day on which nothing happened has a batch like any other.
"""

from datetime import datetime

from domain.ledger.leaf import LeafHash
from domain.ports.stores import Stores
from domain.ports.world import Entropy

LEAST = 16
LEAF_BYTES = 32


def bucket(leaves: int) -> int:
    """The size of a batch of so many real leaves."""
    return max(LEAST, 1 << max(0, leaves - 1).bit_length())


async def batch_leaves(moment: datetime, *, stores: Stores, entropy: Entropy) -> int:
    """How many leaves the day's batch has, dummies among them; 0 when it was made before: what
    is pending then waits for the next. All of it in one transaction. A clock that once ran
    ahead does not hold up the days it jumped over.
    """
    day = moment.date()
    async with stores.cases() as cases:
        pending = await cases.leaves.take_pending(day)
        if pending is None:
            return 0
        missing = bucket(len(pending)) - len(pending)
        dummies = [LeafHash(entropy.token(LEAF_BYTES)) for _ in range(missing)]
        batch = sorted([*pending, *dummies])
        await cases.leaves.add_batch(day, batch)
        await cases.commit()
    return len(batch)
