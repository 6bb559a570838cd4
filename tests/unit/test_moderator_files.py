"""A report's files, opened by an unlocked member of its desk and by nobody else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.files import FLOOR
from crypto.sealer import read_words, write_words
from domain.moderation.desk import ReportUnknown
from domain.moderation.sessions import Locked
from domain.ports.sealing import EnvelopeLost, Words
from domain.reports.files import CleanFile, FileKind
from domain.reports.topic import Topic
from tests.house import House, a_house

FILES = (
    CleanFile(kind=FileKind.PHOTO, content=b"\xff\xd8\xff a photo"),
    CleanFile(kind=FileKind.TEXT, content=b""),
    CleanFile(kind=FileKind.PDF, content=b"%PDF- a letter"),
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def test_files_are_opened_as_they_were_sent_by_their_desk_alone(house: House) -> None:
    _, report = await house.sent(files=FILES)
    with pytest.raises(Locked):
        await house.desk(house.neighbour).files(report.ref)
    await house.unlock(house.neighbour)
    opened, files = await house.desk(house.neighbour).files(report.ref)
    assert files == FILES
    assert opened.words.files == tuple(file.kind for file in FILES)
    await house.unlock(house.first)
    with pytest.raises(ReportUnknown):
        await house.desk(house.first).files(report.ref)
    assert b"a letter" not in house.files()


async def test_a_report_of_files_alone_is_a_report(house: House) -> None:
    _, report = await house.sent(words=(), files=FILES[:1])
    await house.unlock(house.neighbour)
    opened, files = await house.desk(house.neighbour).files(report.ref)
    assert (opened.words.messages, files) == ((), FILES[:1])


async def test_neither_their_number_nor_their_size_is_seen(house: House) -> None:
    """Small ones and large ones, one and three: the same bytes on disk, up to 256 KiB."""
    for files in (FILES, FILES[:1], (replace(FILES[0], content=bytes(FLOOR - 100)),)):
        await house.sent(files=files)
    await house.sent()
    sizes = {size for (size,) in house.rows("cases", "SELECT length(sealed) FROM attachment")}
    assert len(sizes) == 1
    words = {size for (size,) in house.rows("cases", "SELECT length(words) FROM report")}
    assert len(words) == 1


async def test_files_of_another_report_do_not_open_in_this_one(house: House) -> None:
    _, report = await house.sent(files=FILES[:1])
    _, other = await house.sent(files=FILES[:1])
    await house.unlock(house.neighbour)
    house.tamper(
        "cases",
        "UPDATE attachment SET sealed = (SELECT sealed FROM attachment WHERE report = ?)"
        " WHERE report = ?",
        other.id,
        report.id,
    )
    with pytest.raises(EnvelopeLost):
        await house.desk(house.neighbour).files(report.ref)


def test_words_without_files_are_written_as_they_always_were() -> None:

    plain = Words(messages=("Maji",), topic=Topic.THEFT)
    assert b"[]" in write_words(plain)
    assert write_words(plain).count(b",") == 3
    with_files = replace(plain, files=(FileKind.PHOTO, FileKind.PHOTO))
    assert read_words(write_words(with_files)) == with_files
    with pytest.raises(ValueError, match="video"):
        read_words(b'[["Maji"], "theft", [], "desk_only", ["video"]]')
