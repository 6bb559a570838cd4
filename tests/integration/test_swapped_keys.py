"""Somebody who can write to the database swaps a key, forges one, or takes one away: it is
refused, and named, on both databases.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import update

from app.doctor_custody import look_at_custody
from app.finding import Light
from bot.telegram.alarms import heeding
from crypto.certificates import Standing
from crypto.session import MemberSession
from crypto.xwing import KeyPair
from domain.desks.desk import NATIONAL
from domain.moderation.sessions import Locked
from domain.places.county import CountyCode
from domain.ports.sealing import InviteRefused, KeyRefused, Suspect
from domain.staff.member import Holder, MemberId
from domain.staff.renew import Renewing
from storage.staff import COPY, KEY, MEMBER
from tests.databases import Database
from tests.house import House, Moderator, a_founded_house_on

NOWHERE = {"county": CountyCode("001")}
"""No desk of that county reads: the national one does."""


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    async with a_founded_house_on(database) as house:
        yield house


async def tampered(house: House, statement: Any) -> None:
    async with house.stores.cases() as cases:
        connection = cases.staff.connection
        assert (await connection.execute(statement)).rowcount > 0
        await cases.commit()


async def doctor(house: House) -> dict[str, Light]:
    findings = await look_at_custody(cast("Any", house))
    return {finding.what: finding.light for finding in findings}


async def reds(house: House) -> str:
    return "\n".join(what for what, light in (await doctor(house)).items() if light is Light.RED)


async def joined(house: House) -> Moderator:
    _, payload = await house.invite()
    newcomer = await house.enrolled(102, payload)
    await house.unlock(house.first)
    await house.let_in(newcomer, by=house.first)
    return newcomer


def renewing(house: House, heeded: list[Any]) -> Renewing:
    return house.renewing(heeded.append)


async def revoked(house: House, moderator: Moderator) -> None:
    async with house.stores.cases() as cases:
        await cases.staff.revoke(moderator.id)
        await cases.commit()


async def test_untouched_nothing_is_red(house: House) -> None:
    await house.sent(**NOWHERE)
    assert await reds(house) == ""


async def test_no_report_is_sealed_to_a_swapped_desk_key(house: House) -> None:
    swapped = KeyPair.generate().public.raw
    await tampered(house, update(KEY).where(KEY.c.desk == NATIONAL).values(public=swapped))
    with pytest.raises(KeyRefused) as refused:
        await house.sent(**NOWHERE)
    assert refused.value.suspect is Suspect.DESK
    assert await house.reports() == []
    assert "desk national, generation 1: the key was swapped or forged" in await reds(house)


async def test_a_key_planted_as_a_newer_generation_gets_no_report(house: House) -> None:
    async with house.stores.cases() as cases:
        true = await cases.staff.newest_key(NATIONAL)
        assert true is not None
        planted = KeyPair.generate().public.raw
        await cases.staff.add_desk_key(replace(true, generation=2, public=planted))
        for copy in await cases.staff.copies(house.first.id):
            await cases.staff.add_copy(replace(copy, generation=2))
        await cases.commit()
    with pytest.raises(KeyRefused):
        await house.sent(**NOWHERE)
    assert "desk national, generation 2: the key was swapped or forged" in await reds(house)


async def certified_by(house: House, who: MemberSession, *, mark: bool) -> None:
    """The next key, of a pair that whoever left knows, given to all who read. `mark`: as if
    they had held it before they were revoked.
    """
    async with house.stores.cases() as cases:
        newest = await cases.staff.newest_key(NATIONAL)
        first = await cases.staff.member(house.first.id)
        assert newest is not None
        assert first is not None
        (mine,) = await cases.staff.copies(first.id)
        renewed = who.renew(newest, [Holder(member=first, copy=mine)])
        await cases.staff.add_desk_key(renewed.key)
        for copy in renewed.copies:
            await cases.staff.add_copy(copy)
        if mark:
            await cases.staff.add_copy(replace(mine, generation=2, member=who.member, sealed=b""))
        await cases.commit()


@pytest.mark.parametrize("mark", [False, True])
async def test_a_key_that_somebody_who_left_certifies_is_found(house: House, *, mark: bool) -> None:
    second = await joined(house)
    kept = await house.unlock(second)
    await revoked(house, second)
    heeded: list[Any] = []
    await certified_by(house, kept, mark=mark)
    if mark:
        assert (await house.sent(**NOWHERE))[1].generation == 2
    else:
        with pytest.raises(KeyRefused) as refused:
            await house.sent(**NOWHERE)
        assert refused.value.suspect is Suspect.DESK
        assert await house.reports() == []
    assert "desk national needs a new key" in await reds(house)
    assert await renewing(house, heeded).run() == 1
    assert await reds(house) == ""
    assert (await house.sent(**NOWHERE))[1].generation == 3
    assert heeded == []


async def test_a_newcomer_whose_keys_were_swapped_is_not_let_in(house: House) -> None:
    """No words are shown of a certificate that is not hers; nor would they let her in."""
    _, payload = await house.invite()
    desk = house.enrolment(102)
    prepared = await desk.prepare(payload)
    newcomer = await desk.confirm(prepared)
    await house.unlock(house.first)
    (shown,) = await house.desk(house.first).pending()
    assert shown.words == prepared.words

    another = await house.member(house.first)
    theirs = update(MEMBER).where(MEMBER.c.id == newcomer.member)
    await tampered(house, theirs.values(certificate=another.certificate))
    assert await house.desk(house.first).pending() == ()
    words = house.custody.comparison_words(another)
    assert words != prepared.words
    swapped = replace(shown, words=words)
    with pytest.raises(KeyRefused) as refused:
        await house.desk(house.first).grant(swapped)
    assert refused.value.suspect is Suspect.MEMBER
    async with house.stores.cases() as cases:
        assert await cases.staff.copies(newcomer.member) == []
    assert f"moderator {newcomer.member.hex()[:8]} of national" in await reds(house)


async def test_a_members_own_swapped_keys_are_named(house: House) -> None:
    planted = KeyPair.generate().public.raw
    mine = update(MEMBER).where(MEMBER.c.id == house.first.id)
    await tampered(house, mine.values(sealing_public=planted))
    assert f"moderator {house.first.id.hex()[:8]} of national: member not" in await reds(house)


async def test_a_copy_without_its_standing_opens_nothing_and_is_named(house: House) -> None:
    await tampered(house, update(COPY).where(COPY.c.holder == house.first.id).values(standing=b"?"))
    with pytest.raises(KeyRefused) as refused:
        await house.unlock(house.first)
    assert refused.value.suspect is Suspect.COPY
    with pytest.raises(Locked):
        house.sessions.of(house.first.id, house.first.chat, house.clock.now())
    assert "copy not of the root" in await reds(house)


async def test_a_stranger_planted_among_the_readers_gets_no_new_key(house: House) -> None:
    """Enrolled by a true link, let in by nobody, and given another's standing by hand."""
    second = await joined(house)
    _, payload = await house.invite()
    stranger = await house.enrolled(103, payload)
    async with house.stores.cases() as cases:
        (mine,) = await cases.staff.copies(house.first.id)
        await cases.staff.add_copy(replace(mine, member=stranger.id))
        await cases.commit()
    assert f"moderator {stranger.id.hex()[:8]} of national: copy not" in await reds(house)
    await revoked(house, second)
    heeded: list[Any] = []
    assert await renewing(house, heeded).run() == 1
    assert [refused.suspect for refused in heeded] == [Suspect.COPY]
    async with house.stores.cases() as cases:
        held = {copy.generation for copy in await cases.staff.copies(stranger.id)}
        mine_now = {copy.generation for copy in await cases.staff.copies(house.first.id)}
    assert (held, mine_now) == ({1}, {1, 2})


async def test_nobody_makes_a_key_that_they_would_not_hold(house: House) -> None:
    """Their standing is changed for the one ring at which the next key is made."""
    second = await joined(house)
    await revoked(house, second)
    mine = update(COPY).where(COPY.c.holder == house.first.id)
    async with house.stores.cases() as cases:
        (kept,) = await cases.staff.copies(house.first.id)
    await tampered(house, mine.values(standing=b"?"))
    heeded: list[Any] = []
    work = renewing(house, heeded)
    assert [await work.run(), await work.run()] == [0, 0]
    assert {refused.suspect for refused in heeded} == {Suspect.COPY}
    await tampered(house, mine.values(standing=kept.standing))
    assert await work.run() == 1
    _, report = await house.sent(**NOWHERE)
    assert report.generation == 2
    assert await reds(house) == ""


async def test_nobody_signs_a_key_that_others_would_not_believe(house: House) -> None:
    """Unlocked over another's standing: what they sign with it is nobody's."""
    second = await joined(house)
    async with house.stores.cases() as cases:
        (theirs,) = await cases.staff.copies(second.id)
    session = await house.unlock(house.first)
    session.standings[NATIONAL, 1] = Standing.from_bytes(theirs.standing)
    await revoked(house, second)
    heeded: list[Any] = []
    assert await renewing(house, heeded).run() == 0
    assert [refused.suspect for refused in heeded] == [Suspect.DESK]
    async with house.stores.cases() as cases:
        assert [key.generation for key in await cases.staff.desk_keys(NATIONAL)] == [1]


JUNK = ("?", "of another")


@pytest.mark.parametrize("junk", JUNK)
async def test_a_row_that_is_nobodys_keeps_nobody_from_working(house: House, junk: str) -> None:
    """Nor is it shown among those who wait; who waits beside it is, and is let in."""
    _, payload = await house.invite()
    newcomer = await house.enrolled(102, payload)
    theirs = await house.member(newcomer)
    async with house.stores.cases() as cases:
        certificate = b"?" if junk == "?" else theirs.certificate
        planted = replace(theirs, id=MemberId(b"J" * 16), certificate=certificate)
        await cases.staff.add_member(planted)
        await cases.commit()
    heeded: list[Any] = []
    house.heed = heeded.append
    await house.unlock(house.first)
    assert [each.member for each in await house.desk(house.first).pending()] == [newcomer.id]
    assert {refused.suspect for refused in heeded} == {Suspect.MEMBER}
    await house.let_in(newcomer, by=house.first)
    await house.unlock(newcomer)
    assert "member not of the root" in await reds(house)


async def test_no_new_key_is_made_from_a_swapped_one(house: House) -> None:
    second = await joined(house)
    await revoked(house, second)
    swapped = KeyPair.generate().public.raw
    await tampered(house, update(KEY).where(KEY.c.desk == NATIONAL).values(public=swapped))
    heeded: list[Any] = []
    work = renewing(house, heeded)
    assert [await work.run(), await work.run()] == [0, 0]
    assert [refused.suspect for refused in heeded] == [Suspect.DESK]
    assert "needs a new key" in await reds(house)


async def test_a_generation_that_was_taken_away_is_red(house: House) -> None:
    """So that reports are sealed again to the key that somebody who left holds."""
    second = await joined(house)
    await revoked(house, second)
    assert await renewing(house, []).run() == 1
    _, report = await house.sent(**NOWHERE)
    assert report.generation == 2
    assert await reds(house) == ""
    await tampered(house, KEY.delete().where(KEY.c.generation == 2))
    await tampered(house, COPY.delete().where(COPY.c.generation == 2))
    assert "desk national: generation 2 of its key is gone" in await reds(house)


async def test_a_taken_recovery_copy_is_red(house: House) -> None:
    await tampered(house, COPY.delete().where(COPY.c.holder == b""))
    assert "no copy for the recovery key" in await reds(house)


async def test_a_used_link_and_one_whose_row_was_changed_are_refused(house: House) -> None:
    _, payload = await house.invite()
    await house.enrolled(102, payload)
    with pytest.raises(InviteRefused):
        await house.enrolled(103, payload)
    _, other = await house.invite()
    altered = other[:-4] + ("AAAA" if not other.endswith("AAAA") else "BBBB")
    with pytest.raises(InviteRefused):
        await house.enrolled(103, altered)
    house.clock.passes(days=8)
    with pytest.raises(InviteRefused):
        await house.enrolled(103, other)


@pytest.mark.parametrize("suspect", list(Suspect))
def test_the_log_names_the_kind_of_key_and_nothing_else(suspect: Suspect) -> None:
    said = SimpleNamespace(lines=[])
    heeding(lambda event, **fields: said.lines.append((event, fields)))(KeyRefused(suspect))
    assert said.lines == [("alarm.key_refused", {"key": suspect})]


async def test_one_who_reads_alone_is_pointed_out(house: House) -> None:
    said = await doctor(house)
    assert said["the national desk has 1 of at least 3 moderators who read"] is Light.YELLOW
