"""News of one's own report: many at once, later, to whoever still wants it."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from domain.errors import DomainError
from domain.followup.ask_again import AskAgain
from domain.followup.mailboxes import Mailboxes
from domain.followup.notices import LONGEST, Notices
from domain.followup.outbox import Claimed, Outbox
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.followup.windows import Windows
from domain.moderation.sessions import IDLE
from domain.places.county import CountyCode
from domain.ports.sealing import CaseSecret
from domain.reports.event import EventKind
from domain.reports.history import RecordChanged
from domain.reports.own import Own
from domain.reports.report import Report
from domain.reports.state import State
from tests.house import House, a_house

CHAT = 7_712_345_678


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.unlock(house.neighbour)
        yield house


async def moved(house: House, *, followed: int, others: int = 0) -> list[Report]:
    """Reports that the desk has claimed; news of each is due."""
    reports = [(await house.followed(CHAT + number))[1] for number in range(followed)]
    reports += [(await house.sent())[1] for _ in range(others)]
    for report in reports:
        await house.desk(house.neighbour).claim(report.ref)
    return reports


async def marks(house: House, reports: list[Report]) -> int:
    return sum([(await house.report(report.id)).notice_due for report in reports])


async def posted(house: House) -> list[int]:
    """Chats of what leaves at the next window."""
    house.clock.moment = Windows().next_after(house.clock.now())
    claimed = await house.outbox.claim(100)
    assert all(each.message.kind is MessageKind.NOTICE for each in claimed)
    return sorted(each.message.to.chat for each in claimed)


async def test_five_due_reports_are_one_batch_and_their_marks_go(house: House) -> None:
    reports = await moved(house, followed=2, others=3)
    assert await house.notices().run() == 2
    assert await marks(house, reports) == 0
    assert await house.outbox.claim(100) == (), "nothing leaves before the window"
    assert await posted(house) == [CHAT, CHAT + 1]


async def at_the_national_desk(house: House, number: int) -> list[Report]:
    """Reports of a county without a desk; news of each is due, and followed."""
    reports = [
        (await house.followed(CHAT + 100 + each, county=CountyCode("047")))[1]
        for each in range(number)
    ]
    await house.unlock(house.first)
    for report in reports:
        await house.desk(house.first).claim(report.ref)
    return reports


async def test_a_desk_with_five_is_told_and_another_goes_on_waiting(house: House) -> None:
    ours, theirs = await moved(house, followed=5), await at_the_national_desk(house, 4)
    assert await house.notices().run() == 5
    assert (await marks(house, ours), await marks(house, theirs)) == (0, 4)
    assert await house.notices().run() == 0
    more = await at_the_national_desk(house, 1)
    assert await house.notices().run() == 5
    assert await marks(house, theirs + more) == 0


async def test_all_desks_whose_time_has_come_are_one_batch(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await moved(house, followed=5)
    await at_the_national_desk(house, 5)
    batches, post = [], Outbox.post

    async def posted_once(outbox: Outbox, messages: Sequence[Message]) -> int:
        batches.append(len(messages))
        return await post(outbox, messages)

    monkeypatch.setattr(Outbox, "post", posted_once)
    assert await house.notices().run() == 10
    assert batches == [10]


async def test_one_desks_waiting_does_not_ripen_anothers(house: House) -> None:
    (old,) = await moved(house, followed=1)
    house.clock.moment += LONGEST
    await house.unlock(house.neighbour)
    (young,) = await at_the_national_desk(house, 1)
    assert await house.notices().run() == 1
    assert (await marks(house, [old]), await marks(house, [young])) == (0, 1)


async def test_a_crash_after_a_batch_of_one_desk_leaves_the_other_as_it_was(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = await moved(house, followed=5), await at_the_national_desk(house, 4)

    async def crash(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(Notices, "_unmark", crash)
        with pytest.raises(ConnectionError):
            await house.notices().run()
    assert await marks(house, ours + theirs) == 9
    assert await house.notices().run() == 0
    assert (await marks(house, ours), await marks(house, theirs)) == (0, 4)
    assert await posted(house) == [CHAT + number for number in range(5)]


async def test_fewer_than_five_wait_until_the_oldest_is_four_dates_old(house: House) -> None:
    reports = await moved(house, followed=1, others=3)
    notices = house.notices()
    assert await notices.run() == 0
    for days in (3, 1):
        assert await marks(house, reports) == 4
        house.clock.passes(days=days)
        await house.unlock(house.neighbour)
        written = await notices.run()
    assert written == 1
    assert await marks(house, reports) == 0


async def test_passing_a_report_from_hand_to_hand_makes_no_news_younger(house: House) -> None:
    (report,) = await moved(house, followed=1)
    for act in ("release", "claim", "release", "claim"):
        house.clock.passes(days=1)
        await house.unlock(house.neighbour)
        await getattr(house.desk(house.neighbour), act)(report.ref)
    assert await house.notices().run() == 1


async def test_a_question_waits_its_days_however_long_the_state_stands(
    house: House,
) -> None:
    (report,) = await moved(house, followed=1)
    house.clock.passes(days=5)
    await house.unlock(house.neighbour)
    assert await house.notices().run() == 1
    await house.desk(house.neighbour).ask(report.ref, "Is it still dark there?")
    assert await house.notices().run() == 0
    house.clock.moment += LONGEST
    await house.unlock(house.neighbour)
    assert await house.notices().run() == 1


async def test_while_nobody_is_unlocked_nothing_is_resolved(house: House) -> None:
    reports = await moved(house, followed=5)
    house.clock.moment += IDLE
    assert await house.notices().run() == 0
    assert await marks(house, reports) == 5


async def test_another_desks_member_resolves_nothing_of_ours(house: House) -> None:
    reports = await moved(house, followed=5)
    house.sessions.lock_all()
    await house.unlock(house.first)
    assert await house.notices().run() == 0
    assert await marks(house, reports) == 5


async def test_resolving_is_no_activity(house: House) -> None:
    await moved(house, followed=5)
    house.clock.moment += IDLE - timedelta(seconds=1)
    await house.notices().run()
    house.clock.passes(seconds=1)
    assert house.sessions.idle(house.clock.now()) == {house.neighbour.id}


async def test_a_crash_between_batch_and_marks_writes_nothing_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = await moved(house, followed=5)
    notices = house.notices()

    async def crash(_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(type(notices), "_unmark", lambda *_: crash(None))
        with pytest.raises(ConnectionError):
            await notices.run()
    assert await marks(house, reports) == 5
    assert await house.notices().run() == 0
    assert await marks(house, reports) == 0
    assert len(await posted(house)) == 5


async def test_what_changed_meanwhile_keeps_its_mark(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = await moved(house, followed=5)
    notices, unmark = house.notices(), type(house.notices())._unmark

    async def somebody_was_quicker(_: object, due: list[Report]) -> None:
        await house.desk(house.neighbour).status(reports[0].ref, State.IN_PROGRESS)
        await unmark(notices, due)

    monkeypatch.setattr(type(notices), "_unmark", somebody_was_quicker)
    await notices.run()
    assert await marks(house, reports) == 1
    assert (await house.report(reports[0].id)).notice_due


async def test_a_citizens_own_act_is_no_news_to_them(house: House) -> None:
    code, report = await house.followed(CHAT)
    await house.own((await house.check(code)).held).say(Own.ADDITION, "They came back")
    assert not (await house.report(report.id)).notice_due


async def test_who_stopped_or_was_forgotten_hears_nothing(house: House) -> None:
    reports = [await house.followed(CHAT + number) for number in range(5)]
    for _, report in reports:
        await house.desk(house.neighbour).claim(report.ref)
    stopped = (await house.check(reports[0][0])).held.secret
    await house.mailboxes.close([stopped.mailbox_slot()])
    house.clock.passes(seconds=1)
    await house.mailboxes.forget(CHAT + 1)
    assert await house.notices().run() == 3
    assert await posted(house) == [CHAT + 2, CHAT + 3, CHAT + 4]


async def test_a_notice_that_is_written_does_not_leave_after_stop_or_forget(house: House) -> None:
    reports = [await house.followed(CHAT + number) for number in range(5)]
    for _, report in reports:
        await house.desk(house.neighbour).claim(report.ref)
    assert await house.notices().run() == 5
    house.clock.passes(seconds=1)
    stopped = (await house.check(reports[0][0])).held.secret
    await house.mailboxes.close([stopped.mailbox_slot()])
    await house.mailboxes.forget(CHAT + 1)
    house.clock.moment = Windows().next_after(house.clock.now())
    claimed = await house.outbox.claim(10)
    wanted = {one.message.to.chat for one in claimed if await still_wanted(house, one)}
    assert wanted == {CHAT + 2, CHAT + 3, CHAT + 4}


async def test_who_says_forget_while_notices_are_resolved_hears_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it was looked whether they want to hear, and before the notice is there."""
    await moved(house, followed=5)
    look = Mailboxes.addressees

    async def then_forgets(
        self: Mailboxes, secrets: Collection[CaseSecret]
    ) -> tuple[Addressee | None, ...]:
        found = await look(self, secrets)
        house.clock.passes(seconds=1)
        await self.forget(CHAT)
        house.clock.passes(seconds=1)
        return found

    monkeypatch.setattr(Mailboxes, "addressees", then_forgets)
    await house.notices().run()
    house.clock.moment = Windows().next_after(house.clock.now())
    claimed = await house.outbox.claim(10)
    wanted = [one.message.to.chat for one in claimed if await still_wanted(house, one)]
    assert sorted(wanted) == [CHAT + 1, CHAT + 2, CHAT + 3, CHAT + 4]


async def still_wanted(house: House, one: Claimed) -> bool:
    return await house.mailboxes.still_wanted(one.message)


async def test_who_asks_again_after_forgetting_is_told_again(house: House) -> None:
    await house.mailboxes.forget(CHAT)
    house.clock.passes(seconds=1)
    await moved(house, followed=5)
    assert await house.notices().run() == 5


async def test_a_report_that_does_not_open_is_an_alarm_and_holds_up_nobody(house: House) -> None:
    reports = await moved(house, followed=6)
    house.tamper("shreds", "DELETE FROM shred WHERE report = ?", reports[0].id)
    heeded: list[object] = []
    notices = house.notices()
    notices.heed = heeded.append
    assert await notices.run() == 5
    await notices.run()
    assert len(heeded) == 1


async def test_a_mailbox_that_does_not_open_holds_up_nobody(house: House) -> None:
    await moved(house, followed=5)
    house.tamper(
        "addresses",
        "UPDATE mailbox SET sealed = zeroblob(100) WHERE slot = (SELECT min(slot) FROM mailbox)",
    )
    assert await house.notices().run() == 4


async def test_a_mailbox_goes_ninety_days_after_the_last_move(house: House) -> None:
    code, _ = await house.followed(CHAT)
    notices = house.notices()
    house.clock.passes(days=89)
    await house.unlock(house.neighbour)
    assert await notices.sweep() == 0
    house.clock.passes(days=1)
    await house.unlock(house.neighbour)
    assert await notices.sweep() == 1
    assert not (await house.check(code)).followed


def ask_again(house: House, alarms: list[DomainError] | None = None) -> AskAgain:
    return AskAgain(
        stores=house.stores,
        custody=house.custody,
        entropy=house.entropy,
        heed=([] if alarms is None else alarms).append,
    )


async def test_a_silent_holder_is_asked_once_more_after_four_weeks(house: House) -> None:
    code, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    for state in (State.IN_PROGRESS, State.CLAIMED_RESOLVED):
        await house.desk(house.neighbour).status(report.ref, state)
    house.tamper("cases", "UPDATE report SET notice_due = 0")
    again = ask_again(house)
    asked = []
    for days in (27, 1, 0, 40):
        house.clock.passes(days=days)
        asked.append(await again.run(house.clock.now()))
    assert asked == [0, 1, 0, 0]
    row, events = await house.report(report.id), await house.events(report.id)
    assert (row.state, row.notice_due) == (State.CLAIMED_RESOLVED, True)
    assert events[-1].kind is EventKind.ASKED
    assert (await house.check(code)).state is State.CLAIMED_RESOLVED


async def test_who_has_said_something_is_not_asked_again(house: House) -> None:
    code, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    for state in (State.IN_PROGRESS, State.CLAIMED_RESOLVED):
        await house.desk(house.neighbour).status(report.ref, state)
    await house.own((await house.check(code)).held).say(Own.ADDITION, "Not yet")
    house.clock.passes(days=60)
    again = ask_again(house)
    assert await again.run(house.clock.now()) == 0


async def test_the_clock_does_not_vouch_for_a_row_that_was_changed_by_hand(house: House) -> None:
    """Nobody said that it is done: one UPDATE did, and the clock would make it history."""
    code, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    house.tamper("cases", "UPDATE report SET state = 'claimed_resolved' WHERE id = ?", report.id)
    house.clock.passes(days=40)
    alarms: list[DomainError] = []
    assert await ask_again(house, alarms).run(house.clock.now()) == 0
    assert list(map(type, alarms)) == [RecordChanged]
    with pytest.raises(RecordChanged):
        await house.check(code)
