"""Opening the stores that `migrate` has made."""

from pathlib import Path

from storage.engines import open_engine
from storage.stores import SqlStores


async def open_stores(database_url: str | None, data_dir: Path) -> SqlStores:
    """SQLite files under `data_dir`, or `postgresql://…`. Connects when first used."""
    return SqlStores(
        cases_engine=open_engine("cases", database_url, data_dir),
        addresses_engine=open_engine("addresses", database_url, data_dir),
        shreds_engine=open_engine("shreds", database_url, data_dir),
    )
