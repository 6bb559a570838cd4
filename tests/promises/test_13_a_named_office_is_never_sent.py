"""Promise 13: a named office is never sent the report that names it, its summary or its
dialogue; and the same search finds them in a build that leaks on purpose.

Every officer there can be is enrolled; the moderator tries every office, and everything that
waits in the outbox is opened.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.reference.load import load_offices
from domain.desks.desk import NATIONAL
from domain.errors import DomainError
from domain.offices.office import OfficeKey, Scope
from domain.referrals import reach, refer
from domain.reports.report import Report
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar, KeptOut
from tests.house import House, Moderator, a_house

SUMMARY = "Goods are taken from shops at closing time, and nobody comes when called."
OFFICES = [office for office in load_offices() if any(t is Topic.THEFT for t, _ in office.takes)]
NAMED = {
    KeptOut.POLICE_STATION: {"county_police", "dci", "021"},
    KeptOut.CHIEF: {"county_commissioner", "021"},
    KeptOut.NYUMBA_KUMI: {"county_commissioner", "021"},
    KeptOut.COUNTY_OFFICIALS: {"county_commissioner", "county_police", "021"},
    KeptOut.POLITICIAN: {"county_commissioner", "county_police", "dci", "021"},
}
"""Who must hear nothing: offices that take theft, and the officer of the place."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.load_offices()
        await house.unlock(house.first)
        yield house


async def everybody(house: House) -> dict[str, Moderator]:
    """An officer of each office that takes theft, and one of the county as a whole."""
    seats = {
        str(office.key): f"{NATIONAL if office.scope is Scope.NATIONAL else '021'}/{office.key}"
        for office in OFFICES
    }
    seats["021"] = "021"
    return {
        name: await house.officer(900 + at, seat)
        for at, (name, seat) in enumerate(sorted(seats.items()))
    }


async def naming(house: House, kept_out: KeptOut) -> Report:
    _, report = await house.sent(
        danger=True, how_far=HowFar.SUMMARY, kept_out=frozenset({kept_out})
    )
    await house.desk(house.first).claim(report.ref)
    return report


async def told(house: House, report: Report, people: dict[str, Moderator]) -> set[str]:
    """Whoever hears of it in any way: a message that waits, or a number they can look at."""
    for office in OFFICES:
        try:
            await house.desk(house.first).refer(report.ref, office.key, SUMMARY)
        except DomainError:
            continue
    names = {person.chat: name for name, person in people.items()}
    messages = await house.outbox.claim(100)
    assert all(SUMMARY in str(each.message.facts) for each in messages)
    heard = {names[each.message.to.chat] for each in messages}
    for name, person in people.items():
        if await house.officer_desk(person).open_ones():
            heard.add(name)
    return heard


@pytest.mark.parametrize("kept_out", list(KeptOut))
async def test_a_named_office_hears_nothing(house: House, kept_out: KeptOut) -> None:
    people = await everybody(house)
    heard = await told(house, await naming(house, kept_out), people)
    assert heard & NAMED[kept_out] == set()


async def test_the_others_do_hear_so_the_search_is_no_empty_one(house: House) -> None:
    people = await everybody(house)
    heard = await told(house, await naming(house, KeptOut.CHIEF), people)
    assert heard


@pytest.mark.parametrize("kept_out", list(KeptOut))
async def test_a_build_that_sends_it_all_the_same_is_found_out(
    house: House, kept_out: KeptOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (reach, refer):
        monkeypatch.setattr(module, "may_have", lambda *_: True)
    people = await everybody(house)
    heard = await told(house, await naming(house, kept_out), people)
    assert heard & NAMED[kept_out]


async def test_what_the_citizen_sealed_counts_although_the_row_was_changed(house: House) -> None:
    people = await everybody(house)
    report = await naming(house, KeptOut.POLICE_STATION)
    house.tamper("cases", "UPDATE report SET kept_out = '' WHERE id = ?", report.id)
    heard = await told(house, report, people)
    assert heard & {"county_police", "dci"} == set()


def test_an_office_nobody_thought_of_is_kept_out() -> None:
    for kept_out in KeptOut:
        assert not reach.may_have(OfficeKey("a_new_office"), {kept_out})
        assert not reach.may_have(None, {kept_out})
    assert reach.may_have(None, ())
