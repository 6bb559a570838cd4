"""An old backup of *shreds* keeps what ended readable: `doctor` says so, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.backing_up import Store
from app.doctor_backups import look_at_shreds
from app.finding import Light
from app.newest_shreds import NAME
from app.settings import SettingRefused
from tests.databases import Database
from tests.integration.operator import NATIONAL, OVER, Operator, an_operator


@pytest.fixture
async def operator(database: Database, tmp_path: Path) -> AsyncIterator[Operator]:
    async with an_operator(database, tmp_path / "shelf") as operator:
        yield operator


def light(operator: Operator) -> Light:
    return look_at_shreds(operator.settings, operator.house.clock.now()).light


async def test_a_backup_of_shreds_from_before_an_ending_is_red_after_a_day(
    operator: Operator,
) -> None:
    _, report = await operator.house.sent(**NATIONAL)
    await operator.house.sent(**NATIONAL)
    assert light(operator) is Light.YELLOW, "none is known"
    operator.backed_up(Store.CASES)
    assert light(operator) is Light.YELLOW, "cases keeps no key"
    operator.backed_up(Store.SHREDS)
    assert light(operator) is Light.GREEN
    await operator.ended(report)
    assert light(operator) is Light.GREEN, "the promise is a day"
    operator.house.clock.passes(days=1)
    assert light(operator) is Light.GREEN
    operator.house.clock.passes(minutes=1)
    assert light(operator) is Light.RED
    operator.backed_up(Store.SHREDS)
    assert light(operator) is Light.GREEN


async def test_an_old_backup_is_looked_at_where_nothing_ended_since(operator: Operator) -> None:
    _, report = await operator.house.sent(**NATIONAL)
    await operator.ended(report)
    await operator.house.sent(**NATIONAL)
    operator.house.clock.passes(days=30)
    operator.backed_up(Store.SHREDS)
    operator.house.clock.passes(days=3)
    assert light(operator) is Light.YELLOW, "it ended in the month before"


async def test_a_backup_that_was_restored_is_known_and_no_older_one_takes_its_place(
    operator: Operator,
) -> None:
    """On a new machine nothing else says when the newest was made."""
    await operator.house.sent(**NATIONAL)
    older = operator.backed_up(Store.SHREDS)
    held = older.rename(operator.shelf.parent / "held")
    operator.house.clock.passes(hours=1)
    cases, newest = operator.backed_up(Store.CASES), operator.backed_up(Store.SHREDS)
    _forget(operator)
    operator.lose()
    operator.restored(Store.CASES, cases)
    _forget(operator)
    operator.restored(Store.SHREDS, newest)
    assert light(operator) is Light.GREEN
    with pytest.raises(SettingRefused, match="--older"):
        operator.restored(Store.SHREDS, held, OVER)


def _forget(operator: Operator) -> None:
    (operator.settings.data_dir / NAME).unlink()


async def test_a_backup_made_while_the_clock_ran_ahead_hides_nothing_once_it_is_set(
    operator: Operator,
) -> None:
    """It kept `doctor` green for a year, and had every later backup refused."""
    _, report = await operator.house.sent(**NATIONAL)
    await operator.house.sent(**NATIONAL)
    operator.house.clock.passes(days=365)
    ahead = operator.backed_up(Store.SHREDS).rename(operator.shelf.parent / "held")
    operator.house.clock.passes(days=-365)
    assert light(operator) is Light.RED
    operator.restored(Store.SHREDS, ahead, OVER)
    assert light(operator) is Light.GREEN, "restored now, it is the newest that is known"
    await operator.ended(report)
    operator.house.clock.passes(days=2)
    assert light(operator) is Light.RED
    newest = operator.backed_up(Store.SHREDS)
    assert light(operator) is Light.GREEN
    operator.restored(Store.SHREDS, newest, OVER)
    with pytest.raises(SettingRefused, match="--older"):
        operator.restored(Store.SHREDS, ahead, OVER)


async def test_a_later_backup_takes_the_place_of_a_note_that_is_not_here_yet(
    operator: Operator,
) -> None:
    await operator.house.sent(**NATIONAL)
    right = operator.house.clock.now()
    operator.house.clock.passes(days=365)
    operator.backed_up(Store.SHREDS)
    operator.house.clock.moment = right
    newest = operator.backed_up(Store.SHREDS)
    operator.house.clock.passes(days=2)
    assert light(operator) is Light.YELLOW
    operator.restored(Store.SHREDS, newest, OVER)
