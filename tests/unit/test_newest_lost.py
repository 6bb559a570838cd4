"""The newest generation of a desk's key is the one that is lost: whoever reads an older one makes
the next, and the desk works on. While somebody holds it, it is not lost, and nobody else makes it.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.doctor_custody import look_at_custody
from app.finding import Light
from crypto.recovering import OpenedRecovery
from crypto.xwing import KeyPair
from domain.desks.desk import NATIONAL, NobodyReads
from domain.places.county import CountyCode
from domain.ports.sealing import EnvelopeLost, KeyRefused, Suspect
from domain.reports.report import Report
from domain.staff.recover import Reopened, reopen
from tests.databases import Database
from tests.house import RECOVERY, ROOT, WORDS, House, Moderator, a_founded_house, a_house

NOWHERE = {"county": CountyCode("001")}
OPENED = OpenedRecovery(root_public=ROOT.public, pair=RECOVERY)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def renew(house: House) -> list[Any]:
    """What was heeded."""
    heeded: list[Any] = []
    renewing = house.renewing(heeded.append)
    await renewing.run()
    return heeded


async def keys_of(house: House) -> list[int]:
    async with house.stores.cases() as cases:
        return [key.generation for key in await cases.staff.desk_keys(NATIONAL)]


async def held_by(house: House, moderator: Moderator) -> list[int]:
    async with house.stores.cases() as cases:
        return [copy.generation for copy in await cases.staff.copies(moderator.id)]


def take_away(house: House, generation: int, holder: bytes) -> None:
    house.tamper(
        "cases",
        "DELETE FROM desk_copy WHERE desk = 'national' AND generation = ? AND holder = ?",
        generation,
        holder,
    )


def forge(house: House, generation: int, holder: bytes) -> None:
    house.tamper(
        "cases",
        "UPDATE desk_copy SET sealed = (SELECT sealed FROM desk_copy WHERE desk = 'national'"
        " AND generation = 1 AND holder = ?)"
        " WHERE desk = 'national' AND generation = ? AND holder = ?",
        holder,
        generation,
        holder,
    )


async def newcomer(house: House, chat: int, *, founding: bool = False) -> Moderator:
    _, payload = await house.invite(founding=founding)
    return await house.enrolled(chat, payload)


async def recovered(house: House, member: Moderator) -> Reopened:
    words = " ".join(house.custody.comparison_words(await house.member(member)))
    return await reopen(NATIONAL, words, OPENED, stores=house.stores, custody=house.custody)


async def second_generation(house: House) -> Report:
    """It is there, and held by the first; a report of the first generation too."""
    _, old = await house.sent(**NOWHERE)
    await house.unlock(house.first)
    await house.revoke(house.second.id)
    assert await renew(house) == []
    return old


async def reads(house: House, moderator: Moderator, report: Report) -> bool:
    return (await house.desk(moderator).open(report.ref)).words.messages == WORDS


async def reds(house: House) -> str:
    kept = SimpleNamespace(stores=house.stores, custody=house.custody)
    found = await look_at_custody(cast("Any", kept))
    return "\n".join(finding.what for finding in found if finding.light is Light.RED)


@pytest.mark.parametrize("spoil", [take_away, forge])
async def test_a_desk_that_lost_its_newest_key_makes_the_next_and_works(
    house: House, spoil: Any
) -> None:
    old = await second_generation(house)
    _, lost = await house.sent(**NOWHERE)
    await house.revoke(house.first.id)
    house.sessions.lock_all()
    spoil(house, 2, b"")
    anew = await newcomer(house, 104, founding=True)
    found = await recovered(house, anew)
    assert (found.opened, found.lost) == ((1,), (2,))
    assert "needs a new key" in await reds(house)
    with pytest.raises(NobodyReads):
        await house.sent(**NOWHERE)

    await house.unlock(anew)
    assert await renew(house) == []
    assert (await keys_of(house), await held_by(house, anew)) == ([1, 2, 3], [1, 3])
    assert "needs a new key" not in await reds(house)
    _, young = await house.sent(**NOWHERE)
    assert young.generation == 3
    third = await newcomer(house, 105)
    assert (await house.let_in(third, by=anew)).lost == (2,)
    for reader in (anew, third):
        house.sessions.lock_all()
        await house.unlock(reader)
        assert await reads(house, reader, old)
        assert await reads(house, reader, young)
        with pytest.raises(EnvelopeLost):
            await house.desk(reader).open(lost.ref)

    await house.revoke(anew.id)
    assert await renew(house) == []
    assert await held_by(house, third) == [1, 3, 4], "and so on"
    await house.revoke(third.id)
    fourth = await newcomer(house, 106, founding=True)
    assert (await recovered(house, fourth)).opened[-1] == 4


async def test_it_needs_no_mark_of_who_left(house: House) -> None:
    """Whoever writes to the database takes the marks of the revoked away too."""
    await second_generation(house)
    await house.revoke(house.first.id)
    house.tamper("cases", "DELETE FROM desk_copy WHERE desk = 'national' AND generation = 2")
    anew = await newcomer(house, 104, founding=True)
    await recovered(house, anew)
    house.sessions.lock_all()
    await house.unlock(anew)
    assert await renew(house) == []
    assert (await house.sent(**NOWHERE))[1].generation == 3


async def test_everybody_who_reads_an_older_one_gets_the_next(house: House) -> None:
    """Nobody who has a copy is ever let in again: whoever is left out stays out."""
    third = await newcomer(house, 104)
    await house.unlock(house.first)
    await house.let_in(third, by=house.first)
    await house.revoke(house.second.id)
    assert await renew(house) == []
    house.sessions.lock_all()
    for each in (house.first, third):
        take_away(house, 2, each.id)
    await house.unlock(third)
    assert await renew(house) == []
    for each in (house.first, third):
        assert await held_by(house, each) == [1, 3]
        house.sessions.lock_all()
        await house.unlock(each)
        assert await reads(house, each, (await house.sent(**NOWHERE))[1])


async def test_while_somebody_holds_the_newest_nobody_without_it_makes_the_next(
    house: House,
) -> None:
    third = await newcomer(house, 104)
    await house.unlock(house.first)
    await house.let_in(third, by=house.first)
    await house.revoke(house.second.id)
    assert await renew(house) == []
    await house.revoke((await leaving(house)).id)
    house.sessions.lock_all()
    take_away(house, 2, third.id)
    await house.unlock(third)
    (refused,) = await renew(house)
    assert isinstance(refused, KeyRefused)
    assert refused.suspect is Suspect.COPY
    assert await keys_of(house) == [1, 2]
    await house.unlock(house.first)
    assert len(await renew(house)) == 1
    assert await keys_of(house) == [1, 2, 3]


async def leaving(house: House) -> Moderator:
    """Somebody more, who holds every generation."""
    fourth = await newcomer(house, 105)
    await house.let_in(fourth, by=house.first)
    return fourth


async def test_no_key_is_made_after_a_forged_one(house: House) -> None:
    await second_generation(house)
    await house.revoke(house.first.id)
    anew = await newcomer(house, 104, founding=True)
    other = KeyPair.generate().public.raw
    house.tamper(
        "cases", "UPDATE desk_key SET public = ? WHERE desk = 'national' AND generation = 2", other
    )
    assert (await recovered(house, anew)).lost == (2,)
    house.sessions.lock_all()
    await house.unlock(anew)
    (refused,) = await renew(house)
    assert refused.suspect is Suspect.DESK
    assert await keys_of(house) == [1, 2]


async def test_on_either_database(database: Database) -> None:
    async with a_founded_house(database.folder, database.url) as house:
        _, joining = await house.invite()
        house.second = await house.enrolled(102, joining)
        await house.unlock(house.first)
        await house.let_in(house.second, by=house.first)
        await second_generation(house)
        await house.revoke(house.first.id)
        take_away(house, 2, b"")
        anew = await newcomer(house, 104, founding=True)
        assert (await recovered(house, anew)).lost == (2,)
        house.sessions.lock_all()
        await house.unlock(anew)
        assert await renew(house) == []
        assert (await house.sent(**NOWHERE))[1].generation == 3
