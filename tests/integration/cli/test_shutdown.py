"""`sauti shutdown`: nothing opens any more, whatever anybody held; what counts and proves stays."""

import asyncio
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

import pytest

from app import shutdown
from app.backing_up import Store
from app.inviting import make_invite
from app.keys import RECOVERY_SECRET as RECOVERY_FILE
from app.keys import ROOT_SECRET, SERVICE, KeyFolder
from app.newest_shreds import NAME
from app.opening import open_house
from app.settings import Settings
from crypto.code import derive_root, parse
from crypto.keyring import Keyring
from crypto.sealer import ReportSealer
from crypto.session import MemberSession
from crypto.spelling import RECOVERY_SECRET, read, read_root_secret
from crypto.xwing import SEED_BYTES
from domain.desks.desk import NATIONAL
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.ports.sealing import CodeRefused, EnvelopeLost
from domain.reports.draft import Draft
from domain.reports.report import Report, ReportId
from domain.reports.submit import submit
from domain.reports.topic import Topic
from domain.staff.member import Role
from storage import closing as storage_closing
from storage.leading import FileLead
from tests.integration.cli.shell import TOKEN, Shell

YES = "--yes-destroy-everything"
WORDS = ("They come at night to the bridge.",)
NONCE = ReportId(b"r" * 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What everybody held before: the server's keys, the desk's and a member's in `session`, the
    root's and the custodians', the citizen's code; and an older copy of the report.
    """

    keys: frozenset[bytes]
    session: MemberSession
    sealer: ReportSealer
    code: str
    report: Report
    shred_key: bytes

    async def opens(self, *more: bytes) -> bool:
        """Whether a key of these, in place of the one that was destroyed, opens anything."""
        tried = await self.sealer.try_code(self.sealer.read_code(self.code))
        for key in {*self.keys, *more}:
            with suppress(EnvelopeLost):
                return self.session.words(self.report, key).messages == WORDS
            with suppress(CodeRefused):
                return bool(tried.open(self.report, key, self.report.since))
        return False


async def lived(shell: Shell) -> Held:
    folder = KeyFolder(shell.data)
    root = read_root_secret((folder.offline / ROOT_SECRET).read_text())
    recovery = (folder.offline / RECOVERY_FILE).read_text().strip()
    service = Keyring.parse((folder.keys / SERVICE).read_text().strip())
    settings = Settings(_env_file=None, data_dir=shell.data)
    async with open_house(settings, lambda *_, **__: None) as house:
        link = await make_invite(house, root, role=Role.MODERATOR, desk=NATIONAL)
        enrolment = house.enrolment_desk(101, Language.ENGLISH)
        prepared = await enrolment.prepare(link.payload)
        confirmed = await enrolment.confirm(prepared)
        code = await house.sealer.mint()
        await submit(
            Draft(nonce=NONCE, words=WORDS, topic=Topic.THEFT, county=CountyCode("021")),
            code,
            stores=house.stores,
            sealer=house.sealer,
            clock=house.clock,
            entropy=house.entropy,
        )
        desk = house.moderator_desk(confirmed.member, 101, 1)
        await desk.unlock(prepared.enrolled.passphrase, confirmed.share)
        session = house.sessions.of(confirmed.member, 101, house.clock.now())
        assert isinstance(session, MemberSession)
        async with house.stores.cases() as cases:
            report = await cases.reports.get(NONCE)
        async with house.stores.shreds() as shreds:
            shred_key = await shreds.get(NONCE)
        assert report
        assert shred_key
        seeds = {bytes(pair.seed) for pair in session.pairs.values()}
        of_code = derive_root(parse(code.text), house.sealer.deployment_id)
        others = {
            root.loaded.private_bytes_raw(),
            read(RECOVERY_SECRET, recovery, SEED_BYTES),
            of_code,
        }
        return Held(
            keys=frozenset({each.key for each in service.keys} | seeds | others),
            session=session,
            sealer=house.sealer,
            code=code.text,
            report=report,
            shred_key=shred_key,
        )


def rows(shell: Shell, store: str) -> dict[str, int]:
    """How many there are, by table, where there are any."""
    with closing(sqlite3.connect(shell.data / f"{store}.db")) as file:
        tables = file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        counts = {
            name: int(file.execute(f"SELECT count(*) FROM {name}").fetchone()[0])  # noqa: S608 - the file's own names
            for (name,) in tables
        }
    return {name: count for name, count in counts.items() if count and name != "alembic_version"}


def left(shell: Shell, held: Held) -> set[str]:
    """What of all that was held is found in some file."""
    disk = b"\0".join(shell.files().values())
    service = shell.data / "keys" / SERVICE
    words = held.report.sealed.words
    found = {
        "shred key": held.shred_key in disk,
        "envelope": any(words[at : at + 32] in disk for at in range(0, len(words) - 31, 32)),
        "service keys": service.exists(),
        "reports": bool({"report", "entry", "referral", "desk_copy"} & rows(shell, "cases").keys()),
        "chats": bool(rows(shell, "addresses")),
    }
    return {name for name, there in found.items() if there}


def test_nothing_is_left_that_opens_and_what_proves_and_counts_stays(shell: Shell) -> None:
    held = asyncio.run(lived(shell))
    assert left(shell, held) == {"shred key", "envelope", "service keys", "reports", "chats"}
    leaves = rows(shell, "cases")["pending_leaf"]
    former = shell.data / "keys" / f"{SERVICE}.former"
    shutil.copy(shell.data / "keys" / SERVICE, former)
    said = shell.said("shutdown", YES)
    assert "no report opens by what is left here" in said
    assert "Every backup of shreds still opens reports" in said
    assert "None is known here" in said
    assert left(shell, held) == set()
    assert not list((shell.data / "offline").iterdir())
    assert not former.exists(), "a rotation that was killed left it"
    kept = rows(shell, "cases")
    assert kept["pending_leaf"] == leaves
    assert {"event", "member", "desk_key", "closing"} <= kept.keys()
    assert not asyncio.run(held.opens())
    assert asyncio.run(held.opens(held.shred_key)), "the thief knew how"


def test_nothing_runs_on_it_any_more_and_says_so(shell: Shell) -> None:
    shell.said("shutdown", YES)
    for words in (("run",), ("init", "--non-interactive", "--demo-keys"), ("staff", "list")):
        assert "was shut down on" in shell.refusal(
            *words, bot_token=TOKEN, telegram_api_url="http://127.0.0.1:9"
        )
    assert "was shut down on" in shell.sauti("doctor").output
    (shell.data / shutdown.MARK).unlink()
    (shell.data / "keys" / SERVICE).write_text(Keyring.generate().format())
    assert "was shut down on" in shell.refusal("staff", "list"), "another machine did it"


def test_what_a_backup_of_shreds_still_opens_is_said_before_and_after(shell: Shell) -> None:
    """It used to say that no backup brings reports back."""
    note = shell.data / NAME
    for kept, said in (
        ("2026-11-02T05:30:00+03:00", "of 2026-11-02 05:30"),
        ("?", "None is known"),
    ):
        note.write_text(kept)
        before = shell.typed("no\n", "shutdown").stdout
        assert "still opens reports" in before
        assert said in before
    note.write_text("2026-11-02T05:30:00+03:00")
    last = shell.said("shutdown", YES).splitlines()[-2]
    assert "destroy each of them now. The newest known here is of 2026-11-02 05:30." in last


@pytest.mark.parametrize("store", Store)
def test_no_backup_is_made_of_it_any_more(shell: Shell, store: Store) -> None:
    """One of *shreds* advised to restore the former one; one of *cases* was made."""
    file = shell.folder / store / "backup"
    shell.said("backup", store, str(file))
    former = file.read_bytes()
    shell.said("shutdown", YES)
    assert "was shut down on" in shell.refusal("backup", store, str(file))
    (shell.data / shutdown.MARK).unlink()
    assert "was shut down on" in shell.refusal("backup", store, str(file)), "by another machine"
    assert file.read_bytes() == former


def test_a_backup_does_not_bring_it_back(shell: Shell) -> None:
    file, recovery = shell.folder / "cases.backup", shell.folder / RECOVERY_FILE
    shutil.copy(shell.data / "offline" / RECOVERY_FILE, recovery)
    shell.said("backup", "cases", str(file))
    shell.said("shutdown", YES)
    again = ("restore", "cases", str(file), "--overwrite", "--recovery-key", str(recovery))
    assert "was shut down on" in shell.refusal(*again)
    (shell.data / shutdown.MARK).unlink()
    assert "was shut down on" in shell.refusal(*again), "by another machine"


@pytest.mark.parametrize("typed", ["", "yes", "destroy  everything"])
def test_only_the_whole_sentence_goes_on(shell: Shell, typed: str) -> None:
    before = shell.files()
    done = shell.typed(f"{typed}\n", "shutdown")
    assert done.exit_code == 1
    assert "Nothing was destroyed." in done.stderr
    assert shell.files() == before
    assert "is shut down" in shell.typed("destroy everything\n", "shutdown").stdout


STEPS: tuple[tuple[Any, str], ...] = (
    (shutdown, "_mark"),
    (storage_closing, "destroy_keys"),
    (shutdown, "_destroy_files"),
    (storage_closing, "destroy_sealed"),
    (storage_closing, "scrub"),
)


def test_a_kill_at_any_step_is_made_good_by_the_same_command(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = asyncio.run(lived(shell))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for part, step in STEPS:
        with monkeypatch.context() as patched:
            patched.setattr(part, step, killed)
            assert shell.sauti("shutdown", YES).exit_code != 0
        assert "was shut down on" in shell.sauti("staff", "list").output
    for _ in range(2):
        shell.said("shutdown", YES)
        assert left(shell, held) == set()


def test_a_running_bot_is_stopped_first(shell: Shell) -> None:
    lead, before = FileLead(shell.data / "clock.lock"), shell.files()
    assert asyncio.run(lead.held())
    assert "stop every one of them first" in shell.refusal("shutdown", YES)
    asyncio.run(lead.leave())
    assert {**before, "var/clock.lock": b""} == shell.files()


def test_where_there_is_nothing_nothing_is_made(empty: Shell) -> None:
    assert "nothing here" in empty.refusal("shutdown", YES)
    assert empty.files() == {}
