"""A report that was closed half a year ago ends: whole, truthfully, and never by mistake."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest

from crypto.code import Code, parse
from domain.errors import DomainError
from domain.offices.office import OfficeKey
from domain.ports.sealing import CodeRefused
from domain.referrals.referral import Referral, ReferralNumber
from domain.reports.check import ReportExpired
from domain.reports.clocks import Clocks
from domain.reports.history import RecordChanged
from domain.reports.report import Report, ReportId
from domain.reports.retention import Retention
from domain.reports.state import NoActionReason, State
from storage import engines
from storage.addresses import SqlShreds
from storage.events import SqlEvents
from storage.leaves import SqlTombstones
from storage.reports import SqlReports
from tests.contracts.samples import a_report, an_entry, an_event
from tests.house import House, a_house

KEPT = Clocks().kept_days


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def closed(house: House) -> tuple[str, Report]:
    """Today, by the county's moderator."""
    code, report = await house.sent()
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).claim(report.ref)
    await house.desk(house.neighbour).status(
        report.ref, State.NO_ACTION, NoActionReason.ALREADY_HANDLED
    )
    return code, await house.report(report.id)


async def bell(house: House, *, ahead: int = 0) -> tuple[int, list[DomainError]]:
    alarms: list[DomainError] = []
    ended = await retention(house, alarms).run(house.clock.now() + timedelta(days=ahead))
    return ended, alarms


def retention(house: House, alarms: list[DomainError]) -> Retention:
    return house.retention(alarms.append)


def left_of(house: House, report: ReportId) -> dict[str, int]:
    """Rows that lead to the report, by table; without those that have none."""
    tables = {
        ("cases", "report"): "id",
        ("cases", "event"): "report",
        ("cases", "entry"): "report",
        ("cases", "referral"): "report",
        ("shreds", "shred"): "report",
    }
    found = {
        table: len(house.rows(store, f"SELECT 1 FROM {table} WHERE {column} = ?", report))  # noqa: S608 - names from above
        for (store, table), column in tables.items()
    }
    return {table: rows for table, rows in found.items() if rows}


def referral_of(report: Report) -> Referral:
    return Referral(
        number=ReferralNumber("K7M2QX"),
        report=report.id,
        office=OfficeKey("ntsa"),
        place=report.county,
        sent=report.since,
        since=report.since,
    )


async def with_dialogue_and_referral(house: House, report: Report) -> None:
    async with house.stores.cases() as cases:
        await cases.entries.add(an_entry(report))
        await cases.referrals.add(referral_of(report))
        await cases.commit()


async def test_nothing_is_left_after_half_a_year_and_everything_the_day_before(
    house: House,
) -> None:
    (_, report), (_, other) = await closed(house), await house.sent()
    await with_dialogue_and_referral(house, report)
    house.clock.passes(days=KEPT - 1)
    assert await bell(house) == (0, [])
    whole = left_of(house, report.id)
    assert set(whole) == {"report", "event", "entry", "referral", "shred"}
    house.clock.passes(days=1)
    assert await bell(house) == (1, [])
    assert left_of(house, report.id) == {}
    assert set(left_of(house, other.id)) == {"report", "event", "shred"}


async def test_its_code_is_told_the_truth_and_a_wrong_one_nothing(house: House) -> None:
    code, _ = await closed(house)
    house.clock.passes(days=KEPT)
    await bell(house)
    with pytest.raises(ReportExpired):
        await house.check(code)
    wrong = Code(locator=parse(code).locator, digits=parse(code).digits[::-1]).text
    with pytest.raises(CodeRefused):
        await house.check(wrong)


async def test_the_tombstone_tells_a_month_and_the_leaves_stay(house: House) -> None:
    _, report = await closed(house)
    before = house.rows("cases", "SELECT hash FROM pending_leaf")
    house.clock.passes(days=KEPT)
    await bell(house)
    rows = house.rows("cases", "SELECT leaf, ending, month FROM tombstone")
    assert rows == [(report.intake_leaf, "expired", "2027-05-01")]
    assert house.rows("cases", "SELECT hash FROM pending_leaf") == before


@pytest.mark.parametrize(
    "state", [state for state in State if not state.is_closed and state is not State.CONFIRMED]
)
async def test_what_is_not_over_never_ends(house: House, state: State) -> None:
    old = a_report(state=state, since=date(2020, 1, 1), received=date(2020, 1, 1))
    async with house.stores.cases() as cases:
        await cases.reports.add(old)
        await cases.events.add(an_event(old, state=state, day=date(2020, 1, 1)))
        await cases.commit()
    assert await bell(house) == (0, [])
    assert set(left_of(house, old.id)) == {"report", "event"}


async def test_what_was_said_after_the_end_does_not_put_it_off(house: House) -> None:
    _, report = await closed(house)
    house.clock.passes(days=KEPT)
    async with house.stores.cases() as cases:
        later = an_event(
            report, 3, state=report.state, detail=report.detail, day=house.clock.now().date()
        )
        await cases.events.add(later)
        await cases.commit()
    assert await bell(house) == (1, [])


@pytest.mark.parametrize(
    ("part", "method"),
    [(SqlTombstones, "add"), (SqlShreds, "destroy"), (SqlReports, "remove"), (SqlEvents, "of")],
)
async def test_a_crash_at_any_step_loses_nothing_and_the_next_bell_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch, part: type, method: str
) -> None:
    code, report = await closed(house)
    house.clock.passes(days=KEPT)

    async def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(part, method, crash)
        with suppress(KeyboardInterrupt):
            await bell(house)
    if "shred" in left_of(house, report.id):
        assert (await house.check(code)).state is State.NO_ACTION
    else:
        with pytest.raises(ReportExpired):
            await house.check(code)
    house.clock.passes(days=1)
    assert await bell(house) == (1, [])
    assert left_of(house, report.id) == {}
    with pytest.raises(ReportExpired):
        await house.check(code)


async def test_a_moment_that_is_not_here_yet_ends_nothing(house: House) -> None:
    _, report = await closed(house)
    assert await bell(house, ahead=4000) == (0, [])
    assert "shred" in left_of(house, report.id)


async def test_one_update_of_a_row_does_not_make_the_clock_destroy_it(house: House) -> None:
    """Whoever writes to the database might let the clock bury a report, tombstone and all."""
    (_, fresh), (_, recent) = await house.sent(), await closed(house)
    (_, old) = await closed(house)
    house.tamper(
        "cases",
        "UPDATE report SET state = 'no_action', since = '2020-01-01' WHERE id IN (?, ?)",
        *(fresh.id, recent.id),
    )
    ended, (alarm,) = await bell(house)
    assert (ended, type(alarm)) == (0, RecordChanged)
    house.clock.passes(days=KEPT)
    ended, (alarm,) = await bell(house)
    assert (ended, type(alarm)) == (2, RecordChanged), "one in the way holds up no other"
    assert left_of(house, fresh.id).keys() == {"report", "event", "shred"}
    assert left_of(house, old.id) == {}


async def test_the_same_bell_again_does_nothing_new(house: House) -> None:
    await closed(house)
    house.clock.passes(days=KEPT)
    assert [(await bell(house))[0] for _ in range(3)] == [1, 0, 0]


async def test_invites_nobody_used_go_and_the_used_stay(house: House) -> None:
    used = house.rows("cases", "SELECT id FROM invite WHERE used")
    invite, _ = await house.invite(expires=house.clock.now().date())
    await bell(house)
    assert len(house.rows("cases", "SELECT id FROM invite")) == len(used) + 1
    house.clock.passes(days=1)
    await bell(house)
    assert house.rows("cases", "SELECT id FROM invite") == used
    assert (invite.id,) not in used


async def test_a_staff_command_is_remembered_for_as_long_as_it_can_come_again(
    house: House,
) -> None:
    await closed(house)
    kept = []
    for _ in range(5):
        await bell(house)
        kept.append(len(house.rows("cases", "SELECT 1 FROM handled_update")))
        house.clock.passes(days=1)
    assert kept[:3] == [kept[0]] * 3
    assert (kept[0] > 0, kept[3:]) == (True, [0, 0])


async def on_disk_after_the_end(house: House) -> tuple[bytes, dict[str, list[bytes]]]:
    """Every byte of the three files, and what was destroyed, in pieces of 32 bytes."""
    noise = [await house.sent(words=("x" * length,)) for length in range(800, 9000, 900)]
    (_, report) = await closed(house)
    noise += [await house.sent() for _ in range(8)]
    key, sealed = await house.shred_key(report.id), report.sealed
    house.clock.passes(days=KEPT)
    assert await bell(house) == (1, [])
    disk = house.files()
    assert all([await house.shred_key(each.id) in disk for _, each in noise])
    envelopes = sealed.words + sealed.dek_for_desk + sealed.case_for_desk + sealed.case_for_code
    pieces = [envelopes[at : at + 32] for at in range(0, len(envelopes) - 31, 32)]
    return disk, {"key": [key], "envelopes": pieces, "visits": [report.visits]}


async def test_what_was_destroyed_is_in_no_file(house: House) -> None:
    disk, gone = await on_disk_after_the_end(house)
    found = {name: [one for one in pieces if one in disk] for name, pieces in gone.items()}
    assert found == {"key": [], "envelopes": [], "visits": []}


async def test_a_build_that_only_unlinks_what_it_deletes_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careless = tuple(
        each.replace("secure_delete=ON", "secure_delete=OFF") for each in engines.PRAGMAS
    )
    monkeypatch.setattr(engines, "PRAGMAS", careless)
    async with a_house(tmp_path) as house:
        disk, gone = await on_disk_after_the_end(house)
    assert any(piece in disk for pieces in gone.values() for piece in pieces)
