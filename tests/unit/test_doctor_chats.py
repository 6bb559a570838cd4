"""A reader whose chat is nobody's opens nothing, and counts as a reader all the same."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.doctor_chats import look_at_chats
from app.finding import Light
from tests.house import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def said(house: House) -> list[str]:
    kept = SimpleNamespace(stores=house.stores, staff_book=lambda: house.book)
    found = await look_at_chats(cast("Any", kept))
    assert all(finding.light is Light.RED for finding in found)
    return [finding.what for finding in found]


async def test_whoever_reads_in_their_chat_is_nothing_to_tell(house: House) -> None:
    assert await said(house) == []


async def test_a_reader_without_a_chat_is_red_until_they_are_revoked(house: House) -> None:
    await house.book.leave(house.first.id)
    (what,) = await said(house)
    assert f"moderator {house.first.id.hex()[:8]} of national" in what
    assert "no chat" in what
    async with house.stores.cases() as cases:
        await cases.staff.revoke(house.first.id)
        await cases.commit()
    assert await said(house) == []


async def test_whoever_waits_to_be_let_in_reads_nothing_yet(house: House) -> None:
    _, payload = await house.invite()
    waiting = await house.enrolled(105, payload)
    await house.book.leave(waiting.id)
    assert await said(house) == []
