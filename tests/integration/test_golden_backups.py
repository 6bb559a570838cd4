"""Backups that earlier releases made are restored by this one, to both databases: each a folder
of `tests/vectors/backups`, never written again.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.backing_up import FORMAT, Head, Store
from app.restoring import verify
from app.settings import SettingRefused
from crypto.backup_seal import BackupWriter, Header, read_backup
from domain.reports.check import ReportExpired, ReportWithdrawn
from domain.reports.state import Standing
from domain.reports.waiting import PUT_BACK
from domain.staff.unlock import Revoked
from storage.dumping import dump
from storage.migrate import newest_shape, shapes
from tests.databases import Database
from tests.golden import Golden, followers
from tests.golden_backups import SHELF, KeptBackups
from tests.golden_life import ANSWER, FILE, WORDS
from tests.house import RECOVERY, House
from tests.integration.operator import LOST, OVER, Operator

pytestmark = pytest.mark.usefixtures("full_cost")  # they were kept at it

RELEASES = sorted(path.name for path in SHELF.iterdir())
FIRST, *LATER = RELEASES
LINKS = {"invite", "used_invite"}
"""Those that were out are ended where the replaced store knows nobody."""


@asynccontextmanager
async def an_operator_of(name: str, database: Database) -> AsyncIterator[tuple[Golden, Operator]]:
    """On a machine where nothing is but the keys of then."""
    kept = KeptBackups(golden=Golden(name=name))
    settings = kept.settings(database.folder, database.url)
    async with kept.golden.house(database.folder, database.url) as house:
        shelf = database.folder / "shelf"
        yield (
            kept.golden,
            Operator(house=house, settings=settings, url=database.url, shelf=shelf),
        )


def restored(name: str, operator: Operator, *stores: Store) -> None:
    kept = KeptBackups(golden=Golden(name=name))
    for store in stores or tuple(Store):
        operator.restored(store, kept.file(store), LOST if stores == () else OVER, kept.pair())


def test_a_backup_of_every_shape_before_this_one_is_kept() -> None:
    """From the first that was backed up: a new shape needs a new set."""
    kept = {name: _head(name).shape for name in RELEASES}
    assert kept[FIRST] == "0005"
    assert set(kept.values()) >= {shape for shape in shapes()[1:] if shape >= "0005"}


def _head(name: str) -> Head:
    kept = KeptBackups(golden=Golden(name=name))
    with kept.file(Store.CASES).open("rb") as file:
        whole = b"".join(read_backup(file, Store.CASES, kept.pair()))
    return Head.read(whole.partition(b"\n")[0])


@pytest.mark.parametrize("name", RELEASES)
async def test_what_is_restored_is_what_an_upgrade_in_place_would_have_left(
    name: str, database: Database, tmp_path: Path
) -> None:
    """Every row of every table that is backed up, whatever the release and the database."""
    async with an_operator_of(name, database) as (golden, operator):
        restored(name, operator)
        place = tmp_path / "in place"
        place.mkdir()
        async with golden.opened(place):
            for store in Store:
                expected = await asyncio.to_thread(_rows, store, None, place)
                found = await asyncio.to_thread(_rows, store, operator.url, database.folder)
                assert found == expected
                assert expected != []


def _rows(store: Store, url: str | None, folder: Path) -> list[Any]:
    rows = [json.loads(line) for line in dump(store, url, folder)]
    return [[name, row] for name, row in rows if name not in LINKS and row.get("job") != PUT_BACK]


async def test_what_the_first_release_backed_up_is_read_again(database: Database) -> None:
    async with an_operator_of(FIRST, database) as (golden, operator):
        restored(FIRST, operator)
        house = operator.house
        checked = await house.check(golden.held("code").decode())
        assert checked.standing is Standing.BEING_READ
        assert checked.visits.count == 3
        assert ANSWER in [said.words for said in checked.dialogue]
        await house.unlock(house.first)
        ref = (await house.report(checked.held.report)).ref
        opened, files = await house.desk(house.first).files(ref)
        assert (opened.words.messages, files) == (WORDS, (FILE,))
        assert [staff.member for staff in await house.book.all()] == [house.first.id]
        assert len(await followers(house).all()) == 1


@pytest.mark.parametrize("name", LATER)
async def test_what_a_release_backed_up_is_read_again_and_nobody_who_left_reads(
    name: str, database: Database
) -> None:
    async with an_operator_of(name, database) as (golden, operator):
        restored(name, operator)
        house = operator.house
        asked = (await house.check(golden.code("asked"))).held
        for reader in (house.first, golden.person("second", 102)):
            await house.unlock(reader)
            opened, files = await house.desk(reader).files((await house.report(asked.report)).ref)
            assert (opened.words.messages, files) == (WORDS, (FILE,))
        with pytest.raises(Revoked):
            await house.unlock(golden.person("third", 103))
        with pytest.raises(ReportWithdrawn):
            await house.check(golden.code("withdrawn"))


async def test_an_earlier_release_backup_revives_nothing_that_ended_since(
    database: Database,
) -> None:
    async with an_operator_of(FIRST, database) as (golden, operator):
        restored(FIRST, operator)
        code = golden.held("code").decode()
        report = await operator.house.report((await operator.house.check(code)).held.report)
        await operator.ended(report)
        restored(FIRST, operator, Store.CASES)
        with pytest.raises(ReportExpired):
            await operator.house.check(code)
        with pytest.raises(SettingRefused, match="has not ended"):
            restored(FIRST, operator, Store.SHREDS)


async def test_an_earlier_release_backup_brings_nobody_back_who_was_revoked_since(
    database: Database,
) -> None:
    async with an_operator_of(FIRST, database) as (_, operator):
        restored(FIRST, operator)
        house: House = operator.house
        await operator.revoked(house.first)
        restored(FIRST, operator, Store.CASES)
        with pytest.raises(Revoked):
            await house.unlock(house.first)


async def test_who_left_since_is_asked_of_an_earlier_release_too(database: Database) -> None:
    async with an_operator_of(FIRST, database) as (_, operator):
        with pytest.raises(SettingRefused, match="revoked since"):
            restored(FIRST, operator, Store.CASES)


@pytest.mark.parametrize(
    ("shape", "line", "said"),
    [
        ("0005", b'["untold", {"member": "AA=="}]', "no whole backup"),
        ("0005", b'["closing", {"day": "2026-11-02", "more": 1}]', "no whole backup"),
        ("0005", b'["closing", {"day": "yesterday"}]', "no whole backup"),
        ("0005", b'["closing", {"day": null}]', "no whole backup"),
        ("0005", b'["alembic_version", {"version_num": "0001"}]', "no whole backup"),
        ("0005", b'["mailbox", {}]', "no whole backup"),
        ("9999", b'["closing", {"day": "2026-11-02"}]', "later than this one"),
        ("head", b'["closing", {"day": "2026-11-02"}]', "later than this one"),
        ("", b'["closing", {"day": "2026-11-02"}]', "later than this one"),
    ],
)
def test_lines_that_no_release_of_that_shape_wrote_are_refused(
    tmp_path: Path, shape: str, line: bytes, said: str
) -> None:
    file = _made(tmp_path / "cases", shape, [line])
    with pytest.raises(SettingRefused, match=said):
        verify(Store.CASES, file, RECOVERY)


def test_the_same_row_twice_is_refused_and_a_true_one_is_not(tmp_path: Path) -> None:
    line = b'["closing", {"day": "2026-11-02"}]'
    for shape in ("0005", newest_shape()):
        assert verify(Store.CASES, _made(tmp_path / shape, shape, [line]), RECOVERY).rows == 1
    with pytest.raises(SettingRefused, match="no whole backup"):
        verify(Store.CASES, _made(tmp_path / "twice", "0005", [line, line]), RECOVERY)


def _made(file: Path, shape: str, lines: list[bytes]) -> Path:
    """By anybody who has the public half."""
    with file.open("wb") as opened:
        header = Header(store=Store.CASES, mark=bytes(8))
        writer = BackupWriter.begin(opened, header, RECOVERY.public)
        for line in _dumped(shape, lines):
            writer.write(line + b"\n")
        writer.close()
    return file


def _dumped(shape: str, lines: list[bytes]) -> Iterator[bytes]:
    yield json.dumps([FORMAT, Store.CASES, "2026-11-02T10:30:00+03:00", shape, "00"]).encode()
    yield from lines
