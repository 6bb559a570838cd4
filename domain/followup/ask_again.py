"""Somebody says it is done and the code's holder is silent: after four weeks they are asked
once more. Silence stays silence, and never becomes a yes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.errors import DomainError
from domain.ports.sealing import Custody
from domain.ports.stores import Changed, Stores
from domain.ports.world import Entropy
from domain.reports.event import Event, EventKind
from domain.reports.history import RecordChanged, true_history
from domain.reports.record import record_act
from domain.reports.state import Author, State

SILENT = timedelta(weeks=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAgain:
    stores: Stores
    custody: Custody
    entropy: Entropy
    heed: Callable[[DomainError], None]

    async def run(self, moment: datetime) -> int:
        """How many are asked. The clock's own event is the record that they were; where the
        record was changed by hand, it must not vouch for it.
        """
        today = moment.date()
        async with self.stores.cases() as cases:
            silent = await cases.reports.unmoved(today - SILENT, state=State.CLAIMED_RESOLVED)
        asked = 0
        for report in silent:
            async with self.stores.cases() as cases:
                try:
                    if _was_heard_of(await true_history(cases, report, self.custody)):
                        continue
                    await record_act(
                        cases,
                        before=report,
                        after=replace(report, notice_due=True),
                        kind=EventKind.ASKED,
                        author=Author.CLOCK,
                        day=today,
                        secret=None,
                        entropy=self.entropy,
                    )
                except Changed:
                    continue
                except RecordChanged as alarm:
                    self.heed(alarm)
                    continue
                await cases.commit()
                asked += 1
        return asked


def _was_heard_of(events: Sequence[Event]) -> bool:
    """Since somebody said it was done: the holder spoke, or the clock has asked already."""
    for event in reversed(events):
        if event.state is not State.CLAIMED_RESOLVED:
            return False
        if event.author is Author.CITIZEN or (event.kind, event.author) == (
            EventKind.ASKED,
            Author.CLOCK,
        ):
            return True
    return False
