"""How often Telegram is asked, where it refuses what is too old."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram.error import BadRequest, TimedOut

from bot.telegram.deletion import MOST_REFUSED, Deletion, delete

CHAT = 7_712_345_678
TOO_OLD, NOT_FOUND = "Message can't be deleted for everyone", "Message to delete not found"


@dataclass(slots=True)
class Telegram:
    """Of one chat: `old` are too old, `none` stand no more. What else it is asked for it deletes,
    or passes over, as it is of another chat.
    """

    old: frozenset[int] = frozenset()
    none: frozenset[int] = frozenset()
    asked: list[list[int]] = field(default_factory=list)
    breaks_at: int = 0

    async def delete_messages(self, chat: int, some: list[int]) -> bool:
        assert chat == CHAT
        self.asked.append(list(some))
        if len(self.asked) == self.breaks_at:
            raise TimedOut
        if self.old & set(some):
            raise BadRequest(TOO_OLD)
        return True

    async def delete_message(self, chat: int, one: int) -> bool:
        assert chat == CHAT
        if one in self.none:
            raise BadRequest(NOT_FOUND)
        if one in self.old:
            raise BadRequest(TOO_OLD)
        return True


def deletion(telegram: Any) -> Deletion:
    return Deletion(bot=telegram, chat=CHAT, most_refused=MOST_REFUSED)


async def test_a_hundred_go_at_once_the_newest_first() -> None:
    telegram = Telegram()
    asked = deletion(telegram)
    await asked.of(frozenset(range(1, 251)))
    assert [(some[0], some[-1]) for some in telegram.asked] == [(250, 151), (150, 51), (50, 1)]
    assert (asked.gone, asked.whole) == (set(range(1, 251)), True)


async def test_those_beside_one_that_is_too_old_go_all_the_same() -> None:
    telegram = Telegram(old=frozenset({50}))
    asked = deletion(telegram)
    await asked.of(frozenset(range(1, 101)))
    assert asked.gone == set(range(1, 101)) - {50}
    assert (asked.refused, asked.whole) == ({50}, True)
    assert len(telegram.asked) < 16


@pytest.mark.parametrize("number", [2_000, 20_000])
async def test_behind_many_that_are_too_old_no_more_are_asked_for(number: int) -> None:
    telegram = Telegram(old=frozenset(range(1, number + 1)))
    asked = deletion(telegram)
    await asked.of(frozenset(range(1, number + 51)))
    assert asked.gone == set(range(number + 1, number + 51))
    assert not asked.whole
    assert len(telegram.asked) < 60


async def test_however_they_lie_it_takes_some_hundreds_of_calls_and_no_more() -> None:
    telegram = Telegram(old=frozenset(range(1, 20_001, 100)))
    asked = deletion(telegram)
    await asked.of(frozenset(range(1, 20_001)))
    assert len(telegram.asked) < 16 * MOST_REFUSED


async def test_what_was_gone_before_is_gone() -> None:
    telegram: Any = Telegram(old=frozenset({1}), none=frozenset({1}))
    assert await delete(telegram, CHAT, frozenset({1, 2})) == {1, 2}


async def test_what_is_gone_is_known_where_it_breaks_off() -> None:
    telegram = Telegram(breaks_at=2)
    asked = deletion(telegram)
    with pytest.raises(TimedOut):
        await asked.of(frozenset(range(1, 201)))
    assert asked.gone == set(range(101, 201))


async def test_waste_is_asked_for_to_its_end() -> None:
    telegram: Any = Telegram(old=frozenset(range(2, 100)))
    assert await delete(telegram, CHAT, frozenset(range(1, 101))) == {1, 100}
