"""Backups that a release made, kept for ever beside its stores: `python -m tests.golden_backups
NAME` makes those of a golden set. By the release that wrote the set: another dumps its own shape.
"""

import sys
import tempfile
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from app.backing_up import Store, back_up
from app.keys import DEPLOYMENT, ROOT_PUBLIC, SERVICE, KeyFolder, write_private
from app.settings import Settings
from crypto.spelling import ROOT_PUBLIC as SPELT
from crypto.spelling import spell
from crypto.xwing import KeyPair
from tests.golden import HOME, Golden

SHELF = HOME.with_name("backups")
SEED = "recovery.seed"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBackups:
    """Of the three stores of `golden`."""

    golden: Golden

    def file(self, store: Store) -> Path:
        return SHELF / self.golden.name / store

    def pair(self) -> KeyPair:
        """What they are sealed to."""
        return KeyPair.from_seed(b64decode((SHELF / self.golden.name / SEED).read_text("ascii")))

    def settings(self, folder: Path, database_url: str | None) -> Settings:
        """With the keys of then beside the data."""
        keys = KeyFolder(folder).keys
        write_private(keys / DEPLOYMENT, self.golden.held("deployment").hex())
        write_private(keys / SERVICE, self.golden.held("keyring").decode())
        write_private(keys / ROOT_PUBLIC, spell(SPELT, self.golden.held("root_public")))
        url = SecretStr(database_url) if database_url else None
        return Settings(_env_file=None, data_dir=folder, database_url=url)

    def write(self) -> None:
        pair = KeyPair.from_seed(self.golden.held("recovery_seed"))
        (SHELF / self.golden.name).mkdir(parents=True)
        with tempfile.TemporaryDirectory() as data, tempfile.TemporaryDirectory() as apart:
            settings = self.settings(Path(data), None)
            self.golden.put_into(Path(data))
            for store in Store:
                file, now = Path(apart) / store / store, self.golden.moment()
                back_up(settings, store, file, pair.public, now, say=print)
                self.file(store).write_bytes(file.read_bytes())
        seed = SHELF / self.golden.name / SEED
        seed.write_text(b64encode(pair.seed).decode() + "\n", "ascii")


if __name__ == "__main__":
    KeptBackups(golden=Golden(name=sys.argv[1])).write()
