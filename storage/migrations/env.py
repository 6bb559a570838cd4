"""Runs the migrations of one store over a connection given by `storage.migrate`."""

from alembic import context

from storage.migrate import version_schema
from storage.tables.metadata import STORES

connection = context.config.attributes["connection"]
store = context.config.attributes["store"]
context.configure(
    connection=connection,
    target_metadata=STORES[store],
    version_table_schema=version_schema(connection, store),
    include_schemas=True,
)
context.run_migrations()
