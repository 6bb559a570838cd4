"""Promise 2, backups: who finds the backups of all three stores opens nothing with any key of
the server, the root's secret among them. They open with the recovery key alone.
"""

import base64
from pathlib import Path

import pytest

from app.backing_up import Store
from domain.reports.files import CleanFile, FileKind
from storage.tables.metadata import STORES
from tests.house import RECOVERY, House
from tests.promises.backups import (
    Files,
    of_house,
    opened,
    sealing_under_the_service_keyring,
    thief_of_backups,
    values,
    writing_in_the_clear,
)

FILES = (CleanFile(kind=FileKind.TEXT, content=b"A list of their names"),)
SHORTEST = 12
"""Bytes of a value that is not found by chance."""


@pytest.fixture
def house(staffed_house: House) -> House:
    return staffed_house


async def lived(house: House, shelf: Path) -> Files:
    """A report that came, was looked at by its code and read, while the backup is made."""
    code, _ = await house.sent(files=FILES)
    await house.check(code)
    await house.unlock(house.neighbour)
    await house.desk(house.neighbour).next()
    return of_house(house, shelf)


def in_the_clear(house: House, files: Files) -> set[str]:
    """Columns of which a value stands in some backup, as it is or as a dump spells it."""
    raw = b"".join(file.read_bytes() for file in files.values())
    found = set()
    for store in Store:
        for table in STORES[store].sorted_tables:
            names = [column.name for column in table.c]
            query = f"SELECT {', '.join(names)} FROM {table.name}"  # noqa: S608 - names of ours
            for row in house.rows(store, query):
                for name, value in zip(names, row, strict=True):
                    kept = value if isinstance(value, bytes) else str(value).encode()
                    if len(kept) >= SHORTEST and (kept in raw or base64.b64encode(kept) in raw):
                        found.add(f"{table.name}.{name}")
    return found


async def test_a_backup_opens_with_the_recovery_key_alone(house: House, tmp_path: Path) -> None:
    files = await lived(house, tmp_path / "shelf")
    thief = await thief_of_backups(house, files)
    assert thief.rob() == []
    assert in_the_clear(house, files) == set()

    thief.keys |= {bytes(RECOVERY.seed)}
    assert [name for name, _ in thief.rob()].count("chunk") == len(Store), "the thief knew how"
    for store, file in files.items():
        rows = opened(store, file, RECOVERY)
        assert rows, store
        assert not any(FILES[0].content in value for value in values(rows))


async def test_a_build_that_writes_backups_in_the_clear_is_found_out(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing_in_the_clear(monkeypatch)
    found = in_the_clear(house, await lived(house, tmp_path / "shelf"))
    assert {"report.dek_for_desk", "shred.key", "staff_chat.sealed"} <= found


async def test_a_build_that_seals_backups_under_the_service_keyring_is_found_out(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealing_under_the_service_keyring(monkeypatch, house.keyring)
    files = await lived(house, tmp_path / "shelf")
    thief = await thief_of_backups(house, files)
    assert [name for name, _ in thief.rob()].count("chunk") == len(Store)
