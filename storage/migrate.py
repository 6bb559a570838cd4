"""One Alembic history for all three stores, on both databases; needs no ini file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateSchema

from storage.engines import open_engine
from storage.errors import told_apart
from storage.tables.metadata import STORES

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent / "migrations"

TURN = 0x5A071
"""PostgreSQL's advisory lock: of several bots that start together, one upgrades."""


async def upgrade(database_url: str | None, data_dir: Path) -> None:
    """To this release's shape, each store in one transaction. What is there already stays.

    Raises StoreUnavailable.
    """
    for store in STORES:
        async with _connected(store, database_url, data_dir) as connection:
            await connection.run_sync(_upgrade, store)
            await connection.commit()


async def is_current(database_url: str | None, data_dir: Path) -> bool:
    """Whether every store is in this release's shape. Makes nothing.

    Raises StoreUnavailable.
    """
    if database_url is None and not all((data_dir / f"{store}.db").exists() for store in STORES):
        return False
    for store in STORES:
        async with _connected(store, database_url, data_dir) as connection:
            if not await connection.run_sync(_is_current, store):
                return False
    return True


@asynccontextmanager
async def _connected(
    store: str, database_url: str | None, data_dir: Path
) -> AsyncIterator[AsyncConnection]:
    engine = open_engine(store, database_url, data_dir).engine
    try:
        with told_apart():
            async with engine.connect() as connection:
                yield connection
    finally:
        await engine.dispose()


def _config(connection: Connection, store: str) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - slow to import, and rarely needed

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes.update(connection=connection, store=store)
    return config


def _upgrade(connection: Connection, store: str) -> None:
    from alembic import command  # noqa: PLC0415 - slow to import, and rarely needed

    connection.begin()  # else Alembic commits each migration on SQLite, and others come between
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        if not inspect(connection).has_schema(store):
            connection.execute(CreateSchema(store))
    command.upgrade(_config(connection, store), "head")


def migrate(connection: Connection, store: str, shape: str) -> None:
    """Up to `shape`, in the transaction that is open."""
    from alembic import command  # noqa: PLC0415 - slow to import, and rarely needed

    command.upgrade(_config(connection, store), shape)


@cache
def newest_shape() -> str:
    """The name of this release's shape."""
    return shapes()[0]


@cache
def shapes() -> tuple[str, ...]:
    """Names of this release's and all earlier shapes, the newest first."""
    from alembic.config import Config  # noqa: PLC0415 - slow to import, and rarely needed
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - slow to import

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    history = ScriptDirectory.from_config(config).walk_revisions()
    return tuple(script.revision for script in history)


def _is_current(connection: Connection, store: str) -> bool:
    from alembic.migration import MigrationContext  # noqa: PLC0415 - slow to import

    head = newest_shape()
    options = {"version_table_schema": version_schema(connection, store)}
    context = MigrationContext.configure(connection, opts=options)
    return context.get_current_revision() == head


def version_schema(connection: Connection, store: str) -> str | None:
    """Where the store's `alembic_version` is: its schema, or its SQLite file."""
    return store if connection.dialect.name == "postgresql" else None
