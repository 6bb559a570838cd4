"""What lies in a house's stores and on its disk, as somebody with every file finds it: SQLite
files, or PostgreSQL with its PGDATA.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from storage.tables.metadata import STORES
from tests.postgresql import Server

PIECE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """`url` None: three files in `folder`. `server`: whose PGDATA is read, where it is at hand."""

    folder: Path
    url: str | None = None
    server: Server | None = None

    def rows(self, store: str, query: str, *values: object) -> list[tuple[Any, ...]]:
        """`?` stands for each value, on both databases."""
        if self.url is None:
            with closing(sqlite3.connect(self.folder / f"{store}.db")) as file:
                return file.execute(query, values).fetchall()
        with self._within(store) as connection:
            return connection.execute(_spelt(query), values).fetchall()

    def tamper(self, store: str, statement: str, *values: object) -> int:
        """How many rows it changed."""
        if self.url is None:
            with closing(sqlite3.connect(self.folder / f"{store}.db")) as file, file:
                return file.execute(statement, values).rowcount
        with self._within(store) as connection:
            return connection.execute(_spelt(statement), values).rowcount

    def _within(self, store: str) -> Connection[tuple[Any, ...]]:
        assert self.url is not None
        return psycopg.connect(self.url, options=f"-c search_path={store}")

    def files(self) -> bytes:
        """Every byte on disk, journals included. Of PostgreSQL heap, write-ahead log and log,
        and each value as its server gives it: in the heap a long one lies in pieces.
        """
        found = [path.read_bytes() for path in self.folder.rglob("*") if path.is_file()]
        if self.url is not None:
            assert self.server is not None, "its files are not at hand"
            found += [*self.server.everything_on_disk().values(), *self.values()]
        return b"\n".join(found)

    def store(self, name: str) -> bytes:
        """As `files`, of one store. PostgreSQL keeps one write-ahead log for all three, so of
        it the heaps, indexes and values.
        """
        if self.url is None:
            return (self.folder / f"{name}.db").read_bytes()
        assert self.server is not None, "its files are not at hand"
        return b"\n".join([*self.server.schema_on_disk(self.url, name), *self.values(name)])

    def heap(self, store: str, table: str) -> bytes:
        """Where a table's rows lie: of SQLite the whole file of the store."""
        if self.url is None:
            return self.store(store)
        assert self.server is not None, "its files are not at hand"
        return self.server.heap_on_disk(self.url, f"{store}.{table}")

    def values(self, *stores: str) -> list[bytes]:
        """Of every column of the stores, of all three unless some are named."""
        assert self.url is not None
        with psycopg.connect(self.url) as connection:
            return [
                _bytes(value)
                for store in stores or STORES
                for table in STORES[store].sorted_tables
                for row in connection.execute(
                    SQL("SELECT * FROM {}").format(Identifier(store, table.name))
                )
                for value in row
            ]


def shows(disk: bytes, words: str) -> bool:
    """Whether it holds them. PostgreSQL's compression puts a byte of its own after each eight
    it leaves as they are, so eight in a row are enough: give it words like no others.
    """
    raw = words.encode()
    pieces = {raw[at : at + PIECE] for at in range(max(1, len(raw) - PIECE + 1))}
    return any(piece in disk for piece in pieces)


def _spelt(query: str) -> bytes:
    return query.replace("?", "%s").encode()


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()
