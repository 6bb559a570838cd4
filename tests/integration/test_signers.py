"""What a moderator signed stays theirs, whatever becomes of them and of the report; and nobody
signs for a desk that the report was not with. On both databases.
"""

from dataclasses import replace
from datetime import date

import pytest

from crypto import holders
from crypto.session import MemberSession
from domain.desks.desk import NATIONAL, DeskKey
from domain.places.county import CountyCode
from domain.reports.event import Event, EventKind
from domain.reports.history import RecordChanged
from domain.reports.report import Report
from domain.reports.state import Author, NoActionReason, State
from tests.house import COUNTY_DESK, House, Moderator

NOWHERE = {"county": CountyCode("001")}
"""No desk of that county reads: the national one does."""


@pytest.fixture
async def house(staffed_house: House) -> House:
    """Everybody is unlocked."""
    for reader in (staffed_house.first, staffed_house.second, staffed_house.neighbour):
        await staffed_house.unlock(reader)
    return staffed_house


async def standing_taken(house: House, moderator: Moderator) -> None:
    """As a revocation did until December 2026."""
    await house.revoke(moderator.id)
    house.tamper("cases", "UPDATE desk_copy SET standing = ? WHERE holder = ?", b"", moderator.id)


async def written(house: House, signer: MemberSession, after: Report, event: Event) -> None:
    """By hand, over a true signature."""
    mine = replace(event, author=Author.MODERATOR, member=signer.member)
    signed = replace(mine, signature=signer.sign(mine.signed_bytes()))
    async with house.stores.cases() as cases:
        before = await cases.reports.get(after.id)
        assert before is not None
        await cases.reports.replace(before, after)
        await cases.events.add(signed)
        await cases.commit()


async def test_what_somebody_closed_stays_closed_once_they_left(house: House) -> None:
    code, report = await house.sent(**NOWHERE)
    await house.desk(house.second).claim(report.ref)
    await house.desk(house.second).status(report.ref, State.NO_ACTION, NoActionReason.NOT_SECURITY)
    await house.revoke(house.second.id)
    assert (await house.check(code)).state is State.NO_ACTION
    renewing = house.renewing()
    assert await renewing.run() == 1
    assert (await house.check(code)).state is State.NO_ACTION


async def test_a_report_that_was_sent_on_keeps_the_acts_of_both_desks(house: House) -> None:
    code, report = await house.sent()
    await house.desk(house.neighbour).claim(report.ref)
    await house.desk(house.neighbour).route(report.ref, NATIONAL)
    await house.desk(house.second).claim(report.ref)
    await house.revoke(house.neighbour.id)
    await house.revoke(house.second.id)
    await house.desk(house.first).claim(report.ref)
    await house.desk(house.first).status(report.ref, State.NO_ACTION, NoActionReason.NOT_SECURITY)
    assert (await house.check(code)).state is State.NO_ACTION


async def test_whose_standing_an_earlier_release_took_away_is_believed_still(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the day on which their link ended, which the root signed; later ones need a standing."""
    code, report = await house.sent(**NOWHERE)
    await house.desk(house.second).claim(report.ref)
    await standing_taken(house, house.second)
    assert (await house.check(code)).state is State.IN_REVIEW
    monkeypatch.setattr(holders, "STANDING_KEPT_SINCE", date(2026, 11, 2))
    with pytest.raises(RecordChanged):
        await house.check(code)


async def test_without_the_mark_that_they_held_a_key_nobody_is_believed(house: House) -> None:
    code, report = await house.sent(**NOWHERE)
    await house.desk(house.second).claim(report.ref)
    await standing_taken(house, house.second)
    house.tamper("cases", "DELETE FROM desk_copy WHERE holder = ?", house.second.id)
    with pytest.raises(RecordChanged):
        await house.check(code)


async def test_nobody_sends_on_what_is_with_another_desk(house: House) -> None:
    """A moderator of the county writes that the report came from there, or goes there."""
    for to in (COUNTY_DESK, NATIONAL):
        code, report = await house.sent(**NOWHERE)
        await house.desk(house.first).claim(report.ref)
        before, (*_, last) = await house.report(report.id), await house.events(report.id)
        event = replace(last, number=last.number + 1, kind=EventKind.ROUTED, detail=to)
        session = await house.unlock(house.neighbour)
        await written(house, session, replace(before, desk=DeskKey(to)), event)
        with pytest.raises(RecordChanged):
            await house.check(code)


async def test_nobody_sends_a_report_to_the_desk_it_is_with(house: House) -> None:
    """Nobody has acted on it: only its last desk would be known."""
    code, report = await house.sent(**NOWHERE)
    (first,) = await house.events(report.id)
    event = replace(first, number=1, kind=EventKind.ROUTED, detail=COUNTY_DESK)
    session = await house.unlock(house.neighbour)
    await written(house, session, replace(report, desk=COUNTY_DESK), event)
    with pytest.raises(RecordChanged):
        await house.check(code)
