"""Promise 2: words are on disk only under keys the server cannot open by itself."""

from collections.abc import Iterator
from os import urandom
from pathlib import Path
from random import choice
from string import ascii_lowercase
from typing import Any

import pytest

from crypto import symmetric, xwing
from crypto.context import Context
from crypto.session import MemberSession
from domain.chats.memory import ChatMemory
from domain.moderation.sessions import Sessions
from domain.ports.sealing import Words
from domain.reports.draft import Draft
from domain.reports.files import CleanFile, FileKind
from domain.reports.report import Report
from tests.chat_world import a_world
from tests.disk import Disk, shows
from tests.house import House
from tests.promises.thief import Loot, thief_of
from tests.wired import KEYRING

FILES = (CleanFile(kind=FileKind.TEXT, content=b"A list of their names"),)
SHRED_WRAPPED = {"dek_for_desk", "case_for_desk", "case_for_code"}
"""The thief has the shred keys too: what is under them is sealed again."""


@pytest.fixture
def house(staffed_house: House) -> House:
    return staffed_house


@pytest.fixture
def words() -> str:
    """Of this test alone: one server of PostgreSQL keeps the log of all."""
    return "".join(choice(ascii_lowercase) for _ in range(40))


def told(loot: Loot, words: str) -> bool:
    return any(words.encode() in plain for _, plain in loot)


async def test_no_key_of_the_server_opens_a_report(house: House, words: str) -> None:
    await house.sent(words=(words,))
    await house.sent(words=(words,), danger=True, files=FILES)
    loot = (await thief_of(house)).rob()
    assert {name for name, _ in loot} <= SHRED_WRAPPED | {"staff_chat"}
    assert all(len(plain) > symmetric.KEY_BYTES for _, plain in loot), "no key among it"
    assert not told(loot, words)


async def left_by_a_session(house: House, words: str) -> set[str]:
    """What lies on the disk while a moderator reads and a citizen checks."""
    code, _ = await house.sent(words=(words,))
    session = await house.unlock(house.neighbour)
    opened = await house.desk(house.neighbour).next()
    await house.check(code)
    assert opened.words.messages == (words,)
    assert session.pairs
    disk = house.files()
    found = {
        "words a key opens": told((await thief_of(house)).rob(), words),
        "words": shows(disk, words),
        "a desk's key": any(bytes(pair.seed) in disk for pair in session.pairs.values()),
    }
    return {name for name, there in found.items() if there}


async def test_nor_while_a_moderator_is_unlocked_and_a_citizen_checks(
    house: House, words: str
) -> None:
    assert await left_by_a_session(house, words) == set()


async def test_a_build_that_keeps_sessions_on_disk_is_found_out(
    house: House, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that nobody has to unlock again after a restart."""
    honest = Sessions.open

    def keeping(sessions: Sessions, session: MemberSession, *more: Any) -> None:
        seeds = b"".join(bytes(pair.seed) for pair in session.pairs.values())
        (house.folder / "sessions").write_bytes(seeds)
        honest(sessions, session, *more)

    monkeypatch.setattr(Sessions, "open", keeping)
    assert await left_by_a_session(house, words) == {"a desk's key"}


async def test_a_build_that_caches_what_a_moderator_opens_is_found_out(
    house: House, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = MemberSession.words

    def caching(session: MemberSession, report: Report, key: bytes) -> Words:
        opened = honest(session, report, key)
        (house.folder / "opened").write_text(" ".join(opened.messages))
        return opened

    monkeypatch.setattr(MemberSession, "words", caching)
    assert await left_by_a_session(house, words) == {"words"}


async def test_the_thief_opens_what_the_server_can_open(house: House) -> None:
    """Chats are under the service keyring, as written: a thief who found none would prove
    nothing.
    """
    await house.memories.keep(ChatMemory(chat=7_712_345_678))
    loot = (await thief_of(house)).rob()
    assert any(name == "chat" and b"7712345678" in plain for name, plain in loot)
    assert len([name for name, _ in loot if name == "staff_chat"]) == 3


async def test_who_also_holds_the_desks_key_reads(house: House, words: str) -> None:
    """What keeps the thief out is this one key, and not some slip of the thief's."""
    await house.sent(words=(words,), files=FILES)
    session = await house.unlock(house.neighbour)
    thief = await thief_of(house)
    thief.keys |= {bytes(pair.seed) for pair in session.pairs.values()}
    assert told(thief.rob(), words)
    assert any(name == "files" and FILES[0].content in plain for name, plain in thief.loot)


async def test_a_build_that_seals_under_the_service_keyring_is_found_out(
    house: House, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaky(_: xwing.PublicKey, plaintext: bytes, context: Context) -> bytes:
        return symmetric.seal(KEYRING.newest.key, plaintext, context)

    monkeypatch.setattr(xwing, "seal", leaky)
    await house.sent(words=(words,))
    assert told((await thief_of(house)).rob(), words)


@pytest.mark.also_on_postgresql
async def test_a_build_that_writes_words_in_the_clear_is_found_out(
    house: House, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaky(_: bytes, plaintext: bytes, __: Context) -> bytes:
        return b"\1" + plaintext

    monkeypatch.setattr(symmetric, "seal", leaky)
    await house.sent(words=(words,))
    assert shows(house.files(), words)


HOW_LONG = {"short": 40, "compressed": 6_000, "in pieces": 6_000}


@pytest.mark.parametrize("laid", HOW_LONG)
async def test_words_in_a_row_are_found_however_a_database_lays_it(
    house: House, words: str, laid: str
) -> None:
    """What is long PostgreSQL compresses, or cuts in pieces. Its files tell by themselves."""
    _, report = await house.sent()
    rest = urandom if laid == "in pieces" else bytes
    planted = rest(HOW_LONG[laid]) + words.encode() + rest(HOW_LONG[laid])
    assert not shows(house.files(), words)
    house.tamper("cases", "UPDATE report SET words = ? WHERE id = ?", planted, report.id)
    assert shows(house.files(), words)
    if house.server:
        assert shows(_files_alone(house.disk), words)


def _files_alone(disk: Disk) -> bytes:
    """Without what the server gives."""
    assert disk.server
    return b"\n".join(disk.server.everything_on_disk().values())


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """No house is made there yet."""
    if request.param == "sqlite":
        yield Disk(folder=tmp_path)
        return
    server = request.getfixturevalue("postgresql")
    with server.empty("draft") as url:
        yield Disk(folder=tmp_path, url=url, server=server)


async def drafted(empty: Disk, words: str) -> bytes:
    """Every file, while a citizen's words and a list of theirs wait in memory for *Send*."""
    async with a_world(empty.folder, empty.url) as world:
        amina = await world.citizen()
        await world.says(amina, words)
        await amina.document(listed(words).encode())
        await world.answer()
        assert words not in await amina.texts(), "not taken"
        assert await amina.files() == [], "not taken"
        return empty.files()


def listed(words: str) -> str:
    """What the file says."""
    return words[::-1]


async def test_what_waits_unsent_reaches_no_file(empty: Disk, words: str) -> None:
    files = await drafted(empty, words)
    assert (b"PostgreSQL" if empty.url else b"SQLite format 3") in files
    assert not shows(files, words)
    assert not shows(files, listed(words))


@pytest.mark.parametrize("taken", ["with_words", "with_file"])
async def test_a_build_that_keeps_drafts_on_disk_is_found_out(
    empty: Disk, words: str, taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = getattr(Draft, taken)

    def keeping(draft: Draft, what: str | CleanFile) -> Draft:
        kept = what.content if isinstance(what, CleanFile) else what.encode()
        (empty.folder / "drafts").write_bytes(kept)
        taken_up: Draft = whole(draft, what)
        return taken_up

    monkeypatch.setattr(Draft, taken, keeping)
    files = await drafted(empty, words)
    assert shows(files, words if taken == "with_words" else listed(words))
