"""A bot that is stopped leaves its rows in no order, and ends though the database is away."""

from datetime import datetime

import pytest

from app.run import leave_no_order
from storage.errors import StoreUnavailable
from tests.fakes.stores import MemoryStores
from tests.fakes.world import MONDAY


class Remixed(MemoryStores):
    def __init__(self, *, away: bool) -> None:
        super().__init__()
        self.away, self.times = away, 0

    async def remix(self, _: datetime) -> int:
        self.times += 1
        if self.away:
            raise StoreUnavailable
        return 0


@pytest.mark.parametrize("away", [False, True])
async def test_rows_are_mixed_when_the_bot_stops_and_a_failure_is_told(away: bool) -> None:  # noqa: FBT001 - a parameter of the test
    stores, said = Remixed(away=away), []
    await leave_no_order(stores, MONDAY, lambda event, **facts: said.append((event, facts)))
    assert stores.times == 1
    failed = ("job.failed", {"job": "remix", "error": "StoreUnavailable"})
    assert said == ([failed] if away else [])
