"""An older generation of a desk's key is lost for ever: newcomers are let in all the same, and
told so; and nothing that was swapped, forged or only taken from one member passes as lost.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.doctor_custody import look_at_custody
from app.finding import Light
from crypto.recovering import OpenedRecovery
from domain.desks.desk import NATIONAL
from domain.places.county import CountyCode
from domain.ports.sealing import EnvelopeLost, KeyRefused, Suspect
from domain.reports.report import Report
from domain.staff.grant import HeldByAnother
from domain.staff.recover import reopen
from tests.house import RECOVERY, ROOT, WORDS, House, Moderator, a_house

NOWHERE = {"county": CountyCode("001")}
OPENED = OpenedRecovery(root_public=ROOT.public, pair=RECOVERY)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def renew(house: House) -> None:
    renewing = house.renewing()
    assert await renewing.run() == 1


async def copies_of(house: House, moderator: Moderator) -> set[int]:
    async with house.stores.cases() as cases:
        return {copy.generation for copy in await cases.staff.copies(moderator.id)}


def take_away(house: House, generation: int, holder: bytes) -> None:
    house.tamper(
        "cases",
        "DELETE FROM desk_copy WHERE desk = 'national' AND generation = ? AND holder = ?",
        generation,
        holder,
    )


async def newcomer(house: House, chat: int) -> Moderator:
    _, payload = await house.invite()
    return await house.enrolled(chat, payload)


async def recovered(house: House) -> Moderator:
    """The desk went to its second generation and lost its members; the recovery key's copy of
    the first was gone by then, so one member holds the second alone.
    """
    await house.unlock(house.first)
    await house.revoke(house.second.id)
    await renew(house)
    await house.revoke(house.first.id)
    house.sessions.lock_all()
    take_away(house, 1, b"")
    _, payload = await house.invite(founding=True)
    anew = await house.enrolled(104, payload)
    words = " ".join(house.custody.comparison_words(await house.member(anew)))
    reopened = await reopen(NATIONAL, words, OPENED, stores=house.stores, custody=house.custody)
    assert (reopened.opened, reopened.lost) == ((2,), (1,))
    await house.unlock(anew)
    return anew


async def reads(house: House, moderator: Moderator, report: Report) -> bool:
    return (await house.desk(moderator).open(report.ref)).words.messages == WORDS


async def reds(house: House) -> str:
    kept = SimpleNamespace(stores=house.stores, custody=house.custody)
    found = await look_at_custody(cast("Any", kept))
    return "\n".join(finding.what for finding in found if finding.light is Light.RED)


async def test_who_holds_the_rest_lets_people_in_and_both_read_the_rest(house: House) -> None:
    _, old = await house.sent(**NOWHERE)
    anew = await recovered(house)
    await renew(house)  # whoever held the second generation has left: the third
    _, young = await house.sent(**NOWHERE)
    assert (old.generation, young.generation) == (1, 3)
    third = await newcomer(house, 105)
    granted = await house.let_in(third, by=anew)
    assert granted.lost == (1,)
    assert await copies_of(house, third) == {2, 3}
    await house.unlock(third)
    assert await reads(house, third, young)
    with pytest.raises(EnvelopeLost):
        await house.desk(third).open(old.ref)
    fourth = await newcomer(house, 106)
    assert (await house.let_in(fourth, by=third)).lost == (1,), "and so on, for ever"


async def test_a_redelivered_grant_says_the_same(house: House) -> None:
    anew = await recovered(house)
    third = await newcomer(house, 105)
    compared = await house.waiting(third, at=anew)
    desk = house.desk(anew)
    once = await desk.grant(compared)
    assert once.lost == (1,)
    assert await desk.grant(compared) == once


async def test_doctor_goes_on_telling_it(house: House) -> None:
    anew = await recovered(house)
    third = await newcomer(house, 105)
    await house.let_in(third, by=anew)
    said = await reds(house)
    assert "national, generation 1: no copy for the recovery key" in said
    for member in (anew, third):
        assert f"moderator {member.id.hex()[:8]} of national: no copy of every generation" in said


async def test_what_another_reader_holds_is_not_lost(house: House) -> None:
    """Somebody took one member's copy away: who has it lets the newcomer in, whole."""
    await house.unlock(house.first)
    third = await newcomer(house, 104)
    await house.let_in(third, by=house.first)
    await house.revoke(house.second.id)
    await renew(house)
    house.sessions.lock_all()
    take_away(house, 1, third.id)
    fourth = await newcomer(house, 105)
    await house.unlock(third)
    before = house.files()
    with pytest.raises(HeldByAnother):
        await house.let_in(fourth, by=third)
    assert house.files() == before
    await house.unlock(house.first)
    assert (await house.let_in(fourth, by=house.first)).lost == ()
    assert await copies_of(house, fourth) == {1, 2}


@pytest.mark.parametrize(
    "forgery",
    [
        (
            "UPDATE desk_key SET public = (SELECT public FROM desk_key WHERE desk = '021')"
            " WHERE desk = 'national' AND generation = 1"
        ),
        "UPDATE desk_key SET certificate = x'01' WHERE desk = 'national' AND generation = 1",
        (
            "UPDATE desk_key SET (public, certificate) ="
            " (SELECT public, certificate FROM desk_key WHERE desk = '021')"
            " WHERE desk = 'national' AND generation = 1"
        ),
    ],
)
async def test_a_forged_key_is_an_alarm_and_never_a_lost_one(house: House, forgery: str) -> None:
    anew = await recovered(house)
    third = await newcomer(house, 105)
    house.tamper("cases", forgery)
    with pytest.raises(KeyRefused) as refused:
        await house.let_in(third, by=anew)
    assert refused.value.suspect is Suspect.DESK
    assert await copies_of(house, third) == set()


async def test_a_forged_copy_is_an_alarm_and_never_a_lost_key(house: House) -> None:
    anew = await recovered(house)
    third = await newcomer(house, 105)
    house.tamper(
        "cases",
        "INSERT INTO desk_copy SELECT desk, 1, holder, sealed, standing FROM desk_copy"
        " WHERE desk = 'national' AND generation = 2 AND holder = ?",
        anew.id,
    )
    with pytest.raises(KeyRefused) as refused:
        await house.let_in(third, by=anew)
    assert refused.value.suspect is Suspect.COPY
    assert await copies_of(house, third) == set()


async def test_without_the_newest_nobody_is_let_in(house: House) -> None:
    """A newcomer who reads nothing that comes would be no reader."""
    third = await newcomer(house, 104)
    await house.unlock(house.first)
    await house.revoke(house.second.id)
    await renew(house)
    house.sessions.lock_all()
    take_away(house, 2, house.first.id)
    await house.unlock(house.first)
    with pytest.raises(KeyRefused) as refused:
        await house.let_in(third, by=house.first)
    assert refused.value.suspect is Suspect.COPY


async def test_a_true_key_in_anothers_place_is_not_handed_on(house: House) -> None:
    """Both are certified, and the one in the row is not the one this member holds."""
    session = await house.unlock(house.first)
    third = await newcomer(house, 104)
    await house.revoke(house.second.id)
    await renew(house)
    async with house.stores.cases() as cases:
        first, second = await cases.staff.desk_keys(NATIONAL)
    session.pairs[NATIONAL, 1], session.pairs[NATIONAL, 2] = (
        session.pairs[NATIONAL, 2],
        session.pairs[NATIONAL, 1],
    )
    row = await house.member(third)
    for key in (first, second):
        with pytest.raises(KeyRefused):
            session.grant(row, key)
