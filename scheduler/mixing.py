"""Rows are mixed often, as what came since lies in order: but not while it costs more than a
hundredth of the time, as on PostgreSQL others wait meanwhile. Every hour, whatever it costs.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.ports.stores import Stores

LONGEST = timedelta(hours=1)
REST = 100
"""Times as long as the last one took."""


@dataclass(slots=True, kw_only=True)
class Mixing:
    """`watch`: seconds that only ever grow."""

    stores: Stores
    watch: Callable[[], float] = time.monotonic
    rests_until: datetime | None = None

    async def run(self, moment: datetime) -> int:
        """How many tables. Raises StoreUnavailable."""
        if self.rests_until and moment < self.rests_until <= moment + LONGEST:
            return 0
        began = self.watch()
        mixed = await self.stores.remix(moment)
        took = timedelta(seconds=self.watch() - began)
        self.rests_until = moment + min(LONGEST, REST * took)
        return mixed
