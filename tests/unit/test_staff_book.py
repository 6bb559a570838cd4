"""Which chat a member works from: kept sealed, found again, and leading nowhere else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.keyring import Keyring
from domain.chats.memory import ChatMemory
from domain.ports.chat import Language
from domain.ports.sealing import EnvelopeLost
from domain.staff.member import MemberId
from tests.house import House, an_empty_house

CHAT, ANOTHER_CHAT = 7_712_345_678, 7_700_000_001
ME, ANOTHER = MemberId(b"m" * 16), MemberId(b"a" * 16)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with an_empty_house(tmp_path) as house:
        yield house


async def test_a_member_is_found_by_chat_with_their_language(house: House) -> None:
    await house.book.enter(CHAT, ME, Language.KISWAHILI)
    await house.book.enter(ANOTHER_CHAT, ANOTHER, Language.ENGLISH)
    entry = await house.book.of_chat(CHAT)
    assert entry is not None
    assert (entry.chat, entry.member, entry.language) == (CHAT, ME, Language.KISWAHILI)
    assert {each.chat for each in await house.book.all()} == {CHAT, ANOTHER_CHAT}
    assert await house.book.of_chat(1) is None


async def test_an_earlier_member_of_the_chat_leaves_it(house: House) -> None:
    await house.book.enter(CHAT, ME, Language.ENGLISH)
    await house.book.enter(CHAT, ANOTHER, Language.ENGLISH)
    assert [entry.member for entry in await house.book.all()] == [ANOTHER]


async def test_what_was_opened_is_known_after_a_restart(house: House) -> None:
    await house.book.enter(CHAT, ME, Language.ENGLISH)
    for messages in ((5, 6), (), (7,)):
        await house.book.note_opened(CHAT, messages)
        (entry,) = await house.book.all()
        assert (entry.opened, entry.member) == (messages, ME)


async def test_of_a_chat_that_is_no_members_nothing_is_noted(house: House) -> None:
    await house.book.note_opened(CHAT, (5,))
    assert await house.book.all() == ()


async def test_without_the_keyring_the_file_names_no_chat(house: House) -> None:
    await house.book.enter(CHAT, ME, Language.ENGLISH)
    disk = house.files()
    assert bytes(ME) in disk, "this is the disk that was written to"
    for trace in (str(CHAT).encode(), CHAT.to_bytes(5, "big"), CHAT.to_bytes(8, "little")):
        assert trace not in disk
    house.keyring = Keyring.generate()
    assert await house.book.of_chat(CHAT) is None
    assert await house.book.all() == ()


async def test_a_chat_is_found_under_an_older_key(house: House) -> None:
    await house.book.enter(CHAT, ME, Language.ENGLISH)
    house.keyring = house.keyring.rotated()
    entry = await house.book.of_chat(CHAT)
    assert entry is not None
    assert entry.member == ME


async def test_a_chat_given_to_another_member_by_hand_is_an_alarm(house: House) -> None:
    """Only what is sealed says whose chat it is."""
    await house.book.enter(CHAT, ME, Language.ENGLISH)
    house.tamper("addresses", "UPDATE staff_chat SET member = ?", ANOTHER)
    with pytest.raises(EnvelopeLost):
        await house.book.of_chat(CHAT)


async def test_the_file_does_not_tell_who_is_both_member_and_citizen(house: House) -> None:
    await house.book.enter(CHAT, ME, Language.ENGLISH)
    await house.memories.keep(ChatMemory(chat=CHAT))
    ((of_staff,),) = house.rows("addresses", "SELECT tag FROM staff_chat")
    ((of_citizen,),) = house.rows("addresses", "SELECT tag FROM chat")
    assert of_staff != of_citizen
    assert not set(house.staff_seal.tags(CHAT)) & set(house.chat_seal.tags(CHAT))


async def test_a_forged_row_is_nobodys_and_keeps_no_other_from_being_found(
    house: House,
) -> None:
    await house.book.enter(CHAT, ME, Language.ENGLISH)
    await house.book.enter(ANOTHER_CHAT, ANOTHER, Language.ENGLISH)
    forged = "UPDATE staff_chat SET member = ? WHERE member = ?"
    house.tamper("addresses", forged, b"f" * 16, ME)
    alarms: list[object] = []
    book = replace(house.book, heed=alarms.append)
    assert {entry.chat for entry in await book.all()} == {ANOTHER_CHAT}
    assert [type(alarm) for alarm in alarms] == [EnvelopeLost]
    with pytest.raises(EnvelopeLost):
        await house.book.of_chat(CHAT)
