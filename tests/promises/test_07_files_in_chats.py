"""Promise 7 from a citizen's chat to a moderator's: files are cleaned, sealed, and opened by
the desk alone; nothing of their maker is on any disk.
"""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from telegram.error import BadRequest

from bot.dialogue.citizen import bytes_held, has_draft
from bot.dialogue.files import files_said
from domain.desks.desk import NATIONAL
from domain.ports.stores import Wanted
from domain.reports.files import MOST_FILES, MOST_INCOMING, FileKind
from tests.chat_world import SAY, World, a_world
from tests.made_files import MAKER, letter, photo, told
from tests.promises.test_06_lock_leaves_nothing import REFUSED
from tests.promises.test_07_files_carry_no_maker import PassesOn
from tests.sandbox_client import Phone


def show_button(*kinds: FileKind) -> str:
    return SAY("moderator.button_files", files=files_said(kinds))


def leaking(world: World) -> None:
    world.house = replace(world.house, media=PassesOn())
    world.front = world.house.front(world.line)


SHOW = show_button(FileKind.PHOTO, FileKind.PDF)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path) as world:
        yield world


async def reported(world: World) -> Phone:
    """A photo with words beside it, a letter, and they are sent."""
    amina = await world.citizen()
    await amina.photo(photo(), caption="Wanakuja usiku")
    await amina.document(letter(), name="amina-kilonzo.pdf", mime="application/pdf")
    await world.answer()
    await world.reviewing(amina)
    await world.taps(amina, SAY("button.send"))
    return amina


async def opened(world: World) -> tuple[Phone, list[bytes]]:
    otieno = await world.moderator()
    await world.opened(otieno)
    await world.taps(otieno, SHOW)
    return otieno, [await otieno.file(message) for message in await otieno.files()]


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_a_photo_and_a_letter_reach_the_desk_and_nothing_of_their_maker_does(
    world: World, tmp_path: Path
) -> None:
    amina = await reported(world)
    assert await amina.files() == [], "they are deleted from the chat as words are"
    otieno, shown = await opened(world)
    assert [content[:5] for content in shown] == [b"\xff\xd8\xff\xe0\0", b"%PDF-"]
    assert [m["media"]["name"] for m in await otieno.files()] == ["1.jpg", "2.pdf"]
    assert all(message["protect_content"] for message in await otieno.files())
    assert told(tmp_path, *shown) == [set(), set()]
    disk = on_disk(tmp_path / "data")
    assert MAKER.encode() not in disk
    assert not any(content[200:260] in disk for content in shown), "sealed"
    assert "Wanakuja usiku" in "".join(await otieno.texts())

    await world.taps(otieno, SAY("moderator.button_ask"))
    assert len(await otieno.files()) == 2, "what is asked is asked in sight of them"
    await world.says(otieno, "/queue")
    assert await otieno.files() == []


async def test_a_build_that_passes_files_on_to_the_desk_is_found_out(
    world: World, tmp_path: Path
) -> None:
    leaking(world)
    amina = await world.citizen()
    await amina.photo(photo())
    await world.answer()
    assert SAY("files.what_they_show") in (await amina.last())["text"]
    await world.reviewing(amina)
    await world.taps(amina, SAY("button.send"))
    otieno = await world.moderator()
    await world.opened(otieno)
    await world.taps(otieno, show_button(FileKind.PHOTO))
    [message] = await otieno.files()
    [seen] = told(tmp_path, await otieno.file(message))
    assert {"EXIF:Make", "bytes: as they are"} <= seen

    await world.says(otieno, "/lock")
    assert await otieno.files() == []


async def test_files_are_gone_after_a_kill_and_missed_when_they_are_taken_away(
    world: World, tmp_path: Path
) -> None:
    leaking(world)
    await reported(world)
    otieno, shown = await opened(world)
    assert len(shown) == 2
    await world.sandbox.fail("editMessageMedia", **REFUSED)
    with pytest.raises(BadRequest):
        await world.taps(otieno, SHOW)
    await world.restart()
    assert await otieno.files() == []
    assert len(await otieno.texts()) == 2, "nor an empty message that was to hold one"

    with closing(sqlite3.connect(tmp_path / "data" / "cases.db")) as file, file:
        assert file.execute("DELETE FROM attachment").rowcount == 1
    await world.unlock_message(otieno)
    await world.unlocked(otieno)
    await world.says(otieno, f"/open {await ref_of(world)}")
    await world.taps(otieno, SHOW)
    assert await otieno.files() == []
    assert "alarm.envelope_lost" in world.log.events


async def ref_of(world: World) -> str:
    async with world.house.stores.cases() as cases:
        [report] = await cases.reports.waiting(Wanted(desks=frozenset({NATIONAL})), limit=2)
    return report.ref


async def test_a_refused_file_stays_in_the_chat_and_loses_nothing_else(
    world: World, tmp_path: Path
) -> None:
    leaking(world)
    amina = await world.citizen()
    await amina.photo(photo())
    await world.answer()
    [talk] = world.front.citizens.talks.values()
    assert bytes_held(talk.state) == len(photo())
    assert MAKER.encode() not in on_disk(tmp_path / "data"), "a draft is in memory alone"

    await amina.document(b"PK\3\4" + bytes(60), caption="Nne kati yao")
    await world.answer()
    card = (await amina.last())["text"]
    assert SAY("error.file_unknown") in card
    assert SAY.start("words.none") not in card
    assert SAY("files.taken", files=files_said((FileKind.PHOTO,))) in card
    assert has_draft(talk.state)

    await amina.document(bytes(MOST_INCOMING + 1))
    await world.answer()
    assert SAY("error.file_too_big", limit=8) in (await amina.last())["text"]

    await world.sandbox.fail("getFile", **REFUSED)
    await amina.photo(photo())
    await world.answer()
    assert SAY("error.files_at_rest") in (await amina.last())["text"]

    await amina.voice()
    await world.answer()
    assert SAY("unreadable.voice") in (await amina.last())["text"]
    assert [m["media"]["kind"] for m in await amina.files()] == [
        *("document", "document", "photo", "voice")
    ]
    for _ in range(MOST_FILES):
        await amina.photo()
    await world.answer()
    assert SAY("error.files_too_many", limit=MOST_FILES) in (await amina.last())["text"]
    assert len(await amina.files()) == 5
