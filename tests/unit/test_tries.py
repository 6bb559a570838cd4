"""A few wrong codes a minute, and no more work for whoever guesses."""

from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from domain.ports.sealing import CodeRefused, CodeSlip
from domain.reports.tries import MOST, WITHIN, TooManyTries, Tries
from tests.fakes.world import MONDAY

CHAT, ANOTHER = 11, 12


def fails(tries: Tries, chat: int, now: datetime, times: int = 1) -> None:
    for _ in range(times):
        with suppress(CodeRefused), tries.of(chat).counted(now):
            raise CodeRefused


def may_try(tries: Tries, chat: int, now: datetime) -> bool:
    """A slip counts as nothing, so asking changes nothing."""
    tried = False
    with suppress(CodeSlip, TooManyTries), tries.of(chat).counted(now):
        tried = True
        raise CodeSlip
    return tried


def test_after_six_wrong_codes_nothing_is_tried_for_a_minute() -> None:
    tries = Tries()
    fails(tries, CHAT, MONDAY, MOST - 1)
    assert may_try(tries, CHAT, MONDAY)
    fails(tries, CHAT, MONDAY)
    tried = False
    with pytest.raises(TooManyTries), tries.of(CHAT).counted(MONDAY):
        tried = True
    assert not tried
    assert not may_try(tries, CHAT, MONDAY + WITHIN - timedelta(seconds=1))
    assert may_try(tries, CHAT, MONDAY + WITHIN)


def test_one_chat_that_guesses_stops_no_other() -> None:
    tries = Tries()
    fails(tries, CHAT, MONDAY, MOST)
    assert may_try(tries, ANOTHER, MONDAY)


def test_a_right_code_begins_the_count_anew() -> None:
    tries = Tries()
    fails(tries, CHAT, MONDAY, MOST - 1)
    with tries.of(CHAT).counted(MONDAY):
        pass
    fails(tries, CHAT, MONDAY, MOST - 1)
    assert may_try(tries, CHAT, MONDAY)


def test_wrong_codes_a_minute_apart_are_never_too_many() -> None:
    tries = Tries()
    for minute in range(2 * MOST):
        fails(tries, CHAT, MONDAY + minute * WITHIN)
    assert may_try(tries, CHAT, MONDAY + 2 * MOST * WITHIN)


def test_nobody_is_remembered_longer_than_it_matters() -> None:
    tries = Tries()
    for chat in range(1000):
        fails(tries, chat, MONDAY)
    fails(tries, CHAT, MONDAY + WITHIN)
    assert str(ANOTHER) not in repr(tries)
    assert str(CHAT) in repr(tries)
