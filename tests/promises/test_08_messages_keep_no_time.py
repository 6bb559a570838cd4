"""Promise 8: messages keep no time. A change and its message meet only in the window."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from crypto.chat_seal import KeyringChatSeal, Purpose
from domain.desks.desk import NATIONAL
from domain.followup import notices
from domain.followup.notices import FEWEST, LONGEST
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.followup.windows import Windows
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.reports.report import Report
from domain.reports.state import State
from tests.house import House, a_house

CHAT = 7_712_345_678
ELSEWHERE = CountyCode("047")
"""A county without a desk of its own."""
MANY_HOURS = timedelta(hours=72)


@pytest.fixture
async def house(staffed_house: House) -> House:
    """On either database."""
    await staffed_house.unlock(staffed_house.neighbour)
    return staffed_house


@pytest.fixture
async def careless(tmp_path: Path) -> AsyncIterator[House]:
    """Of a build that leaks, on SQLite: when a message is written is no database's."""
    async with a_house(tmp_path) as house:
        await house.unlock(house.neighbour)
        yield house


def waiting(house: House) -> list[tuple[object, ...]]:
    return house.rows("addresses", "SELECT subject, kind, anchor, due, sealed FROM outgoing")


async def early(house: House, reports: list[Report]) -> bool:
    """Whether a message lies there for a change that was not yet one of many or 72 hours old."""
    marked = {report.id for report in reports if (await house.report(report.id)).notice_due}
    return bool(waiting(house)) and len(reports) < FEWEST and not marked - {reports[0].id}


async def changed(house: House, number: int) -> list[Report]:
    reports = [(await house.followed(CHAT + each))[1] for each in range(number)]
    for report in reports:
        await house.desk(house.neighbour).claim(report.ref)
    return reports


async def test_a_change_writes_no_message_and_neither_does_the_next_look(house: House) -> None:
    sweep = house.notices()
    reports = await changed(house, 1)
    assert waiting(house) == []
    for _ in range(3):
        await sweep.run()
    await house.desk(house.neighbour).status(reports[0].ref, State.IN_PROGRESS)
    await sweep.run()
    assert waiting(house) == []


async def test_a_batch_is_five_or_72_hours_old_and_all_of_it_leaves_at_one_window(
    house: House,
) -> None:
    sweep = house.notices()
    for more in range(FEWEST):
        assert waiting(house) == [], f"a batch of {more}"
        await changed(house, 1)
        await sweep.run()
    rows = waiting(house)
    assert len(rows) == FEWEST
    assert {(kind, anchor, due) for _, kind, anchor, due, _ in rows} == {
        ("notice", rows[0][2], rows[0][3])
    }
    assert Windows().next_after(house.clock.now()) > house.clock.now()
    assert await house.outbox.claim(10) == ()
    house.clock.moment = Windows().next_after(house.clock.now())
    assert len(await house.outbox.claim(10)) == FEWEST


async def four_at_each_of_two_desks(house: House) -> None:
    """Everybody unlocked, all of it followed, and a batch if one is due."""
    await house.unlock(house.first)
    await changed(house, FEWEST - 1)
    for number in range(FEWEST - 1):
        _, report = await house.followed(CHAT - 1 - number, county=ELSEWHERE)
        assert report.desk == NATIONAL
        await house.desk(house.first).claim(report.ref)
    await house.notices().run()


async def test_five_are_counted_at_each_desk_and_not_together(house: House) -> None:
    """Who follows a county is known beside its chat, and so is whose desk a report is."""
    await four_at_each_of_two_desks(house)
    assert waiting(house) == []


async def waited(house: House, *, hour: int) -> timedelta:
    """How long two changes of that hour wait, at a desk that has no others."""
    begun = house.clock.moment = house.clock.now().replace(hour=hour, minute=58) + timedelta(days=1)
    await house.unlock(house.neighbour)
    await changed(house, 2)
    sweep = house.notices()
    while not waiting(house):
        house.clock.passes(hours=4)
        await house.unlock(house.neighbour)
        await sweep.run()
    assert len(waiting(house)) == 2
    return house.clock.now() - begun


@pytest.mark.parametrize("hour", [0, 12, 23])
async def test_after_72_hours_and_not_before_a_quiet_desk_is_told_too(
    house: House, hour: int
) -> None:
    assert MANY_HOURS <= await waited(house, hour=hour) <= MANY_HOURS + timedelta(days=1, hours=4)


async def asked_to_withdraw(house: House) -> int:
    """By the code, at a desk that has nothing else: how many were told on that day or the next,
    while there was time for others to join.
    """
    code, _ = await house.followed(CHAT)
    await house.own((await house.check(code)).held).withdraw(wanted=True)
    for hours in (0, 24):
        house.clock.passes(hours=hours)
        await house.unlock(house.neighbour)
        await house.notices().run()
    return len(waiting(house))


async def test_even_a_withdrawal_waits_for_others_while_it_can_still_be_told_in_time(
    house: House,
) -> None:
    assert await asked_to_withdraw(house) == 0


async def test_every_notice_says_the_same_and_has_one_size(house: House) -> None:
    await changed(house, FEWEST)
    await house.notices().run()
    assert len({len(sealed) for *_, sealed in waiting(house)}) == 1  # type: ignore[arg-type] # bytes
    house.clock.moment = Windows().next_after(house.clock.now())
    claimed = await house.outbox.claim(10)
    assert {tuple(each.message.facts) for each in claimed} == {("slot", "written")}


async def test_a_build_that_writes_with_the_change_is_found_out(careless: House) -> None:
    """As if the move itself posted its message."""
    reports = await changed(careless, 1)
    seal = KeyringChatSeal(careless.keyring, Purpose.OUTBOX)
    message = Message(
        subject=seal.tags(CHAT)[0],
        kind=MessageKind.NOTICE,
        anchor="now",
        due=careless.clock.now(),
        to=Addressee(chat=CHAT, language=Language.KISWAHILI),
        facts={},
    )
    await careless.outbox.post([message])
    assert await early(careless, reports)
    assert await careless.outbox.claim(10) != ()


async def test_a_build_that_waits_for_no_others_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "FEWEST", 1)
    reports = await changed(careless, 1)
    await careless.notices().run()
    assert await early(careless, reports)


async def test_a_build_that_tells_of_a_withdrawal_at_once_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices.Notices, "_is_last_call", lambda *_: True)
    assert await asked_to_withdraw(careless) == 1


async def test_a_build_that_counts_all_desks_together_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_by_desk", lambda marked: [list(marked)])
    await four_at_each_of_two_desks(careless)
    assert waiting(careless) != []


async def test_a_build_that_counts_three_dates_as_72_hours_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a change at two minutes to midnight two days are over after 48 hours and two minutes."""
    monkeypatch.setattr(notices, "LONGEST", LONGEST - timedelta(days=1))
    assert await waited(careless, hour=23) < MANY_HOURS


async def test_a_build_that_waits_for_no_window_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Windows, "next_after", lambda _, moment: moment)
    await changed(careless, FEWEST)
    await careless.notices().run()
    assert await careless.outbox.claim(10) != ()
