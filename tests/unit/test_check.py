"""`/check`, as somebody would who guesses, slips, watches, or writes to the database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from crypto.code import Code, parse
from crypto.signing import Purpose, SigningKey
from domain.ports.sealing import CodeMalformed, CodeRefused, CodeSlip, Visits
from domain.reports.check import ReportMissing
from domain.reports.event import Event, EventKind
from domain.reports.history import RecordChanged
from domain.reports.report import Report
from domain.reports.state import Author, NoActionReason, Standing, State
from tests.counted_work import counted
from tests.house import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


def wrong(code: str) -> str:
    """The same locator and a check character that fits, with other digits."""
    real = parse(code)
    return Code(locator=real.locator, digits=real.digits[::-1]).text


def unknown(code: str) -> str:
    real = parse(code)
    return Code(locator=real.locator[1:] + real.locator[0], digits=real.digits).text


async def test_the_right_code_tells_where_the_report_stands(house: House) -> None:
    code, report = await house.sent()
    for typed in (code, code.lower(), code.replace("-", " "), f"  {code} . "):
        checked = await house.check(typed)
        assert (checked.standing, checked.author) == (Standing.RECEIVED, Author.CITIZEN)
        assert checked.since == report.received


async def test_a_slip_is_told_from_a_wrong_code_before_any_look_up(house: House) -> None:
    code, _ = await house.sent()
    slip = code[:-1] + str((int(code[-1]) + 1) % 10)
    with counted(house) as work:
        with pytest.raises(CodeSlip):
            await house.check(slip)
        for nonsense in ("", "7K3F9", code[:-1], code + "1", "my report please"):
            with pytest.raises(CodeMalformed):
                await house.check(nonsense)
    assert (work.argon, work.opens, work.statements) == (0, [], [])


async def test_wrong_and_unknown_are_one_answer(house: House) -> None:
    code, _ = await house.sent()
    answers = []
    for typed in (wrong(code), unknown(code)):
        with pytest.raises(CodeRefused) as refused:
            await house.check(typed)
        answers.append((str(refused.value), refused.value.params, refused.value.__cause__))
    assert answers[0] == answers[1]


async def test_a_wrong_code_counts_no_visit(house: House) -> None:
    code, report = await house.sent()
    with pytest.raises(CodeRefused):
        await house.check(wrong(code))
    assert await house.report(report.id) == report


@pytest.mark.parametrize("where", ["cases", "shreds"])
async def test_a_right_code_whose_report_is_gone_is_told_so(house: House, where: str) -> None:
    code, report = await house.sent()
    if where == "cases":
        house.tamper("cases", "DELETE FROM report WHERE id = ?", report.id)
    else:
        house.tamper("shreds", "DELETE FROM shred WHERE report = ?", report.id)
    with pytest.raises(ReportMissing):
        await house.check(code)
    with pytest.raises(CodeRefused):
        await house.check(wrong(code))


@pytest.mark.parametrize("envelope", ["case_for_code", "visits"])
async def test_a_damaged_envelope_is_an_alarm_and_no_wrong_code(
    house: House, envelope: str
) -> None:
    code, _ = await house.sent()
    damage = {
        "case_for_code": "UPDATE report SET case_for_code = zeroblob(length(case_for_code))",
        "visits": "UPDATE report SET visits = zeroblob(length(visits))",
    }
    house.tamper("cases", damage[envelope])
    with pytest.raises(ReportMissing):
        await house.check(code)


async def test_visits_are_counted_and_the_last_one_is_shown(house: House) -> None:
    code, report = await house.sent()
    shown = []
    for days in (0, 0, 3, 1):
        house.clock.passes(days=days)
        shown.append((await house.check(code)).visits)
    assert shown == [
        Visits(count=1, last=None),
        Visits(count=2, last=None),
        Visits(count=3, last=date(2026, 11, 2)),
        Visits(count=4, last=date(2026, 11, 5)),
    ]
    assert len((await house.report(report.id)).visits) == len(report.visits)


async def test_a_visit_changes_nothing_but_the_visits(house: House) -> None:
    code, before = await house.sent()
    await house.check(code)
    after = await house.report(before.id)
    changed = {name for name in Report.__slots__ if getattr(before, name) != getattr(after, name)}
    assert changed == {"visits"}


async def test_what_the_moderator_did_and_why_is_told(house: House) -> None:
    code, report = await house.sent()
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).claim(report.ref)
    house.clock.passes(minutes=1)
    await house.desk(house.neighbour).status(
        report.ref, State.NO_ACTION, NoActionReason.ALREADY_HANDLED
    )
    checked = await house.check(code)
    assert (checked.standing, checked.author) == (Standing.CLOSED, Author.MODERATOR)
    assert (checked.detail, checked.due) == (NoActionReason.ALREADY_HANDLED, None)


async def test_a_claim_begins_the_reading_and_the_desk_says_so(house: House) -> None:
    code, report = await house.sent()
    await house.unlock(house.neighbour)
    for act in ("claim", "claim", "release"):
        await getattr(house.desk(house.neighbour), act)(report.ref)
        checked = await house.check(code)
        assert (checked.standing, checked.author) == (Standing.BEING_READ, Author.MODERATOR)


@pytest.mark.parametrize("later", [Author.CLOCK, Author.CITIZEN, Author.OFFICE])
async def test_what_came_after_left_the_state_to_who_brought_it_about(
    house: House, later: Author
) -> None:
    code, report = await house.sent()
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).claim(report.ref)
    await keep_event(house, report, number=2, author=later, state=State.IN_REVIEW)
    assert (await house.check(code)).author is Author.MODERATOR


async def test_who_brought_it_back_is_named_and_not_who_was_there_before(house: House) -> None:
    code, report = await house.sent()
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).claim(report.ref)
    await keep_event(house, report, number=2, author=Author.CLOCK, state=State.IN_PROGRESS)
    await keep_event(house, report, number=3, author=Author.OFFICE, state=State.IN_REVIEW)
    assert (await house.check(code)).author is Author.OFFICE


async def keep_event(
    house: House, report: Report, *, number: int, author: Author, state: State
) -> None:
    event = Event(
        report=report.id,
        number=number,
        kind=EventKind.MOVED,
        author=author,
        state=state,
        day=report.received,
    )
    async with house.stores.cases() as cases:
        await cases.events.add(event)
        await cases.commit()


BY_HAND = {
    "closed": "UPDATE report SET state = 'no_action'",
    "moved on": "UPDATE report SET state = 'in_progress'",
    "put back": "UPDATE report SET state = 'received'",
    "given a reason": "UPDATE report SET detail = 'court'",
    "its event changed along": (
        "UPDATE event SET state = 'in_progress' WHERE number = 1",
        "UPDATE report SET state = 'in_progress'",
    ),
    "its event on another day": "UPDATE event SET day = '2026-11-01' WHERE number = 1",
    "its event signed by nobody": "UPDATE event SET signature = zeroblob(64) WHERE number = 1",
    "its event of no member": "UPDATE event SET member = NULL WHERE number = 1",
    "its event in the clock's name": (
        "UPDATE event SET author = 'clock', member = NULL, signature = x'' WHERE number = 1"
    ),
    "its last event gone": "DELETE FROM event WHERE number = 1",
    "its events gone": "DELETE FROM event",
}


@pytest.mark.parametrize("way", BY_HAND)
async def test_a_record_changed_by_hand_is_an_alarm_and_no_answer(house: House, way: str) -> None:
    """And nobody at the desk goes on from there."""
    code, report = await house.sent()
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).claim(report.ref)
    assert (await house.check(code)).state is State.IN_REVIEW
    statements = BY_HAND[way]
    for statement in (statements,) if isinstance(statements, str) else statements:
        house.tamper("cases", statement)
    before = await house.report(report.id)
    with pytest.raises(RecordChanged):
        await house.check(code)
    with pytest.raises(RecordChanged):
        await house.desk(house.neighbour).release(report.ref)
    assert await house.report(report.id) == before


async def test_an_event_in_another_members_name_is_an_alarm(house: House) -> None:
    code, report = await house.sent()
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).claim(report.ref)
    house.tamper("cases", "UPDATE event SET member = ? WHERE number = 1", house.first.id)
    with pytest.raises(RecordChanged):
        await house.check(code)


async def test_another_desk_in_the_clocks_name_is_an_alarm_and_no_answer(house: House) -> None:
    """It takes no signature to write so; only a member sends a report to another desk."""
    code, report = await house.sent()
    house.tamper(
        "cases",
        "INSERT INTO event (report, number, kind, author, state, detail, day, signature, nonce)"
        " SELECT report, 1, 'routed', 'clock', state, 'national', day, x'', nonce FROM event",
    )
    house.tamper("cases", "UPDATE report SET desk = 'national'")
    with pytest.raises(RecordChanged):
        await house.check(code)
    await house.unlock(house.first)
    with pytest.raises(RecordChanged):
        await house.desk(house.first).claim(report.ref)


async def test_a_planted_signing_key_in_the_members_row_vouches_for_nothing(house: House) -> None:
    """The certificate's key counts, and the row's own is not even looked at."""
    code, report = await house.sent()
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).claim(report.ref)
    planted, (_, event) = SigningKey.generate(), await house.events(report.id)
    forged = replace(event, state=State.IN_PROGRESS)
    signature = planted.sign(Purpose.EVENT, forged.signed_bytes())
    house.tamper(
        "cases",
        "UPDATE event SET state = 'in_progress', signature = ? WHERE number = 1",
        signature,
    )
    house.tamper("cases", "UPDATE report SET state = 'in_progress'")
    house.tamper(
        "cases",
        "UPDATE member SET signing_public = ? WHERE id = ?",
        *(planted.public, house.neighbour.id),
    )
    with pytest.raises(RecordChanged):
        await house.check(code)


async def test_what_a_member_did_before_they_were_revoked_stands(house: House) -> None:
    code, report = await house.sent()
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).claim(report.ref)
    async with house.stores.cases() as cases:
        await cases.staff.revoke(house.neighbour.id)
        await cases.commit()
    checked = await house.check(code)
    assert (checked.standing, checked.author) == (Standing.BEING_READ, Author.MODERATOR)


@pytest.mark.parametrize("size", [0, 16, 31])
async def test_a_shred_key_of_an_odd_size_is_an_alarm_and_no_wrong_code(
    house: House, size: int
) -> None:
    code, report = await house.sent()
    house.tamper("shreds", "UPDATE shred SET key = zeroblob(?)", size)
    with pytest.raises(ReportMissing):
        await house.check(code)
    with pytest.raises(CodeRefused):
        await house.check(wrong(code))
    assert report.visits == (await house.report(report.id)).visits


async def test_no_code_opens_another_report_whatever_is_swapped(house: House) -> None:
    """Blobs, shred keys and locators of two reports change places, alone and together."""
    (mine, report), (theirs, other) = await house.sent(), await house.sent()
    keys = [await house.shred_key(each.id) for each in (report, other)]
    swaps = [(other.sealed.case_for_code, report.visits, keys[0])]
    swaps += [(other.sealed.case_for_code, report.visits, keys[1])]
    swaps += [(other.sealed.case_for_code, other.visits, keys[1])]
    swaps += [(report.sealed.case_for_code, other.visits, keys[0])]
    for blob, visits, key in swaps:
        house.tamper(
            "cases",
            "UPDATE report SET case_for_code = ?, visits = ? WHERE id = ?",
            *(blob, visits, report.id),
        )
        house.tamper("shreds", "UPDATE shred SET key = ? WHERE report = ?", key, report.id)
        for code in (mine, Code(locator=report.locator, digits=parse(theirs).digits).text):
            with pytest.raises((ReportMissing, CodeRefused)):
                await house.check(code)

    house.tamper("cases", "DELETE FROM report WHERE id = ?", report.id)
    house.tamper("cases", "UPDATE report SET locator = ?", report.locator)
    for code in (mine, theirs):
        with pytest.raises(ReportMissing):
            await house.check(code)


async def test_a_report_cannot_be_put_under_anothers_code(house: House) -> None:
    """Everything that the code opens is moved to another row: locator, blob, visits, key."""
    (code, mine), (_, other) = await house.sent(), await house.sent()
    key = await house.shred_key(mine.id)
    house.tamper("cases", "DELETE FROM report WHERE id = ?", mine.id)
    house.tamper(
        "cases",
        "UPDATE report SET locator = ?, case_for_code = ?, visits = ? WHERE id = ?",
        *(mine.locator, mine.sealed.case_for_code, mine.visits, other.id),
    )
    house.tamper("shreds", "UPDATE shred SET key = ? WHERE report = ?", key, other.id)
    with pytest.raises(ReportMissing):
        await house.check(code)
