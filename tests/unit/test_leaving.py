"""Somebody who read leaves: what they take along opens nothing that comes after."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from crypto import shred, xwing
from crypto.errors import EnvelopeRefused
from crypto.sealer import desk_context
from crypto.session import MemberSession, copy_context
from crypto.shred import ShredKey
from crypto.xwing import KeyPair
from domain.desks.desk import NATIONAL
from domain.followup.outgoing import Addressee
from domain.moderation.sessions import Locked
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.ports.sealing import EnvelopeLost, KeyRefused, PassphraseRefused
from domain.reports.own import Own
from domain.reports.report import Report
from domain.staff.member import DeskCopy
from domain.staff.renew import Renewing
from domain.staff.unlock import Revoked
from storage.staff import SqlStaffRegister
from tests.house import COUNTY_DESK, RECOVERY, WORDS, House, Moderator, a_house
from tests.pairs_made import PairsMade

NOWHERE = {"county": CountyCode("001")}
"""No desk of that county reads: the national one does."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


def renewing(house: House) -> Renewing:
    def heed(refused: object) -> None:
        raise AssertionError(refused)

    return house.renewing(heed)


async def exposed(house: House) -> frozenset[str]:
    async with house.stores.cases() as cases:
        return frozenset(await cases.staff.exposed())


async def reads(house: House, moderator: Moderator, report: Report) -> bool:
    opened = await house.desk(moderator).open(report.ref)
    return opened.words.messages == WORDS


def opens_with(pairs: list[KeyPair], report: Report, shred_key: bytes) -> bool:
    """Whoever kept these private keys, and has the stores with their shred keys."""
    for pair in pairs:
        context = desk_context(report.id, "dek_for_desk", report.desk, report.generation)
        inner = shred.unwrap(ShredKey(shred_key), report.sealed.dek_for_desk, context)
        try:
            xwing.unseal(pair, inner, context)
        except EnvelopeRefused:
            continue
        return True
    return False


def kept_pairs(session: MemberSession) -> list[KeyPair]:
    return [KeyPair.from_seed(bytes(pair.seed)) for pair in session.pairs.values()]


async def test_whoever_is_left_makes_the_next_key_and_reads_old_and_new(house: House) -> None:
    _, before = await house.sent(**NOWHERE)
    await house.unlock(house.first)
    assert await renewing(house).run() == 0
    await house.revoke(house.second.id)
    assert await exposed(house) == {NATIONAL}
    assert await renewing(house).run() == 1
    assert await exposed(house) == frozenset()
    _, after = await house.sent(**NOWHERE)
    assert (before.generation, after.generation) == (1, 2)
    assert await reads(house, house.first, before)
    assert await reads(house, house.first, after)
    house.sessions.lock_all()
    await house.unlock(house.first)
    assert await reads(house, house.first, before)
    assert await reads(house, house.first, after)


async def test_who_left_opens_nothing_that_came_after_even_with_keys_they_had_kept(
    house: House,
) -> None:
    kept = kept_pairs(await house.unlock(house.second))
    _, before = await house.sent(**NOWHERE)
    await house.unlock(house.first)
    await house.revoke(house.second.id)
    await renewing(house).run()
    _, after = await house.sent(**NOWHERE)
    assert opens_with(kept, before, await house.shred_key(before.id)), "what they had is theirs"
    assert not opens_with(kept, after, await house.shred_key(after.id))


async def test_who_left_reads_on_in_old_reports_and_in_no_new_one(house: House) -> None:
    """As docs/attacks.md says: a weakness. Where it is mended, mend the page too."""
    code, old = await house.sent(**NOWHERE)
    session = await house.unlock(house.second)
    kept, pairs = session.case(old, await house.shred_key(old.id)), kept_pairs(session)
    await house.unlock(house.first)
    await house.revoke(house.second.id)
    await renewing(house).run()
    held = (await house.check(code)).held
    await house.own(held).say(Own.ADDITION, "Now on Saturdays too")
    await house.mailboxes.open(held.secret, Addressee(chat=4711, language=Language.ENGLISH))
    async with house.stores.cases() as cases:
        (entry,) = await cases.entries.of(old.id)
    assert b"Saturdays" in kept.open_entry(old.id, 0, entry.sealed)
    (told,) = await house.mailboxes.addressees([kept])
    assert told is not None
    assert told.chat == 4711
    _, young = await house.sent(**NOWHERE)
    assert not opens_with(pairs, young, await house.shred_key(young.id))


async def test_old_passphrase_old_share_and_todays_database_open_nothing(house: House) -> None:
    """A copy of the database made after the revocation has nothing left for them."""
    gone, share = await house.member(house.second), house.second.share
    await house.revoke(house.second.id)
    left = await house.member(house.second)
    assert (left.revoked, left.wrapped_seed) == (True, b"")
    with pytest.raises(PassphraseRefused):
        await house.custody.unlock(left, house.second.passphrase, share, (), ())
    assert house.rows("cases", "SELECT sealed FROM desk_copy WHERE holder = ?", gone.id) == [(b"",)]
    assert gone.wrapped_seed not in house.files()


async def test_the_session_of_whoever_is_revoked_ends_with_their_next_act(house: House) -> None:
    session = await house.unlock(house.second)
    await house.revoke(house.second.id)
    with pytest.raises(Revoked):
        await house.desk(house.second).next()
    assert session.keys is None


async def test_whoever_was_revoked_makes_no_key(house: House) -> None:
    await house.unlock(house.second)
    await house.revoke(house.second.id)
    assert await renewing(house).run() == 0
    assert await exposed(house) == {NATIONAL}


async def test_the_next_key_reaches_everybody_who_is_unlocked_and_whoever_unlocks_later(
    house: House,
) -> None:
    third = await a_third(house)
    await house.unlock(third)
    await house.revoke(house.second.id)
    assert await renewing(house).run() == 1
    _, after = await house.sent(**NOWHERE)
    assert await reads(house, third, after)
    house.sessions.lock_all()
    await house.unlock(house.first)
    assert await reads(house, house.first, after)


async def a_third(house: House) -> Moderator:
    _, payload = await house.invite()
    third = await house.enrolled(109, payload)
    await house.unlock(house.first)
    await house.let_in(third, by=house.first)
    return third


async def test_whoever_is_let_in_later_reads_every_generation(house: House) -> None:
    _, before = await house.sent(**NOWHERE)
    await house.unlock(house.first)
    await house.revoke(house.second.id)
    await renewing(house).run()
    _, after = await house.sent(**NOWHERE)
    third = await a_third(house)
    await house.unlock(third)
    assert await reads(house, third, before)
    assert await reads(house, third, after)


async def test_who_was_let_in_lets_in_and_renews_in_their_turn(house: House) -> None:
    """The chain of certificates goes on from whoever is left."""
    third = await a_third(house)
    for leaving, staying in ((house.first, house.second), (house.second, third)):
        await house.unlock(staying)
        await house.revoke(leaving.id)
        house.sessions.lock(leaving.id)
        assert await renewing(house).run() == 1
    _, after = await house.sent(**NOWHERE)
    assert after.generation == 3
    assert await reads(house, third, after)


async def test_each_generation_is_sealed_to_the_recovery_key(house: House) -> None:
    await house.unlock(house.first)
    await house.revoke(house.second.id)
    await renewing(house).run()
    async with house.stores.cases() as cases:
        copies = [c for c in await cases.staff.copies(None) if c.desk == NATIONAL]
        keys = {key.generation: key.public for key in await cases.staff.desk_keys(NATIONAL)}
    for copy in copies:
        context = copy_context(None, copy.desk, copy.generation)
        pair = KeyPair.from_seed(xwing.unseal(RECOVERY, copy.sealed, context))
        assert pair.public.raw == keys[copy.generation]
    assert len(copies) == len(keys) == 2


async def test_one_desk_leaving_does_not_touch_another(house: House) -> None:
    await house.unlock(house.first)
    await house.unlock(house.neighbour)
    await house.revoke(house.second.id)
    assert await renewing(house).run() == 1
    async with house.stores.cases() as cases:
        newest = await cases.staff.newest_key(COUNTY_DESK)
    assert newest is not None
    assert newest.generation == 1


async def test_a_crash_while_the_key_is_made_leaves_all_of_it_or_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.unlock(house.first)
    await house.revoke(house.second.id)
    really = SqlStaffRegister.add_copy

    async def dying(register: SqlStaffRegister, copy: DeskCopy) -> None:
        await really(register, copy)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SqlStaffRegister, "add_copy", dying)
        with pytest.raises(KeyboardInterrupt):
            await renewing(house).run()
    assert await exposed(house) == {NATIONAL}
    async with house.stores.cases() as cases:
        assert len(await cases.staff.desk_keys(NATIONAL)) == 1
        assert [c.generation for c in await cases.staff.copies(house.first.id)] == [1]
    assert await renewing(house).run() == 1


async def test_when_nobody_is_left_the_desk_reads_no_more(house: House) -> None:
    await house.unlock(house.first)
    for person in (house.first, house.second):
        await house.revoke(person.id)
    assert await renewing(house).run() == 0
    async with house.stores.cases() as cases:
        assert await cases.staff.staffed() == {COUNTY_DESK}


async def test_locking_overwrites_every_key_that_can_be_reached(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the session, and every pair that was made while it was open."""
    pairs = PairsMade.noted(monkeypatch)
    session = await house.unlock(house.first)
    assert session.keys is not None
    seeds = [session.seed, session.keys.sealing.seed, *(p.seed for p in session.pairs.values())]
    assert len(seeds) == 3
    assert all(any(seed) for seed in seeds)
    _, joining = await house.invite()
    await house.let_in(await house.enrolled(104, joining), by=house.first)
    await house.revoke(house.second.id)
    assert await renewing(house).run() == 1
    assert len(pairs.left) == 3, "its own, and two generations"
    await house.desk(house.first).lock()
    assert not any(any(seed) for seed in seeds)
    assert pairs.left == []
    with pytest.raises(KeyRefused):
        session.sign(b"")
    with pytest.raises(Locked):
        await house.desk(house.first).next()


async def test_a_session_that_was_wiped_takes_nothing_up_again(house: House) -> None:
    session = await house.unlock(house.first)
    _, report = await house.sent(**NOWHERE)
    session.wipe()
    async with house.stores.cases() as cases:
        keys, copies = await cases.staff.desk_keys(), await cases.staff.copies(house.first.id)
    with pytest.raises(KeyRefused):
        session.take_up(keys, copies)
    with pytest.raises(EnvelopeLost):
        session.words(report, await house.shred_key(report.id))
