"""How a report ends, whatever ends it: so that a crash in between loses nothing, and is made
good by the next bell.

1. *cases*: its tombstone, so that the code is told the truth from then on.
2. *shreds*: its key is destroyed. Every copy of the report is unreadable from then on.
3. *cases*: the report, its events, its dialogue and its referrals go. Counts stay published.

Then, once for all that ended (`Stores.scrub`):

4. The room they took in the files is written over or given back.

Its leaves stay: that it was here is never hidden.
"""

from collections.abc import Awaitable, Callable

from domain.ports.stores import Cases, Stores
from domain.reports.report import ReportId


async def end(report: ReportId, entomb: Callable[[Cases], Awaitable[bool]], stores: Stores) -> bool:
    """Whether it did. `entomb` makes the tombstone, or says that nothing is to end."""
    async with stores.cases() as cases:
        if not await entomb(cases):
            return False
        await cases.commit()

    async with stores.shreds() as shreds:
        await shreds.destroy(report)
        await shreds.commit()

    async with stores.cases() as cases:
        await cases.reports.remove(report)
        await cases.commit()
    return True
