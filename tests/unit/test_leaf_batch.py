"""How large a day's batch is: its bucket, and nothing else."""

from datetime import datetime

import pytest

from domain.calendar import NAIROBI
from domain.ledger.batch import LEAST, batch_leaves, bucket
from domain.ledger.leaf import LeafHash
from tests.fakes.stores import MemoryStores
from tests.fakes.world import FakeEntropy

MOMENT = datetime(2026, 11, 3, 4, 30, tzinfo=NAIROBI)


@pytest.mark.parametrize(
    ("leaves", "size"),
    [(0, 16), (1, 16), (15, 16), (16, 16), (17, 32), (32, 32), (33, 64), (1000, 1024)],
)
def test_a_batch_is_the_next_power_of_two(leaves: int, size: int) -> None:
    assert bucket(leaves) == size


async def batched(number: int) -> list[LeafHash]:
    stores, entropy = MemoryStores(), FakeEntropy()
    async with stores.cases() as cases:
        for _ in range(number):
            await cases.leaves.add(LeafHash(entropy.token(32)))
        await cases.commit()
    assert await batch_leaves(MOMENT, stores=stores, entropy=entropy) == bucket(number)
    async with stores.cases() as cases:
        return list(await cases.leaves.batch(MOMENT.date()))


async def test_from_a_batch_nobody_reads_how_many_are_real() -> None:
    """Up to the bucket every number gives rows of the same count, size and order."""
    shapes = set()
    for number in range(LEAST + 1):
        batch = await batched(number)
        assert batch == sorted(set(batch))
        shapes.add((len(batch), *{len(leaf) for leaf in batch}))
    assert shapes == {(LEAST, 32)}


async def test_a_build_that_does_not_pad_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.ledger.batch.LEAST", 0)
    assert len(await batched(1)) != len(await batched(5))
