"""SQLite in its thread, one trip a statement.

aiosqlite takes four: for a cursor, the statement, its rows, and to close it. Most of what a
report costs was the way there and back.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self, cast

import aiosqlite
from typing_extensions import override


def connect(path: str, **options: Any) -> "OneTripConnection":
    """As `aiosqlite.connect`: not connected until awaited."""
    connection = OneTripConnection(lambda: sqlite3.connect(path, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does for its own
    return connection


class OneTripConnection(aiosqlite.Connection):
    @override
    def cursor(self) -> "OneTripCursor":  # type: ignore[override]
        return OneTripCursor(self)

    async def whole(self, run: Callable[[sqlite3.Cursor], object]) -> "Answer":
        """In the thread: a cursor, what is run on it, its rows, and it is closed."""
        return cast("Answer", await self._execute(self._whole, run))  # type: ignore[no-untyped-call]

    def _whole(self, run: Callable[[sqlite3.Cursor], object]) -> "Answer":
        cursor = self._conn.cursor()
        try:
            run(cursor)
            rows = cursor.fetchall() if cursor.description else []
            return cursor.description, cursor.rowcount, cursor.lastrowid, rows
        finally:
            cursor.close()


Answer = tuple[Any, int, int | None, list[Any]]
"""description, rowcount, lastrowid (PEP 249), rows."""


class OneTripCursor:
    """What SQLAlchemy asks of a cursor of aiosqlite; it holds rows, and nothing of SQLite."""

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self._answer: Answer = (None, -1, None, [])

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        return self._answer[0]

    @property
    def rowcount(self) -> int:
        return self._answer[1]

    @property
    def lastrowid(self) -> int | None:
        return self._answer[2]

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        self._answer = await self._connection.whole(
            lambda cursor: cursor.execute(statement, parameters)
        )

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> None:
        self._answer = await self._connection.whole(
            lambda cursor: cursor.executemany(statement, parameters)
        )

    async def fetchall(self) -> list[Any]:
        return self._answer[3]

    async def close(self) -> None:
        """Closed already: nothing is left in SQLite."""
