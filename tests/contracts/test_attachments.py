"""Files of reports: kept once, and gone with their report."""

import pytest

from domain.ports.stores import Changed, Stores
from domain.reports.report import ReportId
from tests.contracts.samples import a_report

SEALED = bytes(range(256)) * 1024


async def test_files_are_kept_once_with_their_report_and_go_with_it(stores: Stores) -> None:
    one, other = a_report(), ReportId(b"another report's")
    async with stores.cases() as cases:
        await cases.reports.add(one)
        await cases.attachments.add(one.id, SEALED)
        await cases.attachments.add(other, b"of another")
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.attachments.of(one.id) == SEALED
        with pytest.raises(Changed):
            await cases.attachments.add(one.id, b"again")
        with pytest.raises(Changed):
            await cases.attachments.replace(one.id, b"what it never was", b"new")
        await cases.attachments.replace(one.id, SEALED, SEALED[::-1])
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.attachments.of(one.id) == SEALED[::-1]
        assert await cases.attachments.of(other) == b"of another"
        with pytest.raises(Changed):
            await cases.attachments.replace(one.id, SEALED, b"from what was read before")
    async with stores.cases() as cases:
        await cases.reports.remove(one.id)
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.attachments.of(one.id) is None
        assert await cases.attachments.of(other) == b"of another"
