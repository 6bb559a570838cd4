"""News of a withdrawal: with others while there is time, and in time without them."""

from collections.abc import AsyncIterator
from datetime import date, time
from pathlib import Path

import pytest

from domain.followup.windows import Windows
from domain.reports.report import Report
from tests.house import House, a_house
from tests.unit.test_notices import CHAT, at_the_national_desk, marks, moved, posted


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.unlock(house.neighbour)
        yield house


async def withdrawn(house: House, chat: int) -> tuple[str, Report]:
    """Followed, and its withdrawal asked for on this Monday."""
    code, report = await house.followed(chat)
    await house.own((await house.check(code)).held).withdraw(wanted=True)
    return code, report


async def looked_on(house: House, days: int, *, windows: Windows | None = None) -> int:
    """Notices written when somebody reads again so many days later, at the same hour."""
    house.clock.passes(days=days)
    for reader in (house.neighbour, house.first):
        await house.unlock(reader)
    notices = house.notices()
    if windows:
        notices.windows = windows
    return await notices.run()


async def test_a_withdrawal_waits_for_others_as_long_as_its_holder_can_still_stop_it(
    house: House,
) -> None:
    await withdrawn(house, CHAT)
    assert [await looked_on(house, days) for days in (0, 1)] == [0, 0], "Monday and Tuesday"
    assert await looked_on(house, 1) == 1, "Wednesday: Thursday is too late for a whole day"
    assert await posted(house) == [CHAT]


@pytest.mark.parametrize("away", [3, 4, 9])
async def test_after_an_outage_it_is_told_when_somebody_reads_again(
    house: House, away: int
) -> None:
    """It is not carried out for four days more: see `domain/reports/waiting.py`."""
    await withdrawn(house, CHAT)
    assert await looked_on(house, away) == 1


async def test_what_else_is_due_at_its_desk_goes_with_it_and_nothing_of_another(
    house: House,
) -> None:
    await withdrawn(house, CHAT)
    ours, theirs = await moved(house, followed=0, others=2), await at_the_national_desk(house, 4)
    _, joined = await house.followed(CHAT + 9)
    await house.desk(house.neighbour).claim(joined.ref)
    assert await looked_on(house, 2) == 2
    assert await marks(house, ours) == 0
    assert await marks(house, theirs) == 4
    assert await posted(house) == [CHAT, CHAT + 9]


async def test_a_withdrawal_that_was_stopped_hastens_nothing(house: House) -> None:
    code, _ = await withdrawn(house, CHAT)
    await house.own((await house.check(code)).held).withdraw(wanted=False)
    assert await looked_on(house, 3) == 0


async def test_a_withdrawal_written_into_the_row_by_hand_hastens_nothing(house: House) -> None:
    """Else one UPDATE would make a batch of one of any report that is due."""
    (report,) = await moved(house, followed=1)
    house.tamper(
        "cases",
        "UPDATE report SET withdrawal_asked = ?, withdrawal_proof = ? WHERE id = ?",
        *("2026-11-02", bytes(32), report.id),
    )
    assert await looked_on(house, 2) == 0


@pytest.mark.parametrize(
    ("blackout", "written"),
    [
        ((3, 4), [1, 0]),
        ((4, 4), [0, 1]),
        ((2, 5), [0, 0, 0]),
    ],
)
async def test_a_withdrawal_is_told_before_a_blackout_and_not_in_vain_within_one(
    house: House, blackout: tuple[int, int], written: list[int]
) -> None:
    """Monday's own window is the last, or Tuesday's; or none before Friday, when it is gone."""
    first, last = (date(2026, 11, day) for day in blackout)
    windows = Windows(blackouts=((first, last),))
    await withdrawn(house, CHAT)
    assert [await looked_on(house, day > 0, windows=windows) for day in range(len(written))] == (
        written
    )


async def test_a_window_in_the_morning_is_written_for_in_the_hours_of_the_day_before(
    house: House,
) -> None:
    windows = Windows(at=time(8))
    await withdrawn(house, CHAT)
    assert [await looked_on(house, days, windows=windows) for days in (0, 1)] == [0, 1]
