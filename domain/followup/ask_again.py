"""Somebody says it is done and the code's holder is silent: after four weeks they are asked
once more. Silence stays silence, and never becomes a yes.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.ports.stores import Cases, Changed, Stores
from domain.ports.world import Entropy
from domain.reports.event import EventKind
from domain.reports.record import record_act
from domain.reports.report import Report
from domain.reports.state import Author, State

SILENT = timedelta(weeks=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAgain:
    stores: Stores
    entropy: Entropy

    async def run(self, moment: datetime) -> int:
        """How many are asked. The clock's own event is the record that they were."""
        today = moment.date()
        async with self.stores.cases() as cases:
            silent = await cases.reports.unmoved(today - SILENT, state=State.CLAIMED_RESOLVED)
        asked = 0
        for report in silent:
            async with self.stores.cases() as cases:
                if await _was_heard_of(cases, report):
                    continue
                try:
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
                await cases.commit()
                asked += 1
        return asked


async def _was_heard_of(cases: Cases, report: Report) -> bool:
    """Since somebody said it was done: the holder spoke, or the clock has asked already."""
    for event in reversed(await cases.events.of(report.id)):
        if event.state is not State.CLAIMED_RESOLVED:
            return False
        if event.author is Author.CITIZEN or (event.kind, event.author) == (
            EventKind.ASKED,
            Author.CLOCK,
        ):
            return True
    return False
