"""A restored *shreds* brings no key back that was destroyed since, on both databases."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import backing_up
from app.backing_up import Store
from app.newest_shreds import NAME
from app.restoring import Wishes
from app.settings import SettingRefused
from domain.ports.sealing import EnvelopeLost
from domain.reports.report import ReportId
from storage.fitting import misfits
from tests.databases import Database
from tests.house import WORDS
from tests.integration.operator import LOST, NATIONAL, OVER, Operator, an_operator


@pytest.fixture
async def operator(database: Database, tmp_path: Path) -> AsyncIterator[Operator]:
    async with an_operator(database, tmp_path / "shelf") as operator:
        yield operator


async def key_of(operator: Operator, report: ReportId) -> bytes | None:
    async with operator.house.stores.shreds() as shreds:
        return await shreds.get(report)


async def test_an_older_shreds_beside_cases_revives_nothing_and_loses_nothing(
    operator: Operator,
) -> None:
    """`--overwrite` puts the backup's keys beside those that are here."""
    _, kept = await operator.house.sent(**NATIONAL)
    _, ended = await operator.house.sent(**NATIONAL)
    older = operator.backed_up(Store.SHREDS)
    await operator.ended(ended)
    _, later = await operator.house.sent(**NATIONAL)
    done = operator.restored(Store.SHREDS, older, OVER).fitted
    assert done is not None
    assert (done.restored, done.left_out, done.dropped) == (1, 1, 0)
    assert await key_of(operator, ended.id) is None
    assert await operator.read(kept) == WORDS
    assert await operator.read(later) == WORDS


async def test_an_older_shreds_after_the_disk_was_lost_is_refused_where_a_newer_one_is_known(
    operator: Operator,
) -> None:
    """The newest *cases* knows of one; without it the data folder does, if that is left."""
    _, kept = await operator.house.sent(**NATIONAL)
    _, ended = await operator.house.sent(**NATIONAL)
    before = operator.backed_up(Store.CASES, "before")
    older = operator.backed_up(Store.SHREDS)
    held = older.rename(operator.shelf.parent / "held")
    await operator.ended(ended)
    operator.house.clock.passes(hours=1)
    newest = operator.backed_up(Store.SHREDS)
    knowing = operator.backed_up(Store.CASES, "knowing")

    operator.lose()
    operator.restored(Store.CASES, before)
    with pytest.raises(SettingRefused, match="--older"):
        operator.restored(Store.SHREDS, held)
    (operator.settings.data_dir / NAME).unlink()
    operator.lose()
    operator.restored(Store.CASES, knowing)
    with pytest.raises(SettingRefused, match="--older"):
        operator.restored(Store.SHREDS, held)
    operator.restored(Store.SHREDS, held, Wishes(older=True))
    assert await key_of(operator, ended.id) is None, "its report is in no cases"
    operator.restored(Store.SHREDS, newest, OVER)
    assert await operator.read(kept) == WORDS


async def test_keys_come_back_after_their_reports_and_to_no_other(operator: Operator) -> None:
    await operator.house.sent(**NATIONAL)
    cases, shreds = operator.backed_up(Store.CASES), operator.backed_up(Store.SHREDS)
    operator.lose()
    with pytest.raises(SettingRefused, match="restore cases first"):
        operator.restored(Store.SHREDS, shreds)
    operator.restored(Store.CASES, cases)
    done = operator.restored(Store.SHREDS, shreds, LOST).fitted
    assert done is not None
    assert (done.restored, done.left_out) == (1, 0)


async def test_keys_whose_report_is_gone_are_found_and_go_when_told(operator: Operator) -> None:
    """As an older *cases* leaves them behind."""
    given = (operator.url, operator.settings.data_dir)
    _, kept = await operator.house.sent(**NATIONAL)
    older = operator.backed_up(Store.CASES)
    _, behind = await operator.house.sent(**NATIONAL)
    operator.restored(Store.CASES, older, OVER)
    assert misfits(*given).keys == {behind.id}
    shreds = operator.backed_up(Store.SHREDS)
    operator.restored(Store.SHREDS, shreds, OVER)
    assert misfits(*given).keys == {behind.id}
    operator.restored(Store.SHREDS, shreds, Wishes(overwrite=True, drop_unreadable=True))
    assert not misfits(*given).keys
    assert await operator.read(kept) == WORDS


async def test_a_backup_of_shreds_that_lost_keys_destroys_no_former_one(
    operator: Operator,
) -> None:
    """The night after the keys were lost, before anybody saw it."""
    _, report = await operator.house.sent(**NATIONAL)
    file = operator.backed_up(Store.SHREDS)
    whole = file.read_bytes()
    async with operator.house.stores.shreds() as shreds:
        await shreds.destroy(report.id)
        await shreds.commit()
    with pytest.raises(SettingRefused, match=r"shreds is empty, and .* may be all that is left"):
        operator.backed_up(Store.SHREDS)
    await operator.house.sent(**NATIONAL)
    with pytest.raises(SettingRefused, match="reports without a key in shreds: 1, and"):
        operator.backed_up(Store.SHREDS, "another-name")
    assert [path.name for path in operator.shelf.iterdir()] == [file.name]
    assert file.read_bytes() == whole
    with pytest.raises(EnvelopeLost):
        await operator.read(report)
    operator.restored(Store.SHREDS, file, OVER)
    assert await operator.read(report) == WORDS


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_made_up_backup_changes_no_key_that_is_here(operator: Operator) -> None:
    """Whoever knows the recovery key's public half can make a file that opens."""
    _, report = await operator.house.sent(**NATIONAL)
    right = await operator.house.shred_key(report.id)
    operator.house.tamper("shreds", "UPDATE shred SET key = zeroblob(32)")
    made_up = operator.backed_up(Store.SHREDS)
    operator.house.tamper("shreds", "UPDATE shred SET key = ?", right)
    operator.restored(Store.SHREDS, made_up, OVER)
    assert await operator.house.shred_key(report.id) == right


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_made_up_cases_dates_the_newest_shreds_no_later_than_today(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would have every right backup of *shreds* refused that is ever made."""
    _, report = await operator.house.sent(**NATIONAL)
    earlier = operator.backed_up(Store.SHREDS).rename(operator.shelf.parent / "held")
    operator.house.clock.passes(hours=1)
    made_up = _dated(operator, datetime(9999, 1, 1, tzinfo=UTC), monkeypatch)
    operator.restored(Store.CASES, made_up, OVER)
    with pytest.raises(SettingRefused, match="--older"):
        operator.restored(Store.SHREDS, earlier, OVER)  # as docs/attacks.md says
    operator.house.clock.passes(minutes=1)
    operator.restored(Store.SHREDS, operator.backed_up(Store.SHREDS), OVER)
    assert await operator.read(report) == WORDS


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_nor_with_a_date_that_compares_with_no_other(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would end this restore half-way, and every backup of *shreds* after it."""
    await operator.house.sent(**NATIONAL)
    operator.backed_up(Store.SHREDS)
    made_up = _dated(operator, datetime(2026, 11, 1), monkeypatch)  # noqa: DTZ001 - no zone
    with pytest.raises(SettingRefused, match="another release"):
        operator.restored(Store.CASES, made_up, OVER)
    operator.restored(Store.SHREDS, operator.backed_up(Store.SHREDS), OVER)


def _dated(operator: Operator, newest: datetime, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A *cases* that says when the newest *shreds* was made."""
    with monkeypatch.context() as patched:
        patched.setattr(backing_up, "newest_shreds", lambda _: newest)
        return operator.backed_up(Store.CASES, f"made-up-{newest:%Y}")
