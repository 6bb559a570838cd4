"""What is remembered of a citizen's chat, as a thief of the file would want it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.keyring import Keyring
from domain.chats.memory import ChatMemory
from domain.ports.chat import Language
from domain.ports.sealing import EnvelopeLost
from tests.house import House, an_empty_house

CHAT, ANOTHER = 7_712_345_678, 7_700_000_001
FULL = ChatMemory(
    chat=CHAT,
    language=Language.KISWAHILI,
    shared=True,
    drafting=True,
    vanishing=12,
    codes=frozenset({11}),
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with an_empty_house(tmp_path) as house:
        yield house


def rows(house: House) -> list[tuple[bytes, bytes, str]]:
    return house.rows("addresses", "SELECT tag, sealed, expires FROM chat")


@pytest.mark.parametrize("memory", [FULL, ChatMemory(chat=CHAT), ChatMemory(chat=-CHAT)])
async def test_what_is_kept_comes_back(house: House, memory: ChatMemory) -> None:
    await house.memories.keep(memory)
    assert await house.memories.of(memory.chat) == memory
    assert await house.memories.all() == (memory,)


async def test_of_a_stranger_nothing_is_remembered(house: House) -> None:
    await house.memories.keep(FULL)
    assert await house.memories.of(ANOTHER) == ChatMemory(chat=ANOTHER)


async def test_forgetting_one_chat_leaves_the_others(house: House) -> None:
    await house.memories.keep(FULL)
    await house.memories.keep(replace(FULL, chat=ANOTHER))
    await house.memories.drop(CHAT)
    assert [memory.chat for memory in await house.memories.all()] == [ANOTHER]


async def test_keeping_again_replaces_also_under_a_new_key(house: House) -> None:
    await house.memories.keep(FULL)
    house.keyring = house.keyring.rotated()
    assert await house.memories.of(CHAT) == FULL
    changed = replace(FULL, language=Language.ENGLISH)
    await house.memories.keep(changed)
    assert await house.memories.all() == (changed,)
    await house.memories.drop(CHAT)
    assert rows(house) == []


async def test_without_the_keyring_the_file_names_nobody(house: House) -> None:
    await house.memories.keep(FULL)
    ((tag, _, expires),) = rows(house)
    disk = house.files()
    assert tag in disk, "this is the disk that was written to"
    for trace in (str(CHAT).encode(), CHAT.to_bytes(5, "big"), CHAT.to_bytes(8, "little")):
        assert trace not in disk
    assert " 00:00:00" in expires
    house.keyring = Keyring.generate()
    assert await house.memories.of(CHAT) == ChatMemory(chat=CHAT)
    assert await house.memories.all() == ()


async def test_a_row_put_in_anothers_place_is_believed_by_nobody_and_raises_an_alarm(
    house: House,
) -> None:
    await house.memories.keep(FULL)
    await house.memories.keep(replace(FULL, chat=ANOTHER))
    tag = house.chat_seal.tags(CHAT)[0]
    house.tamper(
        "addresses",
        "UPDATE chat SET sealed = (SELECT sealed FROM chat WHERE tag != ?) WHERE tag = ?",
        *(tag, tag),
    )
    heeded: list[object] = []
    mine = replace(house.memories, heed=heeded.append)
    assert await mine.of(CHAT) == ChatMemory(chat=CHAT)
    assert [type(each) for each in heeded] == [EnvelopeLost]
    assert [memory.chat for memory in await mine.all()] == [ANOTHER]


async def test_a_silent_chat_is_forgotten_after_its_time_and_not_before(house: House) -> None:
    await house.memories.keep(FULL)
    house.clock.passes(hours=48)
    assert await house.memories.drop_expired() == 0
    assert await house.memories.of(CHAT) == FULL
    house.clock.passes(days=1)
    assert await house.memories.drop_expired() == 1
    assert rows(house) == []
