"""Letting a newcomer in: by somebody who reads, to somebody who was invited, and nobody else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.desks.desk import NATIONAL
from domain.ports.sealing import KeyRefused
from domain.reports.wishes import KeptOut
from domain.staff.grant import Newcomer, NewcomerUnknown
from domain.staff.member import MemberId, Role
from domain.staff.unlock import NotLetInYet
from tests.house import COUNTY_DESK, WORDS, House, Moderator, a_house

NOBODY_KNOWN = Newcomer(member=MemberId(bytes(16)), desk=NATIONAL, words=())


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


@pytest.fixture
async def newcomer(house: House) -> Moderator:
    _, payload = await house.invite()
    return await house.enrolled(104, payload)


async def as_certified(house: House, newcomer: Moderator) -> Newcomer:
    """What would be compared by voice, whether or not somebody waits."""
    row = await house.member(newcomer)
    return Newcomer(member=row.id, desk=row.desk, words=house.custody.comparison_words(row))


async def copies_of(house: House, member: MemberId) -> int:
    async with house.stores.cases() as cases:
        return len(await cases.staff.copies(member))


async def test_a_newcomer_reads_what_was_there_before_once_let_in(
    house: House, newcomer: Moderator
) -> None:
    _, old = await house.sent(kept_out=frozenset({KeptOut.CHIEF}))
    with pytest.raises(NotLetInYet):
        await house.unlock(newcomer)
    await house.unlock(house.second)
    await house.let_in(newcomer, by=house.second)
    await house.unlock(newcomer)
    assert (await house.desk(newcomer).open(old.ref)).words.messages == WORDS


async def test_who_was_let_in_lets_the_next_one_in(house: House, newcomer: Moderator) -> None:
    """The chain is root, founder, second, newcomer, next: and each link is checked."""
    await house.unlock(house.second)
    await house.let_in(newcomer, by=house.second)
    _, payload = await house.invite()
    following = await house.enrolled(105, payload)
    await house.unlock(newcomer)
    await house.let_in(following, by=newcomer)
    assert (await house.unlock(following)).desks == {NATIONAL}


async def test_the_words_to_compare_are_the_newcomers_own(house: House) -> None:
    _, payload = await house.invite()
    prepared = await house.enrolment(104).prepare(payload)
    confirmed = await house.enrolment(104).confirm(prepared)
    await house.unlock(house.first)
    (waiting,) = await house.desk(house.first).pending()
    assert (waiting.member, waiting.words) == (confirmed.member, prepared.words)


async def test_nobody_waits_any_more_once_let_in(house: House, newcomer: Moderator) -> None:
    await house.unlock(house.first)
    await house.let_in(newcomer, by=house.first)
    assert await house.desk(house.first).pending() == ()


async def test_a_redelivered_grant_is_harmless(house: House, newcomer: Moderator) -> None:
    await house.unlock(house.first)
    compared = await house.waiting(newcomer, at=house.first)
    desk = house.desk(house.first)
    once, kept = await desk.grant(compared), house.files()
    assert await desk.grant(compared) == once
    assert house.files() == kept
    assert await copies_of(house, newcomer.id) == 1
    assert (await house.unlock(newcomer)).desks == {NATIONAL}


async def test_nobody_lets_in_at_a_desk_they_do_not_read(house: House) -> None:
    _, payload = await house.invite(desk=COUNTY_DESK)
    elsewhere = await house.enrolled(104, payload)
    await house.unlock(house.first)
    assert await house.desk(house.first).pending() == ()
    for stranger in (await as_certified(house, elsewhere), NOBODY_KNOWN):
        with pytest.raises(NewcomerUnknown):
            await house.desk(house.first).grant(stranger)
    assert await copies_of(house, elsewhere.id) == 0


async def test_a_revoked_newcomer_is_not_let_in(house: House, newcomer: Moderator) -> None:
    await house.unlock(house.first)
    compared = await house.waiting(newcomer, at=house.first)
    async with house.stores.cases() as cases:
        await cases.staff.revoke(newcomer.id)
        await cases.commit()
    with pytest.raises(NewcomerUnknown):
        await house.desk(house.first).grant(compared)
    assert await copies_of(house, newcomer.id) == 0


async def test_a_newcomer_moved_to_this_desk_by_hand_gets_no_key(house: House) -> None:
    """The row says national now; the certificate, signed with the invite, does not."""
    _, payload = await house.invite(desk=COUNTY_DESK)
    elsewhere = await house.enrolled(104, payload)
    house.tamper("cases", "UPDATE member SET desk = 'national' WHERE id = ?", elsewhere.id)
    await house.unlock(house.first)
    assert await house.desk(house.first).pending() == ()
    compared = await as_certified(house, elsewhere)
    desk = house.desk(house.first)
    with pytest.raises(KeyRefused):
        await desk.grant(compared)
    assert await copies_of(house, elsewhere.id) == 0
    assert (
        house.rows("cases", "SELECT 1 FROM handled_update WHERE update_id = ?", desk.update) == []
    )


async def test_a_swapped_desk_key_is_not_handed_on(house: House, newcomer: Moderator) -> None:
    await house.unlock(house.first)
    house.tamper(
        "cases",
        "UPDATE desk_key SET public = (SELECT public FROM desk_key WHERE desk = '021')"
        " WHERE desk = 'national'",
    )
    with pytest.raises(KeyRefused):
        await house.let_in(newcomer, by=house.first)
    assert await copies_of(house, newcomer.id) == 0


async def test_a_certificate_swapped_after_the_words_were_compared_gets_nothing(
    house: House, newcomer: Moderator
) -> None:
    """Each certificate is true by itself: the words were another's."""
    _, payload = await house.invite()
    intruder = await house.enrolled(105, payload)
    await house.unlock(house.first)
    compared = await house.waiting(newcomer, at=house.first)
    house.tamper(
        "cases",
        "UPDATE member SET certificate = ?, sealing_public = ? WHERE id = ?",
        (await house.member(intruder)).certificate,
        (await house.member(intruder)).sealing_public,
        newcomer.id,
    )
    desk = house.desk(house.first)
    with pytest.raises(NewcomerUnknown):
        await desk.grant(compared)
    assert await copies_of(house, newcomer.id) == 0
    with pytest.raises(NewcomerUnknown):
        await desk.grant(replace(compared, member=intruder.id))


async def test_who_reads_already_is_not_let_in_again(house: House) -> None:
    await house.unlock(house.first)
    for reader in (house.second, house.first):
        before = house.files()
        with pytest.raises(NewcomerUnknown):
            await house.desk(house.first).grant(await as_certified(house, reader))
        assert house.files() == before


async def test_an_officer_neither_waits_nor_is_granted_a_desks_key(house: House) -> None:
    _, payload = await house.invite(role=Role.OFFICER)
    officer = await house.enrolled(104, payload)
    session = await house.unlock(house.first)
    assert await house.desk(house.first).pending() == ()
    with pytest.raises(NewcomerUnknown):
        await house.desk(house.first).grant(await as_certified(house, officer))
    async with house.stores.cases() as cases:
        (key,) = await cases.staff.desk_keys(NATIONAL)
    with pytest.raises(KeyRefused):
        session.grant(await house.member(officer), key)
    assert await copies_of(house, officer.id) == 0


async def test_an_officer_made_a_moderator_by_hand_gets_no_key(house: House) -> None:
    _, payload = await house.invite(role=Role.OFFICER)
    officer = await house.enrolled(104, payload)
    house.tamper("cases", "UPDATE member SET role = 'moderator' WHERE id = ?", officer.id)
    await house.unlock(house.first)
    assert await house.desk(house.first).pending() == ()
    with pytest.raises(KeyRefused):
        await house.desk(house.first).grant(await as_certified(house, officer))
    assert await copies_of(house, officer.id) == 0
