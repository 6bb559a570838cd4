"""What of citizens' chats is kept on disk, and what an earlier release kept."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dialogue.citizen import begin
from bot.telegram.keeping import MOST_HELD, Keeping
from bot.telegram.talk import Talk
from domain.chats import traces
from domain.chats.memory import ChatMemory
from domain.errors import Outage
from domain.ports.addresses import ChatRow
from domain.ports.chat import Language
from tests.fakes.world import MONDAY
from tests.house import House, an_empty_house
from tests.spoken import SPOKEN

CHAT, ANOTHER = 7_712_345_678, 7_700_000_001
MEMORY = ChatMemory(chat=CHAT, language=Language.KISWAHILI, shared=False)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with an_empty_house(tmp_path) as house:
        yield house


def keeping_of(house: House) -> Keeping:
    return Keeping(memories=house.memories, traces=house.traces)


def rows(house: House) -> list[tuple[bytes, bytes, str]]:
    return house.rows("addresses", "SELECT tag, sealed, expires FROM chat")


def a_talk() -> Talk:
    state = begin(Language.KISWAHILI, shared=False, operator="", spoken=SPOKEN)
    memory = ChatMemory(chat=CHAT)
    return Talk(state=state, memory=memory, kept=memory, seen=MONDAY, heard_on=MONDAY.date())


async def an_old_row(house: House) -> None:
    """As it was until December 2026: ids with their days, and gaps."""
    tag = house.chat_seal.tags(CHAT)[0]
    body = [CHAT, "sw", False, True, 12, [11], [[11, 739_000], [12, 739_000]], [[1, 5, 739_000]]]
    sealed = house.chat_seal.seal(tag, json.dumps(body).encode())
    async with house.stores.addresses() as addresses:
        await addresses.chats.put(ChatRow(tag=tag, sealed=sealed, expires=MONDAY))
        await addresses.commit()


async def test_ids_in_rows_of_an_earlier_release_are_moved_at_the_start(house: House) -> None:
    await an_old_row(house)
    assert (await house.memories.of(CHAT)).messages == {11, 12}
    await keeping_of(house).begin()
    assert await house.memories.of(CHAT) == replace(
        MEMORY, drafting=True, vanishing=12, codes=frozenset({11})
    )
    assert {11, 12} <= (await house.traces.of(CHAT)).noted
    before = rows(house)
    await keeping_of(house).begin()
    assert rows(house) == before


async def test_ids_of_an_earlier_release_are_moved_to_as_many_shares_as_chats_need(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "CHATS", 1)
    await an_old_row(house)
    await house.memories.keep(replace(MEMORY, chat=ANOTHER))
    await keeping_of(house).begin()
    kept = house.rows("addresses", "SELECT tag FROM trace")
    assert (f"2/{CHAT % 2}".encode(),) in kept


async def test_a_row_is_written_when_it_changes_and_on_each_day_of_a_visit(house: House) -> None:
    keeping, talk = keeping_of(house), a_talk()
    await keeping.keep(talk, MEMORY)
    ((_, first, expires),) = rows(house)
    talk.noted = frozenset({41})
    await keeping.keep(talk, MEMORY)
    assert rows(house)[0][1] == first, "a message alone changes nothing"
    house.clock.passes(days=1)
    await keeping.keep(talk, MEMORY)
    assert rows(house)[0][1] == first, "silence is no visit"
    talk.heard_on += timedelta(days=1)
    await keeping.keep(talk, MEMORY)
    assert rows(house)[0][2] > expires


async def test_what_is_gone_is_not_noted_any_more_and_of_too_many_all_but_in_memory(
    house: House,
) -> None:
    keeping, talk = keeping_of(house), a_talk()
    talk.noted = frozenset({1, 2})
    await keeping.keep(talk, MEMORY)
    talk.noted = frozenset(range(2, MOST_HELD + 4))
    await keeping.keep(talk, MEMORY)
    assert talk.noted == set(range(4, MOST_HELD + 4))
    assert (await house.traces.of(CHAT)).noted == set(range(2, MOST_HELD + 4))
    talk.noted -= {4}
    await keeping.keep(talk, MEMORY)
    assert (await house.traces.of(CHAT)).noted == set(range(2, MOST_HELD + 4)) - {4}


async def test_a_lost_answer_is_looked_for_around_what_was_newest_then(house: House) -> None:
    keeping, talk = keeping_of(house), a_talk()
    await keeping.note(ANOTHER, frozenset({5_000}))
    talk.unsure = frozenset({keeping.traces.newest})
    await keeping.note(ANOTHER, frozenset({90_000}))
    await keeping.keep(talk, MEMORY)
    doubtful = (await house.traces.of(CHAT)).doubtful
    assert 5_001 in doubtful
    assert 90_001 not in doubtful


async def test_what_could_not_be_noted_is_owed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise Outage

    keeping = keeping_of(house)
    with monkeypatch.context() as patch:
        patch.setattr(type(keeping.traces), "note", away)
        with pytest.raises(Outage):
            await keeping.note(CHAT, frozenset({41}))
        with pytest.raises(Outage):
            await keeping.note(CHAT, frozenset({42}))
        with pytest.raises(Outage):
            await keeping.note(CHAT, frozenset({43}), unasked=True)
    with monkeypatch.context() as patch:
        patch.setattr(type(keeping.traces), "_doubt", away)
        keeping.heard(5_000)
        with pytest.raises(Outage):
            await keeping.doubt(CHAT)
        keeping.heard(90_000)
    standing = await keeping.standing(CHAT)
    assert standing.noted == {41, 42, 43}
    assert 5_001 in standing.doubtful
    assert 89_999 not in standing.doubtful
    assert keeping.owed == {}


async def test_what_is_claimed_or_forgiven_is_owed_no_more(house: House) -> None:
    keeping = keeping_of(house)
    keeping.owe(CHAT, frozenset({41}))
    keeping.owe(CHAT, frozenset({42}), unasked=True)
    assert keeping.claim(CHAT) == {41}
    assert keeping.claim(CHAT) == frozenset()
    keeping.owe(ANOTHER, frozenset({43}))
    keeping.forgive(ANOTHER)
    assert (await keeping.standing(CHAT)).noted == {42}
    assert (await keeping.standing(ANOTHER)).noted == {42}


async def test_what_was_moved_from_an_earlier_release_is_not_the_first_message(
    house: House,
) -> None:
    await an_old_row(house)
    keeping = keeping_of(house)
    await keeping.begin()
    await keeping.note(CHAT, frozenset({90_000}))
    assert 90_001 in (await house.traces.of(CHAT)).doubtful
