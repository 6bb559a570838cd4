"""Promise 6: `/clear` finds what a crash, a lost answer or a database that is away left unnoted;
and where it cannot, it does not say that all is done.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.telegram import keeping
from bot.telegram.citizens import CitizenChats
from bot.telegram.front import Front
from bot.telegram.keeping import Keeping
from domain.chats import traces
from domain.chats.traces import Share, Traces
from storage.errors import StoreUnavailable
from tests.chat_world import SAY, World, a_world
from tests.promises.test_06_clear_leaves_nothing import WORDS, cleared, rings, talked
from tests.promises.unnoted import (
    FEW,
    a_crash,
    a_crash_while_others_were_busy,
    a_forged_row,
    a_link_whose_refusal_got_lost,
    a_lost_answer_while_the_database_was_away,
    a_notice_before_a_restart,
    a_notice_while_the_database_was_away,
    a_notice_whose_answer_got_lost,
    a_restored_store,
    an_answer_lost,
    busy,
    crashed_unnoted,
    more_than_is_held,
    too_many_doubts,
    too_many_noted,
    words_while_the_database_was_away,
)
from tests.sandbox_client import Phone

Way = Callable[[World], Awaitable[Phone]]
"""To a chat in which something stands that was not noted as it should have been."""


@pytest.fixture(autouse=True)
def _few_are_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "AROUND", FEW)
    monkeypatch.setattr(traces, "NEAR", 1)


WAYS: tuple[Way, ...] = (
    a_crash,
    a_crash_while_others_were_busy,
    an_answer_lost,
    a_link_whose_refusal_got_lost,
    words_while_the_database_was_away,
    a_notice_before_a_restart,
    a_notice_whose_answer_got_lost,
    a_notice_while_the_database_was_away,
    a_lost_answer_while_the_database_was_away,
    more_than_is_held,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_clear_finds(tmp_path: Path, way: Way) -> None:
    async with a_world(tmp_path) as world:
        phone = await way(world)
        await busy(world)
        assert await phone.texts() != []
        await cleared(world, phone)
        assert await phone.texts() == []


async def nothing(*_: object, **__: object) -> None:
    """Notes nothing, doubts nothing."""


async def note_asking_first(front: Front, chat: int, message: int) -> None:
    if await front.staff.book.of_chat(chat) is None:
        await front.citizens.note_sent(chat, message)


async def doubt_asking_first(front: Front, chat: int) -> None:
    if await front.staff.book.of_chat(chat) is None:
        await front.citizens.keeping.doubt(chat)


HANDLE, NOTE = Front.handle, Keeping.note


async def handle_noting_late(front: Front, update: Any, context: Any) -> None:
    try:
        await HANDLE(front, update, context)
    except StoreUnavailable:
        front.citizens.keeping.forgive(update.effective_chat.id)
        raise


async def note_what_is_held(
    kept: Keeping, chat: int, *ids: frozenset[int], unasked: bool = False
) -> None:
    await NOTE(kept, chat, *ids, unasked=unasked)
    standing = await kept.traces.of(chat)
    beyond = sorted(standing.noted)[: -keeping.MOST_HELD]
    await kept.traces.note(chat, frozenset(), frozenset(beyond))


async def hear_without_doubt(front: Front, said: Any, **_: bool) -> Any:
    return await front.staff.hear(said)


LEAKS: dict[str, tuple[Way, object, str, object]] = {
    "looks nowhere around a start": (a_crash, Traces, "_doubt", nothing),
    "does not doubt a lost answer": (
        *(an_answer_lost, CitizenChats, "_doubts"),
        lambda *_: None,
    ),
    "does not doubt one to a link": (
        *(a_link_whose_refusal_got_lost, Front, "_heard_by_staff"),
        hear_without_doubt,
    ),
    "forgets what came while the database was away": (
        *(words_while_the_database_was_away, Front, "handle"),
        handle_noting_late,
    ),
    "notes nothing it says unasked": (a_notice_before_a_restart, Front, "note", nothing),
    "does not doubt what it said unasked": (
        *(a_notice_whose_answer_got_lost, Front, "doubt"),
        nothing,
    ),
    "asks the database before it notes": (
        *(a_notice_while_the_database_was_away, Front, "note"),
        note_asking_first,
    ),
    "asks the database before it doubts": (
        *(a_lost_answer_while_the_database_was_away, Front, "doubt"),
        doubt_asking_first,
    ),
    "notes no more than it holds": (more_than_is_held, Keeping, "note", note_what_is_held),
}


@pytest.mark.parametrize("leak", LEAKS)
async def test_a_build_that_leaves_the_unnoted_is_found_out(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
    leak: str,
) -> None:
    way, where, name, leaky = LEAKS[leak]
    record_property("leak", leak)
    monkeypatch.setattr(where, name, leaky)
    async with a_world(tmp_path) as world:
        phone = await way(world)
        await busy(world)
        await world.says(phone, "/clear")
        await rings(world, minutes=2)
        assert await phone.texts() != []


async def test_clear_itself_may_be_cut_off_by_a_crash(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        phone = await talked(world)
        await crashed_unnoted(world, phone, "/clear")
        assert len(await phone.texts()) == 1
        await rings(world, seconds=31)
        assert await phone.texts() == []


Loss = Callable[[World, Phone], Awaitable[None]]
LOSSES: tuple[Loss, ...] = (too_many_noted, too_many_doubts, a_forged_row, a_restored_store)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.__name__)
async def test_clear_does_not_say_done_where_it_cannot_know(tmp_path: Path, loss: Loss) -> None:
    async with a_world(tmp_path) as world:
        phone = await talked(world)
        await busy(world)
        await loss(world, phone)
        await world.says(phone, "/clear")
        assert SAY("clear.unsure") in await phone.texts()
        await rings(world, seconds=119)
        assert SAY("clear.unsure") in await phone.texts(), "time to look, and to read how"
        await rings(world, seconds=1)
        assert SAY("clear.unsure") not in await phone.texts()


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.__name__)
async def test_two_days_later_it_knows_again(tmp_path: Path, loss: Loss) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        await loss(world, phone)
        for message in (await phone.see()).messages:
            await phone.delete(message["message_id"])
        await rings(world, days=3)
        await world.says(phone, "/start")
        await cleared(world, phone)


async def test_whoever_sends_on_a_shared_phone_hears_all_the_same_that_it_is_done(
    tmp_path: Path,
) -> None:
    async with a_world(tmp_path) as world:
        phone = await world.citizen(shared=True)
        await too_many_noted(world, phone)
        await world.sent(phone, WORDS)
        assert SAY("clear.unsure") in await phone.texts()
        assert SAY("clear.unsure").startswith(SAY("clear.done").partition(" ")[0])


async def test_a_build_that_drops_unseen_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noting = Share.noting

    def unseen(share: Share, new: frozenset[int], today: int) -> Share:
        return replace(noting(share, new, today), dropped=0)

    monkeypatch.setattr(Share, "noting", unseen)
    async with a_world(tmp_path) as world:
        phone = await talked(world)
        await busy(world)
        await too_many_noted(world, phone)
        await world.restart()
        await world.says(phone, "/clear")
        assert SAY("clear.done") in await phone.texts()
        assert len(await phone.texts()) > 1
