"""A newcomer hears that they were let in, once, in their own chat and language."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.dialogue.outgoing import LETTERS
from domain.followup.outgoing import Message, MessageKind
from domain.staff.grant import NewcomerUnknown
from storage.errors import StoreUnavailable
from tests.fakes.citizen_talk import written
from tests.house import House, Moderator, a_house
from tests.spoken import LANGUAGES


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        await house.unlock(house.second)
        yield house


@pytest.fixture
async def newcomer(house: House) -> Moderator:
    _, payload = await house.invite()
    return await house.enrolled(104, payload)


async def told(house: House) -> list[Message]:
    claimed = await house.outbox.claim(50, urgent_only=True)
    return [each.message for each in claimed]


async def test_who_was_let_in_is_told_once_by_night_too(house: House, newcomer: Moderator) -> None:
    await house.let_in(newcomer, by=house.second)
    (message,) = await told(house)
    assert (message.kind, message.to.chat) == (MessageKind.LET_IN, newcomer.chat)
    await house.desk(house.second).welcome.tell(newcomer.id)
    assert await told(house) == []
    house.clock.passes(hours=1)  # the lease is over, and there is still one
    assert len(await told(house)) == 1


async def test_nobody_is_told_before(house: House, newcomer: Moderator) -> None:
    compared = await house.waiting(newcomer, at=house.second)
    await house.let_in(newcomer, by=house.second)
    await told(house)
    with pytest.raises(NewcomerUnknown):
        await house.desk(house.second).grant(compared)
    assert await told(house) == []


async def test_an_update_that_comes_again_tells_what_a_crash_kept_back(
    house: House, newcomer: Moderator, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = await house.waiting(newcomer, at=house.second)
    desk = house.desk(house.second)

    async def away(*_: object) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as crashed:
        crashed.setattr("domain.staff.welcome.Welcome.tell", away)
        with pytest.raises(StoreUnavailable):
            await desk.grant(compared)
    assert await told(house) == []
    await desk.grant(compared)
    assert len(await told(house)) == 1


def test_it_says_where_the_button_is_and_holds_none() -> None:
    screen = LETTERS[MessageKind.LET_IN]({})
    assert screen.rows == ()
    assert all(len(written(screen, language)) < 160 for language in LANGUAGES)
