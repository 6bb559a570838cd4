"""What was deleted leaves the files too.

SQLite has written zeros over it by then (`secure_delete`). PostgreSQL only marks it, and a plain
VACUUM frees the room without writing over it: VACUUM FULL writes the table, its TOAST and its
indexes anew. The write-ahead log is let go of as after a remix.
"""

from collections.abc import Iterable

from sqlalchemy import Table, text

from storage.engines import StoreEngine
from storage.errors import told_apart
from storage.remix import drop_log

PATIENCE = "500ms"
"""Nobody is waited for: whoever sends a report would wait behind."""


async def scrub(store: StoreEngine, tables: Iterable[Table]) -> None:
    """Raises StoreUnavailable, also where somebody else holds a table: try again later."""
    if store.engine.dialect.name != "postgresql":
        return
    with told_apart():
        async with store.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text(f"SET lock_timeout = '{PATIENCE}'"))
            try:
                for table in tables:
                    await connection.execute(text(f"VACUUM (FULL) {table.fullname}"))
                await drop_log(connection)
            finally:
                await connection.execute(text("RESET lock_timeout"))
