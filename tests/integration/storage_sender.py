"""Sends reports without end, eight at a time and in the order of `submit`, and says so of
each once it is kept. Envelopes are noise of a real one's size, and follow from the id.

    python -m tests.integration.storage_sender FOLDER
"""

import asyncio
import os
import sys
from hashlib import shake_256
from pathlib import Path

from domain.ledger.leaf import LeafHash, intake_leaf
from domain.reports.event import Event
from domain.reports.report import Locator, Report, ReportId, ReportRef, SealedReport
from storage.open import open_stores
from storage.stores import SqlStores
from tests.contracts.samples import a_report, an_event

AT_ONCE = 8


def the_report(report: ReportId) -> Report:
    return a_report(
        id=report,
        ref=ReportRef(report.hex()),
        locator=Locator(report.hex()),
        intake_leaf=the_leaf(report),
        sealed=SealedReport(
            words=shake_256(report + b"words").digest(9000),
            dek_for_desk=shake_256(report + b"dek").digest(1200),
            case_for_desk=shake_256(report + b"case").digest(1200),
            case_for_code=shake_256(report + b"code").digest(64),
        ),
    )


def the_event(report: Report) -> Event:
    return an_event(report)


def the_leaf(report: ReportId) -> LeafHash:
    return intake_leaf(report)


def the_key(report: ReportId) -> bytes:
    return shake_256(report + b"shred").digest(32)


async def send(stores: SqlStores) -> None:
    while True:
        report = the_report(ReportId(os.urandom(16)))
        async with stores.shreds() as shreds:
            await shreds.keep(report.id, the_key(report.id))
            await shreds.commit()
        async with stores.cases() as cases:
            await cases.reports.add(report)
            await cases.events.add(the_event(report))
            await cases.leaves.add(the_leaf(report.id))
            await cases.commit()
        os.write(sys.stdout.fileno(), report.id.hex().encode() + b"\n")


async def main(folder: Path) -> None:
    stores = await open_stores(None, folder)
    await asyncio.gather(*(send(stores) for _ in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
