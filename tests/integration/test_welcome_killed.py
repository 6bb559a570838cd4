"""`kill -9` at any instant of letting somebody in: they are let in and hear of it, or neither."""

import asyncio
import shutil
from functools import partial
from pathlib import Path

import pytest

from domain.followup.outgoing import MessageKind
from domain.staff.grant import Newcomer, NewcomerUnknown
from storage.stores import SqlAddresses, SqlCases
from tests.dying import die_at, killed_in
from tests.house import House, Moderator, a_house, reopened

STEPS = (1, 2, 3)
"""Each before a commit: of the copies and the mark, of the message, of the mark's end."""


async def lived(folder: Path) -> tuple[Moderator, Moderator]:
    """One who reads, and a newcomer who waits."""
    async with a_house(folder) as house:
        _, payload = await house.invite()
        return house.second, await house.enrolled(104, payload)


async def let_in(folder: Path, reader: Moderator, newcomer: Moderator, step: int = 0) -> None:
    """Killed before that commit, if there is one."""
    async with reopened(folder) as house:
        await house.unlock(reader)
        compared = await house.waiting(newcomer, at=reader)
        if step:
            die_at_commit(step)
        await house.desk(reader).grant(compared)


def die_at_commit(step: int) -> None:
    die_at(step, (SqlCases, "commit"), (SqlAddresses, "commit"))


def killed_at(step: int, folder: Path, reader: Moderator, newcomer: Moderator) -> None:
    killed_in(partial(let_in, folder, reader, newcomer, step))


async def in_the_outbox(house: House) -> list[int]:
    """Chats that will hear that they were let in."""
    async with house.stores.addresses() as addresses:
        rows = await addresses.outgoing.claim(
            house.clock.now(), until=house.clock.now(), limit=9, urgent_only=True
        )
        opened = [house.outbox._opened(row).message for row in rows]
    return [message.to.chat for message in opened if message.kind is MessageKind.LET_IN]


async def is_let_in(house: House, newcomer: Moderator) -> bool:
    async with house.stores.cases() as cases:
        return bool(await cases.staff.copies(newcomer.id))


@pytest.mark.parametrize("step", STEPS)
def test_whoever_is_let_in_hears_of_it_whatever_is_killed(tmp_path: Path, step: int) -> None:
    reader, newcomer = asyncio.run(lived(tmp_path))
    killed_at(step, tmp_path, reader, newcomer)
    asyncio.run(_after(tmp_path, reader, newcomer, step))


async def _after(folder: Path, reader: Moderator, newcomer: Moderator, step: int) -> None:
    async with reopened(folder) as house:
        assert await is_let_in(house, newcomer) is (step > 1)
        assert await in_the_outbox(house) == [newcomer.chat] * (step > 2)
        if step == 1:
            await house.welcome().run()
            assert await in_the_outbox(house) == [], "nobody hears what is not so"
            await let_in(folder, reader, newcomer)
        else:
            await _comes_again(house, reader, newcomer)
            assert await house.welcome().run() == 1, "without it nobody would be told"
        assert await in_the_outbox(house) == [newcomer.chat]
        assert await house.welcome().run() == 0


async def _comes_again(house: House, reader: Moderator, newcomer: Moderator) -> None:
    """The press that was killed, once more: the member has to unlock first, and then nobody
    of that name waits.
    """
    await house.unlock(reader)
    row = await house.member(newcomer)
    words = house.custody.comparison_words(row)
    compared = Newcomer(member=row.id, desk=row.desk, words=words)
    with pytest.raises(NewcomerUnknown):
        await house.desk(reader).grant(compared)


def test_it_is_told_once_where_the_bot_is_killed_again_and_again(tmp_path: Path) -> None:
    reader, newcomer = asyncio.run(lived(tmp_path / "made"))
    killed_at(2, tmp_path / "made", reader, newcomer)
    for step in (1, 2):
        folder = tmp_path / str(step)
        shutil.copytree(tmp_path / "made", folder)
        _killed_welcoming(step, folder)
        asyncio.run(_told_once(folder, newcomer))


def _killed_welcoming(step: int, folder: Path) -> None:
    async def welcomed_and_dead() -> None:
        die_at_commit(step)
        await _welcome(folder)

    killed_in(welcomed_and_dead)


async def _welcome(folder: Path) -> None:
    async with reopened(folder) as house:
        await house.welcome().run()


async def _told_once(folder: Path, newcomer: Moderator) -> None:
    async with reopened(folder) as house:
        assert await house.welcome().run() == 1
        assert await in_the_outbox(house) == [newcomer.chat]
