"""What no implementation could avoid for one report: the code's Argon2id, two HPKE seals and one
AES-GCM of its words, and two commits that a power cut does not undo.
"""

import os
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from crypto import code as codes
from crypto import symmetric, xwing
from crypto.context import Context
from crypto.xwing import KeyPair
from storage.engines import PRAGMAS

KILOBYTE = "It happened again at the stage. " * 32
CONTEXT = Context(kind="bench", row=bytes(16), field="words")
SIZES = (32, 5000)
"""Bytes of a shred key; of a report with its first event and leaf."""


@dataclass(slots=True, kw_only=True)
class Raw:
    disk: sqlite3.Connection
    pair: KeyPair = field(default_factory=KeyPair.generate)

    @classmethod
    def at(cls, folder: Path) -> Self:
        disk = sqlite3.connect(folder / "raw.db", isolation_level=None, check_same_thread=False)
        for pragma in PRAGMAS:
            disk.execute(pragma)
        disk.execute("CREATE TABLE IF NOT EXISTS t (k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID")
        return cls(disk=disk)

    def derive(self) -> None:
        codes.derive_root(codes.mint(), bytes(16))

    def seal(self) -> None:
        key = os.urandom(32)
        xwing.seal(self.pair.public, key, CONTEXT)
        xwing.seal(self.pair.public, key, CONTEXT)
        symmetric.seal(key, KILOBYTE.encode(), CONTEXT)

    def keep(self, sizes: tuple[int, ...] = SIZES) -> None:
        for size in sizes:
            self.disk.execute("BEGIN IMMEDIATE")
            self.disk.execute("INSERT INTO t VALUES (?, ?)", (os.urandom(16), os.urandom(size)))
            self.disk.execute("COMMIT")

    def report(self) -> None:
        self.derive()
        self.seal()
        self.keep()
