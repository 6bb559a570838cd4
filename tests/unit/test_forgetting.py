"""`/forget` cannot find a mailbox: it leaves a tombstone, and the mailbox goes when its desk is
next unlocked, or by itself before the tombstone does.
"""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from domain.calendar import NAIROBI
from domain.followup.mailboxes import LONGEST_UNKEPT, kept_until
from domain.followup.notices import LONGEST
from domain.followup.outbox import Outbox
from domain.followup.outgoing import Addressee
from domain.followup.windows import Windows
from domain.ports.chat import Language
from domain.reports.report import Report
from domain.reports.state import State, Want
from tests.house import House, a_house

CHAT = 7_712_345_678
TIGHTEST = datetime(2026, 10, 3, 1, 0, tzinfo=NAIROBI)
"""Ninety days later begins a month of 31 days; and in London it is the day before."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.unlock(house.neighbour)
        yield house


async def forgotten(house: House) -> tuple[str, Report]:
    """Followed, and then `/forget`."""
    code, report = await house.followed(CHAT)
    house.clock.passes(seconds=1)
    await house.mailboxes.forget(CHAT)
    return code, report


def mailboxes(house: House) -> int:
    return len(house.rows("addresses", "SELECT 1 FROM mailbox"))


def tombstones(house: House) -> int:
    return len(house.rows("addresses", "SELECT 1 FROM forgotten"))


async def days_pass(house: House, days: int, *, unlocked: bool = True) -> None:
    """With the sweep and the nightly job of each."""
    sweep = house.notices()
    for _ in range(days):
        house.clock.passes(days=1)
        if unlocked:
            await house.unlock(house.neighbour)
        await sweep.sweep()
        await sweep.run()
        await house.mailboxes.drop_expired(house.clock.now())


async def told_of_a_move(house: House, report: Report) -> int:
    """How many notices leave when it moves, and its time has come."""
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).claim(report.ref)
    await house.desk(house.neighbour).status(report.ref, State.IN_PROGRESS)
    house.clock.moment += LONGEST
    await house.unlock(house.neighbour)
    await house.notices().run()
    house.clock.moment = Windows().next_after(house.clock.now())
    claimed = await house.outbox.claim(100)
    return sum([await house.mailboxes.still_wanted(each.message) for each in claimed])


async def test_a_report_that_goes_on_moving_never_leads_back_to_a_forgotten_chat(
    house: House,
) -> None:
    _, report = await forgotten(house)
    await house.desk(house.neighbour).claim(report.ref)
    for state, why in ((State.IN_PROGRESS, None), (State.BLOCKED, Want.FUEL)) * 2:
        await house.desk(house.neighbour).status(report.ref, state, why)
        await days_pass(house, 40)
    assert tombstones(house) == 0, "it was there for as long as a mailbox could be"
    assert house.rows("addresses", "SELECT 1 FROM outgoing") == []


async def test_the_first_sweep_after_forget_takes_the_mailbox_away(house: House) -> None:
    code, _ = await forgotten(house)
    await house.followed(CHAT + 1)
    assert await house.notices().sweep() == 1
    assert mailboxes(house) == 1
    assert not (await house.check(code)).followed


async def test_a_batch_takes_the_mailbox_away_too(house: House) -> None:
    _, report = await forgotten(house)
    assert await told_of_a_move(house, report) == 0
    assert mailboxes(house) == 0


async def test_who_follows_again_after_forget_is_told_however_old_the_tombstone(
    house: House,
) -> None:
    code, report = await forgotten(house)
    house.clock.passes(seconds=1)
    secret = (await house.check(code)).held.secret
    await house.mailboxes.open(secret, Addressee(chat=CHAT, language=Language.KISWAHILI))
    assert await house.notices().sweep() == 0
    await days_pass(house, 40)
    assert (mailboxes(house), tombstones(house)) == (1, 1)
    assert await told_of_a_move(house, report) == 1


async def test_forgetting_again_closes_what_was_asked_for_again(house: House) -> None:
    code, _ = await forgotten(house)
    house.clock.passes(seconds=1)
    secret = (await house.check(code)).held.secret
    await house.mailboxes.open(secret, Addressee(chat=CHAT, language=Language.KISWAHILI))
    house.clock.passes(seconds=1)
    await house.mailboxes.forget(CHAT)
    assert await house.notices().sweep() == 1
    assert mailboxes(house) == 0


async def test_nobody_unlocks_for_months_and_the_tombstone_goes_last(house: House) -> None:
    house.clock.moment = TIGHTEST
    _, report = await forgotten(house)
    lived = 0
    while mailboxes(house):
        assert tombstones(house) == 1, f"gone before the mailbox, after {lived} days"
        house.clock.passes(hours=1)
        await house.mailboxes.drop_expired(house.clock.now())
        lived = (house.clock.now() - TIGHTEST).days
    assert lived == LONGEST_UNKEPT.days - 1
    await days_pass(house, 3, unlocked=False)
    assert tombstones(house) == 0
    assert await told_of_a_move(house, report) == 0


def test_no_mailbox_that_nobody_keeps_lives_longer() -> None:
    days = [date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(4 * 366)]
    assert max(kept_until(day) - day for day in days) == LONGEST_UNKEPT


async def test_a_crash_before_the_batch_keeps_no_mailbox_and_loses_nobodys_notice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, report = await forgotten(house)
    others = [(await house.followed(CHAT + number))[1] for number in range(1, 5)]
    for each in (report, *others):
        await house.desk(house.neighbour).claim(each.ref)

    async def crash(*_: object) -> int:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(Outbox, "post", crash)
        with pytest.raises(ConnectionError):
            await house.notices().run()
    assert mailboxes(house) == 4
    assert await house.notices().run() == 4


async def test_a_crash_in_a_sweep_leaves_the_rest_to_the_next(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await forgotten(house)
    sweep = house.notices()

    async def crash(*_: object) -> int:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(type(sweep.mailboxes), "close", crash)
        with pytest.raises(ConnectionError):
            await sweep.sweep()
    await sweep.sweep()
    assert mailboxes(house) == 0
