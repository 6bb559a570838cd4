"""A restore that is refused leaves the service keyring as it is, on both databases."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.backing_up import Store
from app.cli import restoring as command
from app.custody_files import RecoveryPlaces
from app.keyring_file import keyring_here, keyring_place, replace_keyring
from app.restoring import Wishes
from app.settings import SettingRefused
from crypto.xwing import KeyPair
from tests.databases import Database
from tests.house import RECOVERY
from tests.integration.operator import Operator, an_operator


@pytest.fixture
async def operator(database: Database, tmp_path: Path) -> AsyncIterator[Operator]:
    async with an_operator(database, tmp_path / "shelf") as operator:
        yield operator


@contextmanager
def shares_are_typed(*_: object) -> Iterator[KeyPair]:
    yield RECOVERY


async def test_the_former_key_does_not_come_back_where_addresses_holds_rows(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rotated since the backup: whoever has the former key opens what is sealed under it."""
    settings, file = operator.settings, operator.backed_up(Store.ADDRESSES)
    rotated = keyring_here(settings).rotated().newest_only()
    replace_keyring(keyring_place(settings), rotated)
    monkeypatch.setattr(command, "recovery_pair", shares_are_typed)
    places = RecoveryPlaces(wraps=None, shares=(), undivided=None)
    with pytest.raises(SettingRefused, match="--overwrite does it"):
        await command._restore(settings, Store.ADDRESSES, file, places, Wishes())
    assert keyring_here(settings) == rotated
    await command._restore(settings, Store.ADDRESSES, file, places, Wishes(overwrite=True))
    assert len(keyring_here(settings).keys) == 2
