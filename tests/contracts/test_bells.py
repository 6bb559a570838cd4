"""When jobs were last done, and who leads: wherever it is kept."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from domain.ports.lead import Lead
from domain.ports.stores import Stores
from storage.errors import StoreUnavailable
from storage.leading import PostgresqlLead, is_led, open_lead
from tests.contracts.samples import MIDNIGHT
from tests.databases import Database

ROOT = Path(__file__).parents[2]
HOUR = timedelta(hours=1)

LEADS = """
import asyncio, pathlib, sys
from storage.leading import open_lead
folder, *url = sys.argv[1:]

async def main():
    lead = open_lead(url[0] if url else None, pathlib.Path(folder), "clock")
    print(await lead.held(), flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_the_last_moment_of_a_job_is_kept_and_never_goes_back(stores: Stores) -> None:
    async with stores.cases() as cases:
        assert await cases.bells.all() == {}
        await cases.bells.record("remix", MIDNIGHT)
        await cases.bells.record("digest", MIDNIGHT - HOUR)
        await cases.bells.record("remix", MIDNIGHT + HOUR)
        await cases.bells.record("remix", MIDNIGHT)
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.bells.all() == {"remix": MIDNIGHT + HOUR, "digest": MIDNIGHT - HOUR}


async def test_it_goes_back_from_a_moment_that_is_not_here_yet(stores: Stores) -> None:
    """The clock ran ahead when it was recorded. What another leader recorded meanwhile stays."""
    async with stores.cases() as cases:
        await cases.bells.record("remix", MIDNIGHT + 99 * HOUR)
        await cases.bells.record("digest", MIDNIGHT)
        for name in ("remix", "digest"):
            await cases.bells.record(name, MIDNIGHT - HOUR, MIDNIGHT)
        await cases.commit()
    async with stores.cases() as cases:
        assert await cases.bells.all() == {"remix": MIDNIGHT - HOUR, "digest": MIDNIGHT}


def a_lead(database: Database, name: str = "clock") -> Lead:
    return open_lead(database.url, database.folder, name)


async def test_one_leads_and_another_follows_when_it_leaves(database: Database) -> None:
    first, second = a_lead(database), a_lead(database)
    assert [await first.held(), await first.held(), await second.held()] == [True, True, False]
    await first.leave()
    assert [await second.held(), await first.held()] == [True, False]
    await second.leave()


async def test_whether_anybody_leads_is_asked_by_several_and_takes_nothing(
    database: Database,
) -> None:
    async def asked() -> list[bool]:
        given = (database.url, database.folder, "clock")
        return list(await asyncio.gather(is_led(*given), is_led(*given)))

    lead = a_lead(database)
    assert await asked() == [False, False]
    assert await lead.held()
    assert await asked() == [True, True]
    await lead.leave()
    assert await asked() == [False, False]


async def test_who_leads_in_one_thing_does_not_in_another(database: Database) -> None:
    clock, bot = a_lead(database), a_lead(database, "bot-4711")
    assert [await clock.held(), await bot.held()] == [True, True]
    await clock.leave()
    await bot.leave()


async def test_when_the_leading_process_is_killed_the_next_one_leads(database: Database) -> None:
    given = (str(database.folder), *([database.url] if database.url else []))
    leader = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LEADS, *given), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert leader.stdout is not None
    assert (await leader.stdout.readline()).strip() == b"True"
    standby = a_lead(database)
    assert not await standby.held()
    leader.kill()
    await leader.communicate()
    async with asyncio.timeout(10):
        while not await standby.held():  # noqa: ASYNC110 - a standby looks again and again
            await asyncio.sleep(0.02)
    await standby.leave()


async def test_whoever_loses_the_connection_leads_no_more(postgresql_made: str) -> None:
    first, second = (open_lead(postgresql_made, Path(), "clock") for _ in range(2))
    assert isinstance(first, PostgresqlLead)
    assert await first.held()
    assert first.connection is not None
    raw = await first.connection.get_raw_connection()
    assert raw.driver_connection is not None
    with psycopg.connect(postgresql_made, autocommit=True) as other:
        pid = raw.driver_connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert await second.held()
    with pytest.raises(StoreUnavailable):
        await first.held()
    assert not await first.held()
    await second.leave()


async def test_with_no_database_nobody_leads(tmp_path: Path) -> None:
    lead = open_lead("postgresql://sauti@127.0.0.1:1/sauti", tmp_path, "clock")
    with pytest.raises(StoreUnavailable):
        await lead.held()
