"""The database is away for a while: nothing somebody wrote is deleted of which nothing is kept."""

from pathlib import Path

import pytest

from domain.reports.desk import CitizenDesk
from storage.errors import StoreUnavailable
from tests.chat_world import SAY, a_world

WORDS = "The Kwasakwasa boys carry pangas"


async def test_words_wait_in_the_chat_and_are_taken_when_it_is_back(tmp_path: Path) -> None:
    async def away(_: CitizenDesk) -> bool:
        raise StoreUnavailable

    async with a_world(tmp_path) as world:
        phone = await world.citizen()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(CitizenDesk, "anybody_reads", away)
            with pytest.raises(StoreUnavailable):
                await world.says(phone, WORDS)
            assert WORDS in await phone.texts()
            assert "store.unavailable" in world.log.events
        await world.answer()
        assert WORDS not in await phone.texts()
        assert SAY.start("words.ask") in (await phone.last())["text"]
