"""Which messages stand in chats, kept so that nothing tells whose they are."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.chats import traces
from domain.chats.memory import KEPT, ChatMemory
from domain.chats.traces import AROUND, HALVINGS, MOST, MOST_DOUBTS, NEAR, Share, shares_of
from domain.ports.sealing import EnvelopeLost
from tests.contracts.samples import a_chat
from tests.house import House, an_empty_house

CHAT, ANOTHER, FAR = 7_712_345_678, 7_712_345_680, 7_712_345_679
DAY = 20_000


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with an_empty_house(tmp_path) as house:
        yield house


def rows(house: House) -> list[tuple[bytes, bytes, str]]:
    return house.rows("addresses", "SELECT tag, sealed, expires FROM trace")


async def test_what_is_noted_is_found_after_a_restart_and_what_is_gone_is_not(house: House) -> None:
    await house.traces.note(CHAT, frozenset({41, 42, 99}))
    await house.traces.note(CHAT, frozenset({100}), frozenset({42}))
    assert (await house.traces.of(CHAT)).noted == {41, 99, 100}


async def test_chats_of_one_share_lie_in_one_row_that_names_neither(house: House) -> None:
    await house.traces.note(CHAT, frozenset({41}))
    await house.traces.note(ANOTHER, frozenset({42}))
    ((tag, sealed, expires),) = rows(house)
    plain = house.traces.seal.open(tag, sealed)
    for chat in (CHAT, ANOTHER):
        assert (await house.traces.of(chat)).noted == {41, 42}
        assert str(chat).encode() not in tag + plain
    assert " 00:00:00" in expires


async def test_more_chats_are_divided_and_nothing_is_lost_by_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "CHATS", 2)
    mine = house.traces
    await mine.note(CHAT, frozenset({41}))
    await mine.note(FAR, frozenset({42}))
    for number in range(8):
        await house.memories.keep(ChatMemory(chat=CHAT + number, drafting=True))
    await mine.divide()
    assert (mine.shares, mine.unasked_shares) == (4, 4)
    await mine.note(CHAT, frozenset({51}), frozenset({41}))
    await mine.note(FAR, frozenset({52}))
    assert (await mine.of(CHAT)).noted == {42, 51}
    assert (await mine.of(FAR)).noted == {42, 52}
    assert len(rows(house)) == 3


async def test_shares_are_never_more_than_are_looked_through(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "CHATS", 1)
    monkeypatch.setattr(traces, "HALVINGS", 2)
    mine = house.traces
    for number in range(9):
        await house.memories.keep(ChatMemory(chat=CHAT + number, drafting=True))
    await mine.divide()
    assert mine.shares == 4
    assert len(set(shares_of(CHAT))) == 6


async def test_in_a_quiet_deployment_all_chats_are_one_share(house: House) -> None:
    await house.traces.divide()
    assert house.traces.shares == 1
    assert len(set(shares_of(CHAT))) == 2 * (HALVINGS + 1)


async def test_followers_divide_only_what_the_bot_said_unasked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who only follows says nothing: beside them whoever speaks would be alone."""
    monkeypatch.setattr(traces, "CHATS", 2)
    mine = house.traces
    await mine.note(ANOTHER, frozenset({40}))
    async with house.stores.addresses() as addresses:
        for number in range(8):
            await addresses.subscriptions.put(a_chat(tag=bytes([number])))
        await addresses.commit()
    await mine.divide()
    assert (mine.shares, mine.unasked_shares) == (1, 4)
    await mine.note(CHAT, frozenset({41}))
    await mine.note(FAR, frozenset({42}))
    await mine.note(FAR, frozenset({43}), unasked=True)
    assert (await mine.of(CHAT)).noted == {40, 41, 42}
    assert (await mine.of(FAR)).noted == {40, 41, 42, 43}


async def test_a_restart_doubts_around_the_newest_for_everybody(house: House) -> None:
    await house.traces.begin()
    assert rows(house) == []
    await house.traces.note(ANOTHER, frozenset({2_000}))
    again = house.traces
    await again.begin()
    found = await again.of(CHAT)
    assert again.newest == 2_000
    assert {2_000 - AROUND, 2_001, 2_000 + AROUND} <= found.doubtful
    assert len(found.doubtful) == 2 * (AROUND + NEAR) + 1


async def test_a_restart_doubts_around_its_first_message_for_everybody(house: House) -> None:
    """Between the newest noted and a crash others may have had thousands, which nobody notes."""
    await house.traces.note(ANOTHER, frozenset({2_000}))
    again = house.traces
    await again.begin()
    await again.note(ANOTHER, frozenset({9_000}))
    await again.note(ANOTHER, frozenset({20_000}))
    found = await again.of(CHAT)
    assert {2_001, 8_999, 9_001} <= found.doubtful
    assert 19_999 not in found.doubtful


def test_doubts_that_are_near_are_one_and_reach_as_far() -> None:
    share = Share().doubting(5_000, DAY).doubting(5_010, DAY).doubting(5_000 + NEAR - 1, DAY)
    assert share.doubts == {5_000: DAY}
    assert {5_000 - AROUND, 5_000 + NEAR + AROUND} <= share.doubtful()
    assert len(share.doubting(5_000 + NEAR, DAY).doubts) == 2


def test_only_the_newest_doubts_are_kept_and_it_is_known_that_there_were_more() -> None:
    share = Share()
    for number in range(MOST_DOUBTS):
        share = share.doubting(10_000 * number, DAY)
    assert (len(share.doubts), share.dropped) == (MOST_DOUBTS, 0)
    share = share.doubting(10_000 * MOST_DOUBTS, DAY)
    assert (len(share.doubts), share.dropped) == (MOST_DOUBTS, DAY)
    assert max(share.doubts) == 10_000 * MOST_DOUBTS
    later = DAY + KEPT.days + 1
    assert share.doubting(1, later).doubts == {1: later}


def test_what_telegram_lets_nobody_delete_goes() -> None:
    share = Share().noting({1, 2}, DAY).noting({2, 3}, DAY + KEPT.days)
    assert set(share.noted) == {1, 2, 3}
    assert set(share.noting({4}, DAY + KEPT.days + 1).noted) == {3, 4}


def test_only_the_newest_ids_of_a_share_are_kept() -> None:
    share = Share().noting(frozenset(range(1, MOST + 1)), DAY)
    assert min(share.noting({MOST + 1, MOST + 2}, DAY).noted) == 3


async def test_it_is_known_for_as_long_as_they_can_be_deleted_that_some_were_dropped(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "MOST", 3)
    await house.traces.note(CHAT, frozenset({1, 2, 3}))
    assert (await house.traces.of(CHAT)).whole
    await house.traces.note(CHAT, frozenset({4}))
    house.clock.passes(hours=48)
    standing = await house.traces.of(CHAT)
    assert standing.noted == {2, 3, 4}
    assert not standing.whole
    house.clock.passes(days=1)
    await house.traces.note(CHAT, frozenset({5}))
    assert (await house.traces.of(CHAT)).whole


async def test_a_silent_share_goes_after_its_time_and_not_before(house: House) -> None:
    await house.traces.note(CHAT, frozenset({41}))
    house.clock.passes(hours=48)
    assert await house.traces.drop_expired() == 0
    house.clock.passes(days=1)
    assert await house.traces.drop_expired() == 1
    assert rows(house) == []


async def test_a_row_put_in_anothers_place_does_not_open(house: House) -> None:
    await house.traces.note(CHAT, frozenset({41}))
    house.tamper("addresses", "UPDATE trace SET tag = ?", b"2/0")
    heeded: list[object] = []
    mine = replace(house.traces, heed=heeded.append)
    assert (await mine.of(CHAT)).noted == frozenset()
    assert [type(each) for each in heeded] == [EnvelopeLost]


async def test_a_forged_row_stops_nobody_of_its_share(house: House) -> None:
    await house.traces.note(CHAT, frozenset({41}))
    house.tamper("addresses", "UPDATE trace SET sealed = ?", b"forged")
    heeded: list[object] = []
    mine = replace(house.traces, heed=heeded.append)
    await mine.begin()
    await mine.note(CHAT, frozenset({42}))
    standing = await mine.of(CHAT)
    assert standing.noted == {42}
    assert not standing.whole
    assert {type(each) for each in heeded} == {EnvelopeLost}
