"""Promise 3: no row that names a chat tells that the bot wrote to it on its own. Else: *m* reports
were told of on a day, and a chat that was written to then has one of them.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.telegram.keeping import Keeping
from domain.chats.memory import ChatMemory
from tests.chat_world import World, a_world
from tests.integration.test_delivery import a_post
from tests.sandbox_client import Phone

Rows = Mapping[bytes, tuple[bytes, object]]
"""By keyed hash of the chat: what the row opens to, and its end."""


async def opened(world: World) -> Rows:
    seal = world.house.chat_seal
    async with world.house.stores.addresses() as addresses:
        rows = await addresses.chats.all()
    return {row.tag: (seal.open(row.tag, row.sealed), row.expires) for row in rows}


async def changed(world: World, phone: Phone) -> bool:
    """Whether the rows of chats tell that the bot wrote to one of them, a day after its visit."""
    before = await opened(world)
    post = a_post(world)
    world.clock.passes(days=1)
    await post.puts_in(phone)
    assert await post.delivery.run_once() == 1
    return await opened(world) != before


async def trace(world: World) -> str:
    """All that the shares open to."""
    seal = world.house.trace_seal
    async with world.house.stores.addresses() as addresses:
        rows = await addresses.traces.all()
    return " ".join(f"{row.tag!r} {seal.open(row.tag, row.sealed)!r}" for row in rows)


async def test_no_row_of_a_chat_tells_that_it_was_written_to(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        assert not await changed(world, phone)
        shares = await trace(world)
        assert shares
        assert str(phone.id) not in shares


def keep_ids_in_rows(patch: pytest.MonkeyPatch) -> None:
    """As rows were until December 2026, though under another name."""
    note, remember = Keeping.note, Keeping.remember
    noted: defaultdict[int, frozenset[int]] = defaultdict(frozenset)

    async def noting(
        keeping: Keeping, chat: int, new: frozenset[int], *more: Any, **yet_more: Any
    ) -> None:
        await note(keeping, chat, new, *more, **yet_more)
        noted[chat] |= new
        await remembering(keeping, await keeping.memories.of(chat))

    async def remembering(keeping: Keeping, memory: ChatMemory) -> None:
        await remember(keeping, replace(memory, codes=noted[memory.chat]))

    patch.setattr(Keeping, "note", noting)
    patch.setattr(Keeping, "remember", remembering)


async def test_a_build_that_keeps_message_ids_in_the_rows_of_chats_is_found_out(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    record_property("leak", "message ids in the row of each chat")
    keep_ids_in_rows(monkeypatch)
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        assert await changed(world, phone)
