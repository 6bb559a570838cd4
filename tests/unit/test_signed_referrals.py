"""Who sees a referral by what a moderator signed, also before the place was signed too."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.errors import DomainError
from domain.offices.office import OfficeKey
from domain.referrals.act import ReferralUnknown
from domain.referrals.signed import SignedFor, SignedReferrals
from domain.reports.history import RecordChanged
from domain.reports.wishes import KeptOut
from domain.staff.seat import Seat
from tests.house import House, a_house
from tests.unit.test_officers import CHAT, POLICE, kept, referred

OF_POLICE, OF_PLACE = Seat(place="021", office=POLICE), Seat(place="021")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


@pytest.mark.parametrize(
    "said",
    [
        SignedFor(office=POLICE, place="021", alone=False),
        SignedFor(office=POLICE, place="nairobi-north", alone=True),
        SignedFor(office=POLICE, place=None, alone=False),
    ],
)
def test_what_was_signed_is_read_as_it_was_written(said: SignedFor) -> None:
    assert SignedFor.read(said.spelled()) == said
    assert said.spelled().partition(" ")[0] == POLICE


async def shown(house: House, number: str, seat: Seat) -> tuple[bool, list[type[DomainError]]]:
    """And the alarms."""
    referral, report = await kept(house, number)  # type: ignore[arg-type] # a number
    alarms: list[DomainError] = []
    signed = SignedReferrals(custody=house.custody, heed=alarms.append)
    async with house.stores.cases() as cases:
        seen = await signed.shows(cases, seat, referral, report)
    return seen, [type(alarm) for alarm in alarms]


async def test_the_office_sees_it_and_the_place_where_nobody_is_kept_out(house: House) -> None:
    number = await referred(house)
    assert await shown(house, number, OF_POLICE) == (True, [])
    assert await shown(house, number, OF_PLACE) == (True, [])
    assert await shown(house, number, Seat(place="022")) == (False, [RecordChanged])
    alone = await referred(house, kept_out=frozenset({KeptOut.CHIEF}))
    assert await shown(house, alone, OF_POLICE) == (True, [])
    assert await shown(house, alone, OF_PLACE) == (False, [RecordChanged])


async def test_what_was_signed_before_the_place_was_goes_on_being_seen(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SignedFor, "spelled", lambda said: said.office)
    number = await referred(house)
    assert await shown(house, number, OF_POLICE) == (True, [])
    assert await shown(house, number, OF_PLACE) == (True, [])
    house.tamper("cases", "UPDATE referral SET office = 'dci' WHERE number = ?", number)
    assert await shown(house, number, Seat(place="021", office=OfficeKey("dci"))) == (
        False,
        [RecordChanged],
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET signature = ? WHERE kind = 'referred'",
        "UPDATE event SET member = ? WHERE kind = 'referred'",
    ],
)
async def test_what_nobody_signed_is_nobodys_to_see(house: House, statement: str) -> None:
    number = await referred(house)
    house.tamper("cases", statement, bytes(64))
    assert await shown(house, number, OF_POLICE) == (False, [RecordChanged])


async def test_an_event_taken_away_shows_it_to_nobody(house: House) -> None:
    number = await referred(house)
    house.tamper("cases", "DELETE FROM event WHERE kind = 'referred'")
    assert await shown(house, number, OF_POLICE) == (False, [RecordChanged])


async def test_another_place_is_not_the_one_that_was_signed(house: House) -> None:
    officer = await house.officer(CHAT, "022/county_police")
    number = await referred(house)
    house.tamper("cases", "UPDATE referral SET place = '022' WHERE number = ?", number)
    with pytest.raises(ReferralUnknown):
        await house.officer_desk(officer).look(number)


async def test_what_was_passed_on_elsewhere_meanwhile_is_no_alarm(house: House) -> None:
    number = await referred(house)
    referral, report = await kept(house, number)
    house.tamper("cases", "UPDATE referral SET state = 'closed' WHERE number = ?", number)
    house.tamper("cases", "UPDATE event SET detail = 'dci 021' WHERE kind = 'referred'")
    alarms: list[DomainError] = []
    signed = SignedReferrals(custody=house.custody, heed=alarms.append)
    async with house.stores.cases() as cases:
        assert not await signed.shows(cases, OF_POLICE, referral, report)
    assert alarms == []
