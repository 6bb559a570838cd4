"""`make remnants`: how long what was destroyed stays in which file, measured by looking for it.

Forty reports with keys, envelopes and dialogue of pure chance come into the stores, twenty are
destroyed as a report ends. At each moment every file is read, and what of the twenty is still
in it is counted.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

import psycopg

from domain.desks.desk import NATIONAL
from domain.ledger.leaf import LeafHash
from domain.places.county import CountyCode
from domain.reports.entry import Entry, EntryKind
from domain.reports.report import Locator, Report, ReportId, ReportRef, SealedReport
from domain.reports.state import Author
from domain.reports.topic import Topic
from domain.reports.wishes import HowFar
from storage.migrate import upgrade
from storage.open import open_stores
from storage.stores import SqlStores
from tests.postgresql import Server, running_new

REPORTS, DESTROYED = 40, 20
PIECE = 32
DAY = date(2026, 11, 2)
CHECKPOINTS = 8

Files = dict[str, list[bytes]]
"""What is in the files, by what kind of file it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A report nobody wrote."""

    report: Report
    entry: Entry
    key: bytes

    def pieces(self) -> list[bytes]:
        """Of its envelopes, from their midst; three of the longest, which a database cuts."""
        sealed = self.report.sealed
        longest = [sealed.words[at : at + PIECE] for at in (64, 2048, 4000)]
        others = (sealed.dek_for_desk, sealed.case_for_code, self.entry.sealed)
        return longest + [each[PIECE : 2 * PIECE] for each in others]


@dataclass(slots=True, kw_only=True)
class Look:
    """One moment: by kind of file, how many keys, and how many reports of which a piece is left."""

    moment: str
    keys: Counter[str] = field(default_factory=Counter)
    reports: Counter[str] = field(default_factory=Counter)


def a_report(dice: Random, number: int) -> Chance:
    report = Report(
        id=ReportId(dice.randbytes(16)),
        ref=ReportRef(f"R{number:05}"),
        locator=Locator(f"L{number:04}"),
        county=CountyCode("022"),
        area=None,
        topic=Topic.THEFT,
        danger=False,
        kept_out=frozenset(),
        how_far=HowFar.DESK_ONLY,
        received=DAY,
        since=DAY,
        desk=NATIONAL,
        generation=1,
        sealed=SealedReport(
            words=dice.randbytes(4096),  # long enough for TOAST and for overflow pages
            dek_for_desk=dice.randbytes(1216),
            case_for_desk=dice.randbytes(1216),
            case_for_code=dice.randbytes(96),
        ),
        visits=dice.randbytes(64),
        intake_leaf=LeafHash(dice.randbytes(32)),
    )
    entry = Entry(
        report=report.id,
        number=0,
        kind=EntryKind.ADDITION,
        author=Author.CITIZEN,
        day=DAY,
        sealed=dice.randbytes(1088),
    )
    return Chance(report=report, entry=entry, key=dice.randbytes(32))


async def come(stores: SqlStores, there: Iterable[Chance]) -> None:
    for one in there:
        async with stores.shreds() as shreds:
            await shreds.keep(one.report.id, one.key)
            await shreds.commit()
        async with stores.cases() as cases:
            await cases.reports.add(one.report)
            await cases.entries.add(one.entry)
            await cases.commit()


async def go(stores: SqlStores, gone: Iterable[Chance], look: Callable[[str], None]) -> None:
    """As `domain.reports.ending` does; looks once inside each transaction."""
    inside = True
    for one in gone:
        async with stores.shreds() as shreds:
            await shreds.destroy(one.report.id)
            if inside:
                look("inside the transaction that destroys the first key")
            await shreds.commit()
        async with stores.cases() as cases:
            await cases.reports.remove(one.report.id)
            if inside:
                look("inside the transaction that deletes its rows")
            await cases.commit()
        inside = False


def seen(moment: str, files: Files, gone: list[Chance]) -> Look:
    look = Look(moment=moment)
    for kind, contents in files.items():
        disk = b"\0".join(contents)
        look.keys[kind] = sum(one.key in disk for one in gone)
        look.reports[kind] = sum(any(piece in disk for piece in one.pieces()) for one in gone)
    return look


def of_sqlite(folder: Path) -> Files:
    kinds: Files = {"database": [], "journal": []}
    for path in folder.glob("*.db*"):
        kinds["journal" if path.suffix == ".db-journal" else "database"].append(path.read_bytes())
    return kinds


RELATIONS = {"r": "tables", "t": "TOAST", "i": "indexes"}


def of_postgresql(server: Server) -> Files:
    """Without a checkpoint of its own: as the files lie there."""
    with psycopg.connect(server.url) as connection:
        rows = connection.execute(
            "SELECT pg_relation_filenode(oid)::text, relkind::text FROM pg_class"
            " WHERE pg_relation_filenode(oid) IS NOT NULL"
        ).fetchall()
        database = "SELECT oid::text FROM pg_database WHERE datname = current_database()"
        (own,) = connection.execute(database).fetchone() or ("",)
    kind_of = {str(node): RELATIONS.get(kind, "tables") for node, kind in rows}
    kinds: Files = {"tables": [], "TOAST": [], "indexes": [], "pg_wal": [], "other": []}
    for path in server.folder.rglob("*"):
        if not path.is_file() or path.stat().st_mtime < server.since or _elsewhere(path, own):
            continue
        kind = "other"
        if "pg_wal" in path.parts:
            kind = "pg_wal"
        elif "base" in path.parts:
            kind = kind_of.get(path.name.partition(".")[0].partition("_")[0], "other")
        kinds[kind].append(path.read_bytes().rstrip(b"\0"))
    return kinds


def _elsewhere(path: Path, own: str) -> bool:
    """In a database that is another's."""
    return "base" in path.parts and own not in path.parts


async def on_sqlite() -> list[Look]:
    dice, looks = Random(1), []
    there = [a_report(dice, number) for number in range(REPORTS)]
    gone = there[::2][:DESTROYED]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        await upgrade(None, folder)
        stores = await open_stores(None, folder)

        def look(moment: str) -> None:
            looks.append(seen(moment, of_sqlite(folder), gone))

        await come(stores, there)
        look("all are there")
        await go(stores, gone, look)
        look("deleted and committed")
        await stores.scrub()
        look("scrubbed")
        await stores.aclose()
    return looks


async def on_postgresql(*, recycled: bool) -> list[Look]:
    """`recycled`: as PostgreSQL comes, else as docs/operations.md asks."""
    dice, looks = Random(2), []
    there = [a_report(dice, number) for number in range(REPORTS)]
    gone = there[::2][:DESTROYED]
    with running_new() as server:
        if recycled:
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET wal_recycle = on")
                connection.execute("SELECT pg_reload_conf()")
        await upgrade(server.url, Path())
        stores = await open_stores(server.url, Path())

        def look(moment: str, *, checkpoint: bool = True) -> None:
            if checkpoint:
                with psycopg.connect(server.url, autocommit=True) as connection:
                    connection.execute("CHECKPOINT")
            looks.append(seen(moment, of_postgresql(server), gone))

        await come(stores, there)
        look("all are there")
        await go(stores, gone, lambda _: None)
        look("deleted and committed")
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("VACUUM shreds.shred, cases.report, cases.entry")
        look("after a plain VACUUM")
        await stores.scrub()
        look("scrubbed", checkpoint=False)
        for _ in range(CHECKPOINTS):
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute("SELECT pg_switch_wal()")
                connection.execute("CHECKPOINT")
        look(f"{CHECKPOINTS} segments and checkpoints later")
        await stores.aclose()
    return looks


def table(title: str, looks: list[Look]) -> str:
    """Keys / reports still found, of `DESTROYED`."""
    kinds = list(looks[0].keys)
    lines = [f"{title}: keys / reports found, of {DESTROYED}", ""]
    lines += ["| moment | " + " | ".join(kinds) + " |", "|---|" + "---|" * len(kinds)]
    for look in looks:
        found = [f"{look.keys[kind]} / {look.reports[kind]}" for kind in kinds]
        lines.append(f"| {look.moment} | " + " | ".join(found) + " |")
    return "\n".join(lines) + "\n"


async def main() -> None:
    print(table("SQLite", await on_sqlite()))
    print(table("PostgreSQL, set up as operations.md asks", await on_postgresql(recycled=False)))
    print(table("PostgreSQL as it comes", await on_postgresql(recycled=True)))


if __name__ == "__main__":
    asyncio.run(main())
