"""A desk that lost all its members: opened by the recovery key to whom the root invited for it,
and to nobody else.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.recovering import OpenedRecovery
from crypto.signing import SigningKey
from crypto.xwing import KeyPair
from domain.desks.desk import NATIONAL, DeskKey
from domain.reports.report import Report
from domain.reports.wishes import KeptOut
from domain.staff.grant import NewcomerUnknown
from domain.staff.recover import Reopened, lost_generations, reopen
from domain.staff.unlock import NotLetInYet
from tests.house import COUNTY_DESK, RECOVERY, ROOT, WORDS, House, Moderator, a_house

OPENED = OpenedRecovery(root_public=ROOT.public, pair=RECOVERY)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Both members of the national desk are gone."""
    async with a_house(tmp_path) as house:
        yield house


async def lose(house: House, *members: Moderator) -> None:
    async with house.stores.cases() as cases:
        for member in members:
            await cases.staff.revoke(member.id)
        await cases.commit()


async def newcomer(
    house: House, chat: int = 104, *, founding: bool = True, desk: DeskKey = NATIONAL
) -> Moderator:
    _, payload = await house.invite(founding=founding, desk=desk)
    return await house.enrolled(chat, payload)


async def words_of(house: House, moderator: Moderator) -> str:
    return " ".join(house.custody.comparison_words(await house.member(moderator)))


async def recover(
    house: House, words: str, key: OpenedRecovery = OPENED, desk: DeskKey = NATIONAL
) -> Reopened:
    return await reopen(desk, words, key, stores=house.stores, custody=house.custody)


async def lost(house: House) -> tuple[int, ...]:
    async with house.stores.cases() as cases:
        return await lost_generations(cases, NATIONAL)


async def copies(house: House) -> int:
    async with house.stores.cases() as cases:
        return sum([len(await cases.staff.copies(m.id)) for m in await cases.staff.members()])


async def test_the_new_member_reads_what_the_lost_ones_read_and_lets_others_in(
    house: House,
) -> None:
    _, old = await house.sent(kept_out=frozenset({KeptOut.CHIEF}))
    await lose(house, house.first, house.second)
    assert await lost(house) == (1,)
    anew = await newcomer(house)
    with pytest.raises(NotLetInYet):
        await house.unlock(anew)
    words = await words_of(house, anew)
    reopened = await recover(house, words.upper().replace(" ", "  "))
    assert reopened == Reopened(member=anew.id, opened=(1,), lost=())
    assert await recover(house, words) == reopened
    assert await house.welcome().run() == 1, "the bot tells them, though a command let them in"
    assert await house.welcome().run() == 0
    await house.unlock(anew)
    assert (await house.desk(anew).open(old.ref)).words.messages == WORDS
    assert await lost(house) == ()
    _, payload = await house.invite()
    following = await house.enrolled(105, payload)
    await house.let_in(following, by=anew)
    await house.unlock(following)
    assert (await house.desk(following).open(old.ref)).words.messages == WORDS


async def test_who_was_not_invited_to_reopen_the_desk_is_not_let_in(house: House) -> None:
    """The recovery key alone lets nobody in: the root has a say."""
    await lose(house, house.first, house.second)
    plain = await newcomer(house, founding=False)
    before = await copies(house)
    for words in (
        await words_of(house, plain),
        await words_of(house, house.neighbour),
        await words_of(house, house.first),
        "no such words at all here",
        "",
    ):
        with pytest.raises(NewcomerUnknown):
            await recover(house, words)
    assert await copies(house) == before


async def test_the_words_of_one_newcomer_do_not_let_another_in(house: House) -> None:
    await lose(house, house.first, house.second)
    thief, anew = await newcomer(house), await newcomer(house, 105)
    assert (await recover(house, await words_of(house, anew))).member == anew.id
    with pytest.raises(NotLetInYet):
        await house.unlock(thief)


async def test_another_recovery_key_and_another_root_open_nothing(house: House) -> None:
    await lose(house, house.first, house.second)
    words = await words_of(house, await newcomer(house))
    other = OpenedRecovery(root_public=ROOT.public, pair=KeyPair.generate())
    assert (await recover(house, words, other)).lost == (1,)
    rootless = OpenedRecovery(root_public=SigningKey.generate().public, pair=RECOVERY)
    with pytest.raises(NewcomerUnknown):
        await recover(house, words, rootless)


@pytest.mark.parametrize(
    "forgery",
    [
        (
            "UPDATE desk_copy SET sealed = (SELECT sealed FROM desk_copy WHERE desk = '021'"
            " AND holder = x'') WHERE desk = 'national' AND holder = x''"
        ),
        "DELETE FROM desk_copy WHERE desk = 'national' AND holder = x''",
        (
            "UPDATE desk_key SET public = (SELECT public FROM desk_key WHERE desk = '021')"
            " WHERE desk = 'national'"
        ),
    ],
)
async def test_a_swapped_copy_or_key_is_said_to_be_lost(house: House, forgery: str) -> None:
    await lose(house, house.first, house.second)
    words = await words_of(house, await newcomer(house))
    house.tamper("cases", forgery)
    assert await recover(house, words) == Reopened(
        member=(await recover(house, words)).member, opened=(), lost=(1,), newest_lost=True
    )


async def test_a_founder_of_one_desk_reopens_no_other(house: House) -> None:
    await lose(house, house.first, house.second, house.neighbour)
    elsewhere = await newcomer(house, desk=COUNTY_DESK)
    words = await words_of(house, elsewhere)
    with pytest.raises(NewcomerUnknown):
        await recover(house, words)
    assert (await recover(house, words, desk=COUNTY_DESK)).opened == (1,)


NEW_SET = KeyPair.generate()
ANEW = OpenedRecovery(root_public=ROOT.public, pair=NEW_SET)


async def renewed(house: House) -> int:
    work = house.renewing()
    return await work.run()


async def two_sets(house: House) -> tuple[Report, Report]:
    """The first generation is sealed to the old set, the second to the new one, and a report to
    each; nobody is left.
    """
    _, old = await house.sent(kept_out=frozenset({KeptOut.CHIEF}))
    house.custody = replace(house.custody, recovery_public=NEW_SET.public)
    await house.unlock(house.first)
    await lose(house, house.second)
    assert await renewed(house) == 1
    _, young = await house.sent(kept_out=frozenset({KeptOut.CHIEF}))
    await lose(house, house.first)
    house.sessions.lock_all()
    return old, young


@pytest.mark.parametrize("old_set_first", [False, True])
async def test_custodians_of_two_sets_come_in_either_order(
    house: House, *, old_set_first: bool
) -> None:
    sent = await two_sets(house)
    anew = await newcomer(house)
    words = await words_of(house, anew)
    sets = {(1,): OPENED, (2,): ANEW}
    order = [(1,), (2,)] if old_set_first else [(2,), (1,)]
    first = await recover(house, words, sets[order[0]])
    assert first == Reopened(
        member=anew.id, opened=order[0], lost=order[1], newest_lost=old_set_first
    )
    assert await lost(house) == order[1]
    second = await recover(house, words, sets[order[1]])
    assert second == Reopened(member=anew.id, opened=order[1], lost=())
    assert await lost(house) == ()
    assert await house.welcome().run() == 1, "they are told once"
    await house.unlock(anew)
    for report in sent:
        assert (await house.desk(anew).open(report.ref)).words.messages == WORDS


async def test_the_old_set_may_come_after_the_next_key_was_made(house: House) -> None:
    old, _ = await two_sets(house)
    anew = await newcomer(house)
    words = await words_of(house, anew)
    await recover(house, words, ANEW)
    await house.unlock(anew)
    assert await renewed(house) == 1
    assert (await recover(house, words)).lost == ()
    assert await renewed(house) == 0, "and who is unlocked takes it up"
    assert (await house.desk(anew).open(old.ref)).words.messages == WORDS


async def test_where_somebody_reads_only_whom_they_let_in_gets_what_was_lost(
    house: House,
) -> None:
    """Custodians and root together let nobody in over the heads of those who read."""
    await two_sets(house)
    anew = await newcomer(house)
    await recover(house, await words_of(house, anew), ANEW)
    second = await newcomer(house, 105)
    words = await words_of(house, second)
    for key in (OPENED, ANEW):
        with pytest.raises(NewcomerUnknown):
            await recover(house, words, key)
    await house.unlock(anew)
    await house.let_in(second, by=anew)
    assert (await recover(house, words)).opened == (1,)
