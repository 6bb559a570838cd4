"""Three stores, three sets of tables that never meet."""

from sqlalchemy import MetaData, Table, inspect
from sqlmodel import SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
}

CASES = MetaData(schema="cases", naming_convention=NAMES)
ADDRESSES = MetaData(schema="addresses", naming_convention=NAMES)
SHREDS = MetaData(schema="shreds", naming_convention=NAMES)

STORES = {"cases": CASES, "addresses": ADDRESSES, "shreds": SHREDS}

NO_ROWID = {"sqlite_with_rowid": False}
"""SQLite would number the rows in order of arrival otherwise."""


def table_of(row: type[SQLModel]) -> Table:
    """For queries that are not mapped: rows never leave `storage`."""
    table = inspect(row).local_table
    assert isinstance(table, Table)
    return table
