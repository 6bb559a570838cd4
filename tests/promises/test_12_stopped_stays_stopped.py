"""Promise 12, not what its holder kept: a withdrawal that was stopped after the backup was made
goes on in it, and nobody here may know that it was stopped. Whoever stopped it has as long again.
A build that carries it out at the first bell is found out.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.backing_up import Store
from app.restoring import Wishes
from domain.errors import DomainError
from domain.reports.check import ReportWithdrawn
from domain.reports.report import Report
from domain.reports.withdrawal import WAITS
from storage import restoring
from tests.databases import Database
from tests.integration.operator import LOST, NATIONAL, OVER, Operator, an_operator

WHERE = pytest.mark.parametrize("wishes", [OVER, LOST], ids=["over a living one", "disk lost"])


@pytest.fixture
async def operator(database: Database, tmp_path: Path) -> AsyncIterator[Operator]:
    async with an_operator(database, tmp_path / "shelf") as operator:
        yield operator


async def put_back(operator: Operator, wishes: Wishes) -> tuple[str, Report]:
    """Asked for on Monday, backed up on Tuesday, stopped on Wednesday, restored on Friday."""
    house = operator.house
    code, report = await house.followed(7, **NATIONAL)
    await withdraws(operator, code, wanted=True)
    house.clock.passes(days=1)
    files = {store: operator.backed_up(store) for store in (Store.CASES, Store.SHREDS)}
    house.clock.passes(days=1)
    await withdraws(operator, code, wanted=False)
    house.clock.passes(days=2)
    assert await bell(operator) == 0
    if wishes is LOST:
        operator.lose()
    for store, file in files.items():
        operator.restored(store, file, wishes)
    return code, report


async def withdraws(operator: Operator, code: str, *, wanted: bool) -> None:
    held = (await operator.house.check(code)).held
    await operator.house.own(held).withdraw(wanted=wanted)


async def bell(operator: Operator, *, days: int = 0) -> int:
    """How many reports ended at those of so many days, and at today's."""
    house, alarms = operator.house, list[DomainError]()
    retention = house.retention(alarms.append)
    ended = await retention.run(house.clock.now())
    for _ in range(days):
        house.clock.passes(days=1)
        ended += await retention.run(house.clock.now())
    assert not alarms
    return ended


@WHERE
async def test_whoever_stopped_it_has_as_long_again_and_it_stays(
    operator: Operator, wishes: Wishes
) -> None:
    code, _ = await put_back(operator, wishes)
    assert await bell(operator, days=WAITS.days - 1) == 0
    await withdraws(operator, code, wanted=False)
    assert await bell(operator, days=2 * WAITS.days) == 0
    await operator.house.check(code)


@WHERE
async def test_whoever_meant_it_waits_no_longer_than_that(
    operator: Operator, wishes: Wishes
) -> None:
    code, _ = await put_back(operator, wishes)
    assert await bell(operator, days=WAITS.days) == 1
    with pytest.raises(ReportWithdrawn):
        await operator.house.check(code)


async def test_whoever_follows_it_hears_of_it_once_more(operator: Operator) -> None:
    await put_back(operator, OVER)
    await operator.house.unlock(operator.house.first)
    assert await operator.house.notices().run() == 1


@pytest.mark.also_on_postgresql
async def test_a_build_that_goes_on_where_the_backup_was_is_found_out(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "_let_be_stopped", lambda *_: None)
    await put_back(operator, LOST)
    assert await bell(operator) == 1
