"""Stores that an earlier release wrote are read by this one, every envelope in them: each a
folder of `tests/vectors/stores`, never written again.
"""

from pathlib import Path

import pytest

from domain.ports.chat import Language
from domain.reports.dialogue import open_questions
from domain.reports.state import Standing
from tests.golden import ANSWER, CHAT, FILE, HOME, WORDS, Golden, followers

RELEASES = sorted(path.name for path in HOME.iterdir())


@pytest.mark.parametrize("name", RELEASES)
async def test_what_a_release_kept_is_read_for_ever(name: str, tmp_path: Path) -> None:
    golden = Golden(name=name)
    async with golden.opened(tmp_path) as house:
        checked = await house.check(golden.held("code").decode())
        assert checked.standing is Standing.BEING_READ
        assert checked.visits.count == 3
        assert open_questions(checked.dialogue) == ()
        assert checked.followed

        await house.unlock(house.first)
        desk = house.desk(house.first)
        ref = (await house.report(checked.held.report)).ref
        opened, files = await desk.files(ref)
        assert opened.words.messages == WORDS
        assert files == (FILE,)
        assert ANSWER in [said.words for said in checked.dialogue]

        (memory,) = await house.memories.all()
        assert (memory.chat, memory.language) == (CHAT, Language.KISWAHILI)
        assert {message for message, _ in memory.messages} == {41, 42}
        assert [follower.chat for follower in await followers(house).all()] == [CHAT]
        assert [staff.member for staff in await house.book.all()] == [house.first.id]
        (claimed,) = await house.outbox.claim(10)
        assert claimed.message.to.chat == CHAT
        assert claimed.message.facts == {"slot": "A" * 43}
        (told,) = await house.mailboxes.addressees([checked.held.secret])
        assert told is not None
        assert told.chat == CHAT


def test_there_is_one_at_least() -> None:
    assert RELEASES
