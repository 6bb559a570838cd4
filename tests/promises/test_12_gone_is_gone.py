"""Promise 12: gone is gone. A report that was withdrawn or has expired is unreadable by anyone
with every key and backup that is left, within a day of taking effect.

The thief has every file as it lies on the disk, journals and write-ahead log included, an older
copy of *cases*, and every key there ever was but the destroyed ones: the server's, the root's,
the custodians', the desk's, the member's, and the code. And the folder into which *shreds* was
backed up before and after, each time under another name.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.backing_up import Store, back_up
from crypto.code import derive_root, parse
from crypto.session import MemberSession
from crypto.shred import WRAP_LABEL
from crypto.symmetric import expand
from domain.places.county import CountyCode
from domain.ports.sealing import CaseSecret, CodeRefused, EnvelopeLost
from domain.reports.check import ReportExpired, ReportWithdrawn
from domain.reports.clocks import Clocks
from domain.reports.dialogue import opened
from domain.reports.entry import Entry
from domain.reports.files import CleanFile, FileKind
from domain.reports.own import Own
from domain.reports.report import Report
from domain.reports.state import NoActionReason, State
from domain.reports.withdrawal import WAITS
from storage import engines
from storage.addresses import SqlShreds
from storage.stores import SqlStores
from tests.databases import empty_database
from tests.deployment import POSTGRESQL, SQLITE
from tests.house import DEPLOYMENT, RECOVERY, ROOT, WORDS, House, a_founded_house, a_house
from tests.postgresql import Server
from tests.promises.backups import opened as opened_backup
from tests.promises.backups import settings_of

SECRETS = {
    "withdrawn": "They came back on Sunday, four of them",
    "expired": "The bar opens at dawn behind the chief's camp",
    "kept": "Nobody guards the bridge at night",
}
A_FILE = CleanFile(kind=FileKind.TEXT, content=b"Names were read out at the bridge.\n" * 40)
ELSEWHERE = CountyCode("032")
"""No desk of its own reads for it, so the national one does."""

PIECE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A report as an older copy of *cases* has it, and what there once was besides."""

    code: str
    report: Report
    entries: tuple[Entry, ...]
    files: bytes
    shred_key: bytes

    def envelopes(self) -> list[bytes]:
        """But the visits, which are written anew at each look."""
        sealed = self.report.sealed
        of_report = (sealed.words, sealed.dek_for_desk, sealed.case_for_desk, sealed.case_for_code)
        return [*of_report, self.files, *(entry.sealed for entry in self.entries)]

    def pieces(self) -> list[bytes]:
        return [
            whole[at : at + PIECE]
            for whole in self.envelopes()
            for at in range(0, len(whole) - PIECE + 1, max(PIECE, len(whole) // 3))
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`session`: unlocked, so with the desk's private keys and the member's. `shelf`: where
    backups of *shreds* lie; `older`: each that was there before the end, whole.
    """

    house: House
    server: Server | None
    shelf: Path
    older: tuple[bytes, ...]
    session: MemberSession
    gone: dict[str, Copied]
    kept: Copied

    def disk(self) -> bytes:
        if self.server is None:
            return self.house.files()
        return b"\0".join(self.server.everything_on_disk().values())

    def on_disk(self) -> dict[str, set[str]]:
        """What of each destroyed report is found in some file."""
        disk = self.disk()
        assert self.kept.shred_key in disk, "the thief knows how to look"
        assert all(piece in disk for piece in self.kept.pieces())
        assert not any(words.encode() in disk for words in (*WORDS, *SECRETS.values()))
        backed_up = self.backed_up()
        assert self.kept.shred_key in backed_up, "and how to open a backup"
        found = {}
        for name, copied in self.gone.items():
            parts = {"shred key"} if copied.shred_key in disk else set()
            parts |= {"envelopes"} if any(p in disk for p in copied.pieces()) else set()
            parts |= {"backed up key"} if copied.shred_key in backed_up else set()
            found[name] = parts
        return found

    def backed_up(self) -> set[bytes]:
        """Keys in whatever lies on the shelf, under any name."""
        rows = (opened_backup(Store.SHREDS, file, RECOVERY) for file in files_in(self.shelf))
        return {row["key"] for of_file in rows for row in of_file["shred"]}

    def older_backups(self) -> int:
        """Of how many some piece is left on the shelf."""
        left = b"\0".join(file.read_bytes() for file in files_in(self.shelf))
        return sum(any(piece in left for piece in _ends(whole)) for whole in self.older)

    async def read(self) -> set[str]:
        """Whose words or dialogue the thief reads in the older copy. Whatever of 32 bytes is
        left is tried in the place of the key that was destroyed.
        """
        keys = self._keys()
        return {
            name
            for name, copied in {**self.gone, "kept": self.kept}.items()
            if await self._opens(copied, keys)
        }

    async def _opens(self, copied: Copied, keys: set[bytes]) -> bool:
        """By the desk, or by the code."""
        sealer, today = self.house.sealer, self.house.clock.now().date()
        secrets: list[CaseSecret] = []
        tried = await sealer.try_code(sealer.read_code(copied.code))
        for key in keys:
            with suppress(EnvelopeLost):
                if self.session.words(copied.report, key).messages == WORDS:
                    return True
            with suppress(EnvelopeLost):
                if self.session.files(copied.report, copied.files, key) == (A_FILE,):
                    return True
            with suppress(EnvelopeLost):
                secrets.append(self.session.case(copied.report, key))
            with suppress(CodeRefused):
                secrets.append(tried.open(copied.report, key, today).case)
        return any(opened(copied.entries, secret) for secret in secrets)

    def _keys(self) -> set[bytes]:
        disk, copies = self.disk(), (*self.gone.values(), self.kept)
        seeds = {bytes(pair.seed) for pair in self.session.pairs.values()}
        roots = {derive_root(parse(copied.code), DEPLOYMENT) for copied in copies}
        held = {each.key for each in self.house.keyring.keys} | seeds | roots
        held |= {ROOT.loaded.private_bytes_raw(), bytes(RECOVERY.seed), bytes(32)}
        held |= {expand(key, WRAP_LABEL) for key in held}
        held |= self.backed_up()
        return held | {copied.shred_key for copied in copies if copied.shred_key in disk}


def files_in(shelf: Path) -> list[Path]:
    return sorted(path for path in shelf.rglob("*") if path.is_file())


def _ends(whole: bytes) -> list[bytes]:
    """Pieces of the sealed part of a backup: what it begins with they have all alike."""
    sealed = whole[-len(whole) // 3 :]
    return [sealed[at : at + PIECE] for at in range(0, len(sealed) - PIECE + 1, PIECE)]


def shelve(house: House, shelf: Path) -> bytes:
    """As `sauti backup shreds` does, under the name of the day; what it wrote."""
    now = house.clock.now()
    file = shelf / f"shreds-{now.date()}.backup"
    back_up(settings_of(house), Store.SHREDS, file, RECOVERY.public, now, say=str)
    return file.read_bytes()


async def lived(house: House, server: Server | None, shelf: Path) -> Case:
    """One report is withdrawn, one has been closed for half a year, one stays. *Shreds* is backed
    up twice before the end, and once after.
    """
    first = house.first
    await house.unlock(first)
    sent = {name: await house.sent(county=ELSEWHERE, files=(A_FILE,)) for name in SECRETS}
    for name, (code, report) in sent.items():
        held = (await house.check(code)).held
        await house.own(held).say(Own.ADDITION, SECRETS[name])
        await house.desk(first).claim(report.ref)
    _, over = sent["expired"]
    await house.desk(first).status(over.ref, State.NO_ACTION, NoActionReason.ALREADY_HANDLED)
    older = [shelve(house, shelf)]
    house.clock.passes(days=Clocks().kept_days - WAITS.days)
    await house.stores.remix(house.clock.now())  # files move on once their day is over
    held = (await house.check(sent["withdrawn"][0])).held
    await house.own(held).withdraw(wanted=True)
    copies = {name: await copied(house, *each) for name, each in sent.items()}
    older.append(shelve(house, shelf))
    house.clock.passes(days=WAITS.days)
    await bell(house)
    shelve(house, shelf)
    for name, told in (("withdrawn", ReportWithdrawn), ("expired", ReportExpired)):
        with pytest.raises(told):
            await house.check(sent[name][0])
    kept = copies.pop("kept")
    session = await house.unlock(first)
    return Case(
        house=house,
        server=server,
        shelf=shelf,
        older=tuple(older),
        session=session,
        gone=copies,
        kept=kept,
    )


async def copied(house: House, code: str, sent: Report) -> Copied:
    async with house.stores.cases() as cases:
        entries = tuple(await cases.entries.of(sent.id))
        files = await cases.attachments.of(sent.id)
    assert files is not None
    return Copied(
        code=code,
        report=await house.report(sent.id),
        entries=entries,
        files=files,
        shred_key=await house.shred_key(sent.id),
    )


async def bell(house: House) -> None:
    alarms: list[object] = []
    retention = house.retention(alarms.append)
    ended = await retention.run(house.clock.now())
    assert (ended, alarms) == (2, [])


Lives = Callable[[], AbstractAsyncContextManager[Case]]


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def lives(request: pytest.FixtureRequest, tmp_path: Path) -> Lives:
    """On either database, however careless the build is by then."""
    server, url, folder = None, None, tmp_path / "house"
    if request.param == POSTGRESQL:
        server, url = request.getfixturevalue("postgresql"), empty_database(request, tmp_path).url

    @asynccontextmanager
    async def live() -> AsyncIterator[Case]:
        async with a_founded_house(folder, url) if url else a_house(folder) as house:
            yield await lived(house, server, tmp_path / "shelf")

    return live


async def test_neither_the_key_nor_what_it_closed_is_in_any_file_and_nothing_opens(
    lives: Lives,
) -> None:
    """What is kept opens all the same: the thief knew how."""
    async with lives() as case:
        assert case.on_disk() == {"withdrawn": set(), "expired": set()}
        assert (len(case.older), case.older_backups()) == (2, 0)
        assert await case.read() == {"kept"}


async def test_a_build_that_keeps_older_backups_of_shreds_is_found_out(
    lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "keeps_newest_only", False)
    async with lives() as case:
        assert case.on_disk() == {"withdrawn": {"backed up key"}, "expired": {"backed up key"}}
        assert case.older_backups() == 2
        assert await case.read() == {"withdrawn", "expired", "kept"}


async def test_a_build_that_keeps_the_key_is_found_out(
    lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def kept(*_: object) -> None: ...

    monkeypatch.setattr(SqlShreds, "destroy", kept)
    async with lives() as case:
        both = {"shred key", "backed up key"}
        assert case.on_disk() == {"withdrawn": both, "expired": both}
        assert await case.read() == {"withdrawn", "expired", "kept"}


@pytest.mark.also_on_postgresql
async def test_a_build_that_only_marks_rows_as_deleted_is_found_out(
    lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite without `secure_delete`, PostgreSQL without its tables written anew."""

    async def nothing(*_: object) -> None: ...

    careless = tuple(
        each.replace("secure_delete=ON", "secure_delete=OFF") for each in engines.PRAGMAS
    )
    monkeypatch.setattr(engines, "PRAGMAS", careless)
    monkeypatch.setattr(SqlStores, "scrub", nothing)
    async with lives() as case:
        assert {part for parts in case.on_disk().values() for part in parts} != set()
