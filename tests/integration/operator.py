"""Who backs up and restores, with the recovery key at hand."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from pydantic import SecretStr

from app.backing_up import Store, back_up
from app.keys import DEPLOYMENT, ROOT_PUBLIC, SERVICE, KeyFolder, write_private
from app.restoring import Restored, Wishes, restore
from app.settings import Settings
from crypto.keyring import Keyring
from crypto.spelling import ROOT_PUBLIC as SPELT
from crypto.spelling import spell
from crypto.xwing import KeyPair
from domain.desks.desk import NATIONAL as NATIONAL_DESK
from domain.errors import DomainError
from domain.ports.stores import Cases
from domain.reports.ending import end
from domain.reports.report import Report
from domain.reports.tombstone import Ending, Tombstone
from domain.reports.wishes import KeptOut
from storage.tables.metadata import STORES
from tests.databases import Database
from tests.house import DEPLOYMENT as DEPLOYMENT_ID
from tests.house import RECOVERY, ROOT, House, Moderator, a_founded_house

LOST = Wishes(revoked=frozenset())
"""Nothing is left, and nobody was revoked."""

OVER = Wishes(overwrite=True)
NATIONAL = {"kept_out": frozenset({KeptOut.CHIEF})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who backs up and restores, with the recovery key at hand."""

    house: House
    settings: Settings
    url: str | None
    shelf: Path

    def backed_up(self, store: Store, name: str = "") -> Path:
        file = self.shelf / (name or store)
        back_up(self.settings, store, file, RECOVERY.public, self.house.clock.now(), say=print)
        return file

    def restored(
        self, store: Store, file: Path, wishes: Wishes = LOST, pair: KeyPair = RECOVERY
    ) -> Restored:
        now = self.house.clock.now()
        return restore(self.settings, store, file, pair, now=now, say=print, wishes=wishes)

    def lose(self) -> None:
        """The disk is gone: every row of every store."""
        for store, metadata in STORES.items():
            for table in metadata.sorted_tables:
                if self.url is None:
                    with closing(sqlite3.connect(self.settings.data_dir / f"{store}.db")) as file:
                        file.execute(f"DELETE FROM {table.name}")  # noqa: S608 - our own name
                        file.commit()
                else:
                    with psycopg.connect(self.url) as connection:
                        connection.execute(f"TRUNCATE {table.fullname}".encode())

    async def revoked(self, member: Moderator) -> None:
        """As `sauti staff revoke` does."""
        async with self.house.stores.cases() as cases:
            await cases.staff.hold(NATIONAL_DESK)
            await cases.staff.revoke(member.id)
            await cases.commit()

    async def renewed(self) -> int:
        """By the first member, who is unlocked."""
        renewing = self.house.renewing(_must_not)
        return await renewing.run()

    async def read(self, report: Report) -> tuple[str, ...]:
        await self.house.unlock(self.house.first)
        return (await self.house.desk(self.house.first).open(report.ref)).words.messages

    async def ended(self, report: Report) -> None:
        """As `retention` does."""
        tombstone = Tombstone(
            leaf=report.intake_leaf, ending=Ending.EXPIRED, month=date(2026, 11, 1)
        )

        async def entomb(cases: Cases) -> bool:
            await cases.tombstones.add(tombstone)
            return True

        assert await end(report.id, entomb, self.house.stores)


def _must_not(alarm: DomainError) -> None:
    raise AssertionError(alarm)


@asynccontextmanager
async def an_operator(database: Database, shelf: Path) -> AsyncIterator[Operator]:
    folder = KeyFolder(database.folder).keys
    write_private(folder / DEPLOYMENT, DEPLOYMENT_ID.hex())
    write_private(folder / SERVICE, Keyring.generate().format())
    write_private(folder / ROOT_PUBLIC, spell(SPELT, ROOT.public))
    url = SecretStr(database.url) if database.url else None
    settings = Settings(_env_file=None, data_dir=database.folder, database_url=url)
    async with a_founded_house(database.folder, database.url) as house:
        yield Operator(house=house, settings=settings, url=database.url, shelf=shelf)
