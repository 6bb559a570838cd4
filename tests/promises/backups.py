"""Real backups of each store, as `sauti backup` writes them, and what is read of them: by whoever
finds the files, and by whoever has the recovery key too. And builds whose backups leak.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.backing_up import Store, back_up
from app.keys import DEPLOYMENT, SERVICE, KeyFolder, write_private
from app.settings import Settings
from crypto import backup_seal, symmetric
from crypto.backup_seal import MAGIC, BackupWriter, read_backup
from crypto.context import Context
from crypto.fields import join, split
from crypto.keyring import Keyring
from crypto.xwing import KeyPair, PublicKey
from storage import dumping
from storage.tables.metadata import STORES
from tests.fakes.world import MONDAY
from tests.house import DEPLOYMENT as DEPLOYMENT_ID
from tests.house import RECOVERY, House
from tests.promises.thief import Blob, Thief, thief_of

Files = Mapping[Store, Path]
Rows = Mapping[str, list[dict[str, Any]]]


def backed_up(settings: Settings, public: PublicKey, shelf: Path) -> Files:
    """One file a store."""
    files = {store: shelf / f"{store}.backup" for store in Store}
    for store, file in files.items():
        back_up(settings, store, file, public, MONDAY, say=str)
    return files


def of_house(house: House, shelf: Path) -> Files:
    return backed_up(settings_of(house), RECOVERY.public, shelf)


def settings_of(house: House) -> Settings:
    """With the keys where the command finds them."""
    folder = KeyFolder(house.folder).keys
    if not folder.exists():
        write_private(folder / DEPLOYMENT, DEPLOYMENT_ID.hex())
        write_private(folder / SERVICE, house.keyring.format())
    url = SecretStr(house.url) if house.url else None
    return Settings(_env_file=None, data_dir=house.folder, database_url=url)


def opened(store: Store, file: Path, pair: KeyPair) -> Rows:
    """By table: what the recovery key shows of it."""
    with file.open("rb") as sealed:
        _, *lines = b"".join(read_backup(sealed, store, pair)).splitlines()
    tables = {table.name: table for table in STORES[store].sorted_tables}
    rows: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        name, row = json.loads(line)
        rows.setdefault(name, []).append(dumping.read_row(tables[name], row))
    return rows


def values(rows: Rows) -> Iterator[bytes]:
    """In the order of the file."""
    for of_table in rows.values():
        for row in of_table:
            yield from (v if isinstance(v, bytes) else str(v).encode() for v in row.values())


async def thief_of_backups(house: House, files: Files) -> Thief:
    """With every key of `thief_of`, and nothing to open but the files."""
    thief = await thief_of(house)
    thief.blobs = [blob for file in files.values() for blob in _blobs(file.read_bytes())]
    return thief


def _blobs(whole: bytes) -> Iterator[Blob]:
    store, row, key, *chunks = split(whole.removeprefix(MAGIC))
    field = store.decode()
    context = Context(kind="backup", row=row, field=f"{field}/key")
    yield Blob(name="key", envelope=key, contexts=(context,))
    for number, chunk in enumerate(chunks):
        contexts = tuple(
            Context(kind="backup", row=row, field=f"{field}/{place}", generation=number)
            for place in ("more", "last")
        )
        yield Blob(name="chunk", envelope=chunk, contexts=contexts)


def writing_in_the_clear(patched: pytest.MonkeyPatch) -> None:
    def chunk(self: BackupWriter, plain: bytes, *, last: bool) -> None:  # noqa: ARG001 - the name is the caller's
        self.file.write(join(plain))

    patched.setattr(BackupWriter, "_chunk", chunk)


def sealing_under_the_service_keyring(patched: pytest.MonkeyPatch, keyring: Keyring) -> None:
    class Leaky:
        @staticmethod
        def seal(_: PublicKey, plaintext: bytes, context: Context) -> bytes:
            return symmetric.seal(keyring.newest.key, plaintext, context)

    patched.setattr(backup_seal, "xwing", Leaky)


def leaving_nothing_out(patched: pytest.MonkeyPatch) -> None:
    """Mailboxes, the outbox and chats of two days are in it."""
    patched.setattr(dumping, "LEFT_OUT", frozenset())
