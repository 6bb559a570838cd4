"""Promise 13: a named office is never sent the report that names it, its summary or its
dialogue; and the same search finds them in a build that leaks on purpose.

Every officer there can be is enrolled; the moderator tries every office. Whoever had it last
leaves, and the clock reminds and sends digests for a month. All that was sent is opened, and
every officer looks at all they may.
"""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from app.reference.load import load_offices
from crypto.case_secret import CaseSecret
from domain.desks.desk import NATIONAL, DeskKey
from domain.errors import DomainError
from domain.offices.office import OfficeKey, Scope
from domain.referrals import chase, desk, reach, refer
from domain.referrals.refer import Referring
from domain.referrals.referral import Referral, ReferralNumber
from domain.referrals.signed import SignedReferrals
from domain.reports.dialogue import opened
from domain.reports.event import EventKind
from domain.reports.own import Own
from domain.reports.report import Report
from domain.reports.state import Author, State
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar, KeptOut
from domain.staff.member import Role
from domain.staff.seat import Seat
from domain.staff.unlock import Revoked
from tests.house import House, Moderator, a_house
from tests.promises.links import (
    forged,
    planted,
    used_link,
    whoever_the_root_vouches_for,
    written,
)
from tests.unit.test_chase import chase_of, digests

ASKED, ANSWERED = "Which of the shops was it?", "The one behind the chief's camp"
SUMMARY = "Goods are taken from shops at closing time, and nobody comes when called."
OFFICES = sorted(
    (office for office in load_offices() if any(t is Topic.THEFT for t, _ in office.takes)),
    key=lambda office: office.scope is not Scope.NATIONAL,
)
"""Those of a county last: where nobody is left of one, the officer of the place is next to it."""
NAMED = {
    KeptOut.POLICE_STATION: {"county_police", "dci", "021"},
    KeptOut.CHIEF: {"county_commissioner", "021"},
    KeptOut.NYUMBA_KUMI: {"county_commissioner", "021"},
    KeptOut.COUNTY_OFFICIALS: {"county_commissioner", "county_police", "021"},
    KeptOut.POLITICIAN: {"county_commissioner", "county_police", "dci", "021"},
}
"""Who must hear nothing: offices that take theft, and the officer of the place."""


@pytest.fixture
async def house(staffed_house: House) -> House:
    """On either database."""
    await staffed_house.load_offices()
    await staffed_house.unlock(staffed_house.first)
    return staffed_house


@pytest.fixture
async def careless(tmp_path: Path) -> AsyncIterator[House]:
    """Of a build that leaks, on SQLite: what it forgets is no database's."""
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
    """Claimed, and spoken about with its holder."""
    code, report = await house.sent(
        danger=True, how_far=HowFar.SUMMARY, kept_out=frozenset({kept_out})
    )
    held = (await house.check(code)).held
    await house.desk(house.first).claim(report.ref)
    await house.desk(house.first).ask(report.ref, ASKED)
    await house.own(held).say(Own.ANSWER, ANSWERED)
    return report


@dataclass(slots=True)
class Heard:
    """By who is meant: what of the report reached them, `summary`, `dialogue` or its `number`."""

    house: House
    report: Report
    people: dict[str, Moderator]
    what: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def by(self, named: set[str]) -> set[str]:
        return {what for name in named for what in self.what.get(name, ())}

    async def passed_on(self) -> None:
        """To every office it may go to; each has it until the next does."""
        for office in OFFICES:
            try:
                await self.house.desk(self.house.first).refer(self.report.ref, office.key, SUMMARY)
            except DomainError:
                continue
            await self._look()

    async def left_lying(self) -> None:
        """Whoever had it last has left."""
        await self._revoked()
        await self.reminded()

    async def reminded(self) -> None:
        """For a month it is reminded of, and stands in digests."""
        for _ in range(5):
            self.house.clock.passes(days=6)
            moment = self.house.clock.now()
            await chase_of(self.house).run(moment)
            await digests(self.house).daily(moment)
            await digests(self.house).weekly(moment)
        await self._look()

    async def delivered(self) -> None:
        names = {person.chat: name for name, person in self.people.items()}
        for each in await self.house.outbox.claim(1000):
            if each.message.to.chat in names:
                self._note(names[each.message.to.chat], str(each.message.facts))

    async def _revoked(self) -> None:
        async with self.house.stores.cases() as cases:
            referrals = await cases.referrals.of(self.report.id)
            (last,) = [each for each in referrals if not each.state.is_over]
            await cases.staff.revoke(self.people[str(last.office)].id)
            await cases.commit()

    async def _look(self) -> None:
        """With every command that shows something."""
        for name, person in self.people.items():
            with suppress(Revoked):
                shown = self.house.officer_desk(person)
                self._note(name, str([await shown.open_ones(), await shown.digest()]))

    def _note(self, name: str, seen: str) -> None:
        numbers = self.house.rows("cases", "SELECT number FROM referral")
        self.what[name] |= {"summary"} if SUMMARY in seen else set()
        self.what[name] |= {"dialogue"} if ASKED in seen or ANSWERED in seen else set()
        self.what[name] |= {"number"} if any(number in seen for (number,) in numbers) else set()


async def told(house: House, report: Report) -> Heard:
    heard = Heard(house, report, await everybody(house))
    await heard.passed_on()
    if house.rows("cases", "SELECT 1 FROM referral"):
        await heard.left_lying()
    await heard.delivered()
    return heard


@pytest.mark.parametrize("kept_out", list(KeptOut))
async def test_a_named_office_hears_nothing(house: House, kept_out: KeptOut) -> None:
    heard = await told(house, await naming(house, kept_out))
    assert heard.by(NAMED[kept_out]) == set()


async def test_the_others_do_hear_so_the_search_is_no_empty_one(house: House) -> None:
    heard = await told(house, await naming(house, KeptOut.CHIEF))
    assert heard.by(set(heard.people)) == {"summary", "number"}


def believe_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """As before December 2026."""

    async def yes(*_: object) -> bool:
        return True

    monkeypatch.setattr(SignedReferrals, "shows", yes)


@pytest.mark.parametrize("kept_out", list(KeptOut))
async def test_a_build_that_sends_it_all_the_same_is_found_out(
    careless: House, kept_out: KeptOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (reach, refer):
        monkeypatch.setattr(module, "may_have", lambda *_: True)
    heard = await told(careless, await naming(careless, kept_out))
    assert heard.by(NAMED[kept_out]) >= {"summary", "number"}


async def test_a_build_that_reminds_whoever_is_left_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And believes the rows, as the signature alone would stop it."""
    monkeypatch.setattr(chase, "may_have", lambda *_: True)
    believe_rows(monkeypatch)
    heard = await told(careless, await naming(careless, KeptOut.CHIEF))
    assert heard.by(NAMED[KeptOut.CHIEF]) == {"number"}


async def test_a_build_that_shows_a_place_all_that_went_there_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seen(seat: Seat, referral: Referral, _: object) -> bool:
        return seat.place == referral.place

    monkeypatch.setattr(desk, "sees", seen)
    believe_rows(monkeypatch)
    heard = await told(careless, await naming(careless, KeptOut.CHIEF))
    assert heard.by(NAMED[KeptOut.CHIEF]) == {"number"}


async def test_a_build_that_tells_everybody_what_was_said_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Referring.post

    async def telling(
        referring: Referring, report: Report, number: ReferralNumber, *rest: Any
    ) -> int:
        summary, to, secret = rest
        await honest(referring, report, number, summary, to, secret)
        every = replace(to, officers=await referring.officers.enrolled())
        async with careless.stores.cases() as cases:
            said = opened(await cases.entries.of(report.id), secret)
        words = " ".join(each.words for each in said)
        return await honest(referring, report, number, words, every, CaseSecret.generate())

    monkeypatch.setattr(Referring, "post", telling)
    heard = await told(careless, await naming(careless, KeptOut.CHIEF))
    assert "dialogue" in heard.by(NAMED[KeptOut.CHIEF])


CLEARED = "UPDATE report SET kept_out = '' WHERE id = ?"
TURNED = "UPDATE referral SET office = 'county_commissioner' WHERE report = ?"
MADE_UP = (
    "INSERT INTO referral (number, report, office, place, sent, state, since, nudges, proof)"
    " SELECT 'ZZZZZZ', report, 'county_commissioner', place, sent, 'sent', since, 0, proof"
    " FROM referral WHERE report = ?"
)
BY_HAND = {
    "the place's officer": (CLEARED,),
    "the office itself": (CLEARED, TURNED),
    "beside it": (CLEARED, MADE_UP),
}


async def changed_by_hand(house: House, *statements: str) -> Heard:
    """After it was passed on, by whoever writes to the database: the chief is kept out, the
    county's police have it.
    """
    report = await naming(house, KeptOut.CHIEF)
    heard = Heard(house, report, await everybody(house))
    await house.desk(house.first).refer(report.ref, "county_police", SUMMARY)
    for statement in statements:
        house.tamper("cases", statement, report.id)
    await heard.reminded()
    await heard.delivered()
    return heard


@pytest.mark.parametrize("statements", BY_HAND.values(), ids=list(BY_HAND))
async def test_rows_changed_by_hand_show_it_to_nobody_it_was_not_signed_for(
    house: House, statements: tuple[str, ...]
) -> None:
    heard = await changed_by_hand(house, *statements)
    assert heard.by(NAMED[KeptOut.CHIEF]) == set()
    assert "summary" in heard.by({"county_police"}), "who it was signed for had it"


@pytest.mark.parametrize("statements", BY_HAND.values(), ids=list(BY_HAND))
async def test_a_build_that_believes_the_rows_is_found_out(
    careless: House, statements: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    believe_rows(monkeypatch)
    heard = await changed_by_hand(careless, *statements)
    assert heard.by(NAMED[KeptOut.CHIEF]) == {"number"}


async def signed_by_a_used_link(house: House) -> Heard:
    """The police station is kept out: who had a link of the county's police passes it on to them,
    row and all, over a signature of their own.
    """
    payload = await used_link(house, Role.OFFICER, DeskKey("021/county_police"))
    report, thief = await naming(house, KeptOut.POLICE_STATION), await forged(house, payload)
    heard = Heard(house, report, await everybody(house))
    before, (*_, last) = await house.report(report.id), await house.events(report.id)
    after = replace(before, state=State.REFERRED, detail="county_police", kept_out=frozenset())
    event = replace(
        last,
        number=last.number + 1,
        kind=EventKind.REFERRED,
        author=Author.MODERATOR,
        state=State.REFERRED,
        detail="county_police 021",
    )
    referral = Referral(
        number=ReferralNumber("ZZZZZZ"),
        report=report.id,
        office=OfficeKey("county_police"),
        place="021",
        sent=last.day,
        since=last.day,
    )
    async with house.stores.cases() as cases:
        await planted(cases, thief, house.first)
        await written(cases, before, after, thief.signed(event))
        await cases.referrals.add(referral)
        await cases.commit()
    await heard.reminded()
    await heard.delivered()
    return heard


async def test_nobody_passes_it_on_with_a_link_that_was_used(house: House) -> None:
    heard = await signed_by_a_used_link(house)
    assert heard.by(set(heard.people)) == set()


async def test_a_build_that_believes_whoever_the_root_vouches_for_is_found_out(
    careless: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(careless.custody), "check_act", whoever_the_root_vouches_for)
    heard = await signed_by_a_used_link(careless)
    assert heard.by(NAMED[KeptOut.POLICE_STATION]) == {"number"}


async def test_what_the_citizen_sealed_counts_although_the_row_was_changed(house: House) -> None:
    report = await naming(house, KeptOut.POLICE_STATION)
    house.tamper("cases", "UPDATE report SET kept_out = '' WHERE id = ?", report.id)
    heard = await told(house, report)
    assert heard.by({"county_police", "dci"}) == set()


def test_an_office_nobody_thought_of_is_kept_out() -> None:
    for kept_out in KeptOut:
        assert not reach.may_have(OfficeKey("a_new_office"), {kept_out})
        assert not reach.may_have(None, {kept_out})
    assert reach.may_have(None, ())
