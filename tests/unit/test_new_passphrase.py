"""A new passphrase, and the share in a new button: never none that opens, and never two."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.dialogue.heard import Expired, Pressed, Typed
from bot.dialogue.moderator import advance, begin, view
from bot.dialogue.moderator.buttons import unlock_press
from bot.dialogue.moderator.unlocking import dead_screen
from domain.moderation.sessions import Locked
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.ports.sealing import ButtonOld, EnvelopeLost, PassphraseRefused
from domain.ports.stores import Changed
from domain.reports.report import Report
from domain.staff.member import DeskCopy, Member
from domain.staff.unlock import Revoked
from tests.fakes.moderator_desk import (
    ME,
    NEW_PASSPHRASE,
    NEW_SHARE,
    PASSPHRASE,
    SECRET,
    SHARE,
    report,
)
from tests.fakes.moderator_talk import PLACES, Talk
from tests.house import WORDS, House, Moderator, a_house
from tests.spoken import SPOKEN

WRITTEN = unlock_press(NEW_SHARE)


@pytest.fixture
def talk() -> Talk:
    talk = Talk()
    talk.office.keeps(report())
    return talk


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        _, payload = await house.invite()
        house.second = await house.enrolled(120, payload)
        yield house


async def test_the_button_under_the_new_passphrase_makes_it_hold(talk: Talk) -> None:
    await talk.unlocks()
    seen = await talk.presses("passphrase")
    assert NEW_PASSPHRASE in seen
    assert "The old one holds until you press" in seen
    assert list(talk.buttons()) == [WRITTEN, "cancel"]
    seen = await talk.presses(WRITTEN)
    assert "The new passphrase holds." in seen
    assert NEW_PASSPHRASE not in seen
    assert talk.buttons() == {WRITTEN: "Unlock"}
    assert talk.screen().keep
    await talk.says("/lock")
    assert "Unlocked." in await talk.unlocks(NEW_PASSPHRASE, NEW_SHARE)


async def test_the_old_button_says_kindly_that_it_is_old(talk: Talk) -> None:
    await talk.unlocks()
    await talk.presses("passphrase")
    await talk.presses(WRITTEN)
    await talk.says("/lock")
    seen = await talk.presses_old(unlock_press(SHARE))
    assert "This button opens nothing any more." in seen
    assert "I did not understand" in await talk.hears(Typed(PASSPHRASE))
    assert "Unlocked." in await talk.unlocks(NEW_PASSPHRASE, NEW_SHARE)


async def test_cancel_leaves_the_old_one_as_it_was(talk: Talk) -> None:
    await talk.unlocks()
    await talk.says("/passphrase")
    assert "Nothing was done." in await talk.presses("cancel")
    assert NEW_PASSPHRASE not in repr(talk.state)
    assert "opens nothing" in await talk.presses_old(WRITTEN)
    await talk.says("/lock")
    assert "Unlocked." in await talk.unlocks()


@pytest.mark.parametrize("leaving", ["/next", "/lock", "/help", "/queue"])
async def test_whoever_goes_on_without_writing_it_down_keeps_the_old_one(
    talk: Talk, leaving: str
) -> None:
    await talk.unlocks()
    await talk.says("/passphrase", leaving)
    assert NEW_PASSPHRASE not in talk.sees()
    await talk.says("/lock")
    assert "Unlocked." in await talk.unlocks()


async def test_idleness_takes_the_new_passphrase_off_the_card(talk: Talk) -> None:
    await talk.unlocks()
    await talk.says("/passphrase")
    assert NEW_PASSPHRASE not in await talk.hears(Expired())


async def test_a_session_that_ran_out_keeps_nothing_new(talk: Talk) -> None:
    await talk.unlocks()
    await talk.says("/passphrase")
    talk.office.sessions.lock(ME)
    assert (await talk.presses(WRITTEN)).startswith("Locked.")
    assert "Unlocked." in await talk.unlocks()


async def test_the_message_with_the_button_is_written_once(talk: Talk) -> None:
    """Else two messages would hold the same half of a key."""
    await talk.unlocks()
    await talk.presses("passphrase")
    await talk.presses(WRITTEN)
    await talk.hears(Typed("thanks"))
    assert WRITTEN not in talk.buttons()
    assert SECRET in await talk.says("/next")


async def test_it_needs_an_unlocked_member(talk: Talk) -> None:
    assert (await talk.says("/passphrase")).startswith("Locked.")


def test_what_stands_in_place_of_an_old_button_has_none() -> None:
    assert dead_screen().rows == ()


def test_asking_with_an_unlock_button_says_nothing_of_the_share_when_printed() -> None:
    step = advance(begin(Language.ENGLISH, PLACES, SPOKEN), Pressed(unlock_press(SHARE)))
    assert repr(step.ask) == "CheckButton()"
    assert view(step.state).keep is False


async def opens(house: House, who: Moderator) -> bool:
    """Enrolled and not let in, they get no further than the door; their halves fit."""
    member = await house.member(who)
    session = await house.custody.unlock(member, who.passphrase, who.share, (), ())
    session.wipe()
    return True


async def test_new_halves_open_the_same_keys_and_the_old_ones_open_nothing(
    house: House,
) -> None:
    mine = house.second
    member = await house.member(mine)
    session = await house.custody.unlock(member, mine.passphrase, mine.share, (), ())
    new = await session.reissue(member)
    assert new.passphrase != mine.passphrase
    assert new.share != mine.share
    assert await opens(house, mine), "nothing is kept yet"

    async with house.stores.cases() as cases:
        await cases.staff.rewrap(member.id, new.before, new.wrapped)
        await cases.commit()
    renewed = replace(mine, passphrase=new.passphrase, share=new.share)
    assert await opens(house, renewed)
    with pytest.raises(ButtonOld):
        await opens(house, mine)
    for passphrase, share in (
        (mine.passphrase, new.share),
        (new.passphrase, mine.share),
        (mine.passphrase, mine.share[:32]),
    ):
        with pytest.raises(PassphraseRefused):
            await opens(house, replace(mine, passphrase=passphrase, share=share))
    again = await house.custody.unlock(await house.member(mine), new.passphrase, new.share, (), ())
    assert again.sign(b"act") == session.sign(b"act")


async def test_keeping_twice_is_harmless_and_an_older_one_comes_too_late(house: House) -> None:
    session = await house.unlock(house.first)
    desk = house.desk(house.first)
    older, newer = await desk.new_passphrase(), await desk.new_passphrase()
    kept = await desk.keep_passphrase(newer)
    assert kept == await desk.keep_passphrase(newer)
    with pytest.raises(Changed):
        await desk.keep_passphrase(older)
    assert session.desks
    house.sessions.lock_all()
    with pytest.raises(Locked):
        await house.desk(house.first).new_passphrase()
    renewed = replace(house.first, passphrase=newer.passphrase, share=newer.share)
    await house.unlock(renewed)
    with pytest.raises(ButtonOld):
        await house.desk(house.first).unlock(house.first.passphrase, house.first.share)


async def test_whoever_was_revoked_gets_no_new_passphrase(house: House) -> None:
    await house.unlock(house.first)
    new = await house.desk(house.first).new_passphrase()
    async with house.stores.cases() as cases:
        await cases.staff.revoke(house.first.id)
        await cases.commit()
    with pytest.raises(Revoked):
        await house.desk(house.first).keep_passphrase(new)
    assert (await house.member(house.first)).wrapped_seed == b""


def test_a_button_of_both_sizes_fits_into_what_telegram_carries() -> None:
    assert len(unlock_press(bytes(32)).encode()) == 50
    assert len(unlock_press(bytes(38)).encode()) == 58


async def renewed(house: House) -> int:
    work = house.renewing()
    return await work.run()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """Of *cases*, as it was once."""

    member: Member
    copies: tuple[DeskCopy, ...]


async def copied(house: House, moderator: Moderator) -> Copied:
    async with house.stores.cases() as cases:
        copies = tuple(await cases.staff.copies(moderator.id))
    return Copied(member=await house.member(moderator), copies=copies)


async def opened_by_thief(house: House, then: Copied, halves: Moderator, now: Report) -> bool:
    """With a copy of that day, the halves of that day, and copies of the stores of today."""
    async with house.stores.cases() as cases:
        keys, copies = await cases.staff.desk_keys(), await cases.staff.copies(halves.id)
    every = {(copy.desk, copy.generation): copy for copy in (*then.copies, *copies)}
    session = await house.custody.unlock(
        then.member, halves.passphrase, halves.share, tuple(keys), tuple(every.values())
    )
    try:
        return session.words(now, await house.shred_key(now.id)).messages == WORDS
    except EnvelopeLost:
        return False
    finally:
        session.wipe()


async def test_a_copy_from_before_opens_what_comes_after_until_a_revocation(house: House) -> None:
    """As docs/attacks.md says: a weakness. Where it is mended, mend the page too."""
    nowhere = {"county": CountyCode("001")}
    monday, halves = await copied(house, house.first), house.first
    await house.unlock(house.first)
    await house.let_in(house.second, by=house.first)
    new = await house.desk(house.first).new_passphrase()
    await house.desk(house.first).keep_passphrase(new)
    _, after = await house.sent(**nowhere)
    assert await opened_by_thief(house, monday, halves, after)

    async with house.stores.cases() as cases:
        await cases.staff.revoke(house.first.id)
        await cases.commit()
    house.sessions.lock_all()
    _, payload = await house.invite()
    anew = await house.enrolled(house.first.chat, payload)
    await house.unlock(house.second)
    await house.let_in(anew, by=house.second)
    assert await renewed(house) == 1
    _, later = await house.sent(**nowhere)
    assert not await opened_by_thief(house, monday, halves, later)
    await house.unlock(anew)
    assert (await house.desk(anew).open(later.ref)).words.messages == WORDS
