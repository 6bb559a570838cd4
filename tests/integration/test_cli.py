"""The command `sauti` as an operator types it: what it did, or one clear line and status 1;
no secret that was not asked for, and nothing left behind by what failed.
"""

import asyncio
import atexit
import os
import re
import shutil
import signal
import sqlite3
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from sys import executable

import httpx
import pytest
from typer.testing import CliRunner, Result

from app.cli import sauti
from app.log import configure
from app.opening import open_house
from app.settings import Settings
from crypto.spelling import new_recovery
from domain.followup.outgoing import Addressee, Message, MessageKind
from domain.ports.chat import Language
from tests.deployment import COMMAND, ROOT
from tests.sandbox_client import SandboxClient, sandbox_process

TOKEN = "1:sandbox-cli"
FORUMS = files("app.reference").joinpath("forums_2025.csv").read_text(encoding="utf-8")
PAYLOAD = re.compile(r"/start (m-[\w-]+)")


@dataclass(frozen=True, slots=True)
class Shell:
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "var"

    def sauti(self, *words: str, **settings: str) -> Result:
        given = {f"SAUTI_{name.upper()}": value for name, value in settings.items()}
        return CliRunner().invoke(sauti, words, env=given)

    def said(self, *words: str, **settings: str) -> str:
        """What a command that worked said."""
        done = self.sauti(*words, **settings)
        assert done.exit_code == 0, done.output
        return done.stdout

    def refusal(self, *words: str, **settings: str) -> str:
        """The one line of a command that could not."""
        done = self.sauti(*words, **settings)
        assert done.exit_code == 1, done.output
        assert isinstance(done.exception, SystemExit), done.exception
        assert len(done.stderr.splitlines()) == 1, done.stderr
        return done.stderr.strip()

    def files(self) -> dict[str, bytes]:
        found = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in found}


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    for name in [name for name in os.environ if name.startswith("SAUTI_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path)


@pytest.fixture
def shell(empty: Shell) -> Shell:
    """After `sauti init --demo-keys`."""
    shutil.copytree(_initialised(), empty.data)
    return empty


@cache
def _initialised() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="sauti-cli-"))
    atexit.register(shutil.rmtree, folder)
    told = {"SAUTI_DATA_DIR": str(folder / "var")}
    made = CliRunner().invoke(sauti, ["init", "--non-interactive", "--demo-keys"], env=told)
    assert made.exit_code == 0, made.output
    return folder / "var"


@pytest.fixture
def telegram() -> Iterator[str]:
    with sandbox_process(TOKEN) as url:
        yield url


def test_init_makes_keys_that_only_the_owner_reads_and_says_where(empty: Shell) -> None:
    said = empty.said("init", "--non-interactive", "--demo-keys")
    assert "47 counties, 9 forums, 15 offices, 11 help lines, 13 promises" in said
    assert "not for real use" in said
    for path in (empty.data, *empty.data.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
    for name, content in empty.files().items():
        if name.endswith((".key", ".keys")):
            assert content.decode().strip() not in said


def test_init_again_keeps_everything(shell: Shell) -> None:
    keys = {name: content for name, content in shell.files().items() if not is_store(name)}
    shell.said("staff", "invite", "--role", "moderator")
    said = shell.said("init", "--non-interactive", "--demo-keys")
    after = {name: content for name, content in shell.files().items() if not is_store(name)}
    assert after == keys
    assert "made" not in said
    assert "9 forums" in said


def is_store(name: str) -> bool:
    return name.endswith((".db", ".db-journal"))


def test_init_asks_people_for_the_keys_that_only_they_can_supply(empty: Shell) -> None:
    _, recovery = new_recovery()
    refusal = empty.refusal("init", "--non-interactive", recovery_public_key=recovery)
    assert "--root-key" in refusal
    refusal = empty.refusal("init", "--non-interactive", "--root-key", "root.key")
    assert "SAUTI_RECOVERY_PUBLIC_KEY" in refusal
    assert empty.files() == {}
    assert not empty.data.exists()


def test_init_with_what_people_supply_keeps_the_root_key_away_from_the_data(empty: Shell) -> None:
    _, recovery = new_recovery()
    told = {"recovery_public_key": recovery}
    refusal = empty.refusal("init", "--non-interactive", "--root-key", "var/root.key", **told)
    assert "kept apart" in refusal
    assert empty.files() == {}
    said = empty.said("init", "--non-interactive", "--root-key", "stick/root.key", **told)
    assert "take it offline" in said
    root = empty.files()["stick/root.key"].strip()
    assert root.decode() not in said
    assert all(
        root not in content for name, content in empty.files().items() if "stick" not in name
    )


def test_init_never_overwrites_a_root_key(empty: Shell) -> None:
    _, recovery = new_recovery()
    (empty.folder / "root.key").write_text("precious\n")
    refusal = empty.refusal(
        "init", "--non-interactive", "--root-key", "root.key", recovery_public_key=recovery
    )
    assert "not overwritten" in refusal
    assert empty.files() == {"root.key": b"precious\n"}


@pytest.mark.parametrize("setting", ["recovery_public_key", "root_public_key", "service_keys"])
def test_init_refuses_a_malformed_key_before_it_makes_anything(empty: Shell, setting: str) -> None:
    refusal = empty.refusal("init", "--non-interactive", "--demo-keys", **{setting: "hunter2"})
    assert "malformed" in refusal
    assert "hunter2" not in refusal
    assert empty.files() == {}


def test_init_into_a_place_that_is_a_file_says_which(empty: Shell) -> None:
    (empty.folder / "var").write_text("")
    assert "var" in empty.refusal("init", "--non-interactive", "--demo-keys")


def test_init_asks_where_the_root_key_goes(empty: Shell) -> None:
    _, recovery = new_recovery()
    given = {"SAUTI_RECOVERY_PUBLIC_KEY": recovery}
    done = CliRunner().invoke(sauti, ["init"], input="stick.key\n", env=given)
    assert done.exit_code == 0, done.output
    assert "stick.key" in empty.files()


def test_staff_invite_prints_a_link_once_and_keeps_no_copy_of_it(
    shell: Shell, telegram: str
) -> None:
    told = {"bot_token": TOKEN, "telegram_api_url": telegram}
    said = shell.said("staff", "invite", "--role", "moderator", **told)
    payload = PAYLOAD.search(said)
    assert payload
    assert f"?start={payload.group(1)}" in said
    assert "first of the desk" in said
    assert TOKEN not in said
    seed = payload.group(1).removeprefix("m-").encode()
    assert all(seed not in content for content in shell.files().values())


@pytest.mark.parametrize("desk", ["022", "kiambu", "Kiambu", "nairobi-west", "national"])
def test_staff_invite_takes_a_desk_by_code_or_name(shell: Shell, desk: str) -> None:
    assert PAYLOAD.search(shell.said("staff", "invite", "--role", "moderator", "--desk", desk))


def test_staff_invite_refuses_what_it_cannot_do_and_keeps_nothing(shell: Shell) -> None:
    before = shell.files()
    invite = ("staff", "invite", "--role")
    assert "'atlantis'" in shell.refusal(*invite, "moderator", "--desk", "atlantis")
    assert "--county or --area" in shell.refusal(*invite, "officer")
    assert "county_police" in shell.refusal(*invite, "officer", "--office", "police")
    assert "whole country" in shell.refusal(
        *invite, "officer", "--county", "047", "--office", "dci"
    )
    assert "'atlantis'" in shell.refusal(*invite, "officer", "--county", "atlantis")
    both = ("--county", "047", "--area", "nairobi-north")
    assert "not both" in shell.refusal(*invite, "officer", *both)
    part = ("--area", "nairobi-north", "--office", "county_police")
    assert "say --county" in shell.refusal(*invite, "officer", *part)
    assert "moderators" in shell.refusal(*invite, "officer", "--desk", "047")
    assert "officers" in shell.refusal(*invite, "moderator", "--county", "047")
    assert "nowhere.key" in shell.refusal(*invite, "moderator", "--root-key", "nowhere.key")
    public = str(shell.data / "keys" / "root.pub")
    assert "no root key" in shell.refusal(*invite, "moderator", "--root-key", public)
    assert shell.files() == before


def test_staff_invite_is_good_without_a_link_when_the_token_is_wrong(
    shell: Shell, telegram: str
) -> None:
    told = {"bot_token": "2:somebody-elses", "telegram_api_url": telegram}
    said = shell.said("staff", "invite", "--role", "moderator", **told)
    assert PAYLOAD.search(said)
    assert "https://t.me" not in said
    assert "somebody-elses" not in said


def test_staff_list_and_revoke_with_nobody_enrolled(shell: Shell) -> None:
    assert "Nobody is enrolled" in shell.said("staff", "list")
    assert "0 members" in shell.refusal("staff", "revoke", "deadbeef")
    assert "eight characters" in shell.refusal("staff", "revoke", "d")


def test_staff_list_and_revoke_a_moderator(shell: Shell) -> None:
    payload = PAYLOAD.search(shell.said("staff", "invite", "--role", "moderator"))
    assert payload
    asyncio.run(enrolled(shell.data, payload.group(1)))
    listed = shell.said("staff", "list").split()
    assert listed[1:] == ["moderator", "national", "reads"]
    assert "revoked" in shell.said("staff", "revoke", listed[0])
    assert shell.said("staff", "list").split()[-1] == "revoked"


@pytest.mark.parametrize(
    ("words", "seat"),
    [
        (("--county", "muranga"), "021"),
        (("--area", "nairobi-north"), "nairobi-north"),
        (("--county", "021", "--office", "county_police"), "021/county_police"),
        (("--office", "ipoa"), "national/ipoa"),
    ],
)
def test_an_officer_is_invited_to_a_seat(shell: Shell, words: tuple[str, ...], seat: str) -> None:
    said = shell.said("staff", "invite", "--role", "officer", *words)
    assert PAYLOAD.search(said)
    assert f"officer at {seat}," in said
    assert "no passphrase" in said


def test_a_seat_is_handed_over_and_the_one_who_leaves_is_out_at_once(shell: Shell) -> None:
    invite = ("staff", "invite", "--role", "officer", "--office", "ipoa")
    payload = PAYLOAD.search(shell.said(*invite))
    assert payload
    asyncio.run(enrolled(shell.data, payload.group(1)))
    leaving, *listed = shell.said("staff", "list").split()
    assert listed == ["officer", "national/ipoa", "is", "told"]
    said = shell.said("staff", "handover", leaving)
    following = PAYLOAD.search(said)
    assert following
    assert "national/ipoa" in said
    assert shell.said("staff", "list").split()[-1] == "revoked"
    asyncio.run(enrolled(shell.data, following.group(1)))
    assert "is told" in shell.said("staff", "list")


def test_a_moderators_seat_is_not_handed_over(shell: Shell) -> None:
    payload = PAYLOAD.search(shell.said("staff", "invite", "--role", "moderator"))
    assert payload
    asyncio.run(enrolled(shell.data, payload.group(1)))
    member = shell.said("staff", "list").split()[0]
    assert "moderator" in shell.refusal("staff", "handover", member)


async def enrolled(data: Path, payload: str) -> None:
    settings = Settings(_env_file=None, data_dir=data)
    async with open_house(settings, lambda *_, **__: None) as house:
        desk = house.enrolment_desk(101, Language.ENGLISH)
        await desk.confirm(await desk.prepare(payload))


def test_forum_list_shows_every_forum_with_the_key_of_its_poster(shell: Shell) -> None:
    lines = shell.said("forum", "list").splitlines()
    assert len(lines) == 9
    assert all(re.search(r" f-\S+  ", line) for line in lines)
    assert any(line.endswith("  Embu, Meru, Tharaka-Nithi") for line in lines), lines


def test_forum_import_twice_changes_nothing(shell: Shell) -> None:
    (shell.folder / "forums.csv").write_text(FORUMS, encoding="utf-8")
    before = shell.said("forum", "list")
    for _ in range(2):
        assert "9 forums are in" in shell.said("forum", "import", "forums.csv")
    assert shell.said("forum", "list") == before


def bad_files() -> dict[str, bytes]:
    lines = FORUMS.splitlines()
    return {
        "an unknown county": FORUMS.replace("Nairobi", "Atlantis").encode(),
        "a missing column": "\n".join(line.rpartition(",")[0] for line in lines).encode(),
        "nothing": b"",
        "no text": b"\xff\xfe\x00\x01",
        "another file": b"PK\x03\x04 not a table",
    }


@pytest.mark.parametrize("kind", bad_files())
def test_forum_import_of_a_bad_file_takes_none_of_it(shell: Shell, kind: str) -> None:
    (shell.folder / "forums.csv").write_bytes(bad_files()[kind])
    before = shell.said("forum", "list")
    done = shell.sauti("forum", "import", "forums.csv")
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.stderr.strip()
    assert shell.said("forum", "list") == before


def test_forum_import_of_no_file_says_so(shell: Shell) -> None:
    assert "nowhere.csv" in shell.refusal("forum", "import", "nowhere.csv")


def test_jobs_list_says_when_each_job_rings_and_was_last_done(shell: Shell) -> None:
    assert re.search(
        r"^outbox-tidy +every day at 03:10 +last done for: never$",
        shell.said("jobs", "list"),
        re.MULTILINE,
    )
    with sqlite3.connect(shell.data / "cases.db") as database:
        rung = ("outbox-tidy", "2026-11-25 00:10:00.000000")
        database.execute("INSERT INTO bell VALUES (?, ?)", rung)
    assert "last done for: 2026-11-25 03:10\n" in shell.said("jobs", "list")


def test_jobs_run_does_one_job_for_its_last_moment_at_that_time(shell: Shell) -> None:
    asyncio.run(in_the_outbox(shell.data, delivered=True))
    later = ("jobs", "run", "outbox-tidy", "--at", "2027-03-01T18:00")
    assert "would do 1 thing." in shell.said(*later, "--dry-run")
    assert "outbox-tidy for 2027-03-01 03:10 did 1 thing." in shell.said(*later)
    assert "did 0 things." in shell.said(*later)
    assert "did 0 things." in shell.said("jobs", "run", "outbox-tidy")


async def in_the_outbox(data: Path, *, delivered: bool = False) -> None:
    async with open_house(Settings(_env_file=None, data_dir=data), configure()) as house:
        outbox = house.outbox()
        message = Message(
            subject=outbox.subject(1),
            kind=MessageKind.FOLLOW_UP,
            anchor="today",
            due=house.clock.now(),
            to=Addressee(chat=1, language=Language.ENGLISH),
            facts={},
        )
        await outbox.post([message])
        for claimed in await outbox.claim(1 if delivered else 0):
            await outbox.delivered(claimed.key)


def test_jobs_run_understands_a_time_with_a_zone_of_its_own(shell: Shell) -> None:
    said = shell.said("jobs", "run", "outbox-tidy", "--at", "2026-11-25T23:00Z")
    assert "for 2026-11-25 03:10" in said
    said = shell.said("jobs", "run", "outbox-tidy", "--at", "2026-11-26T00:30Z")
    assert "for 2026-11-26 03:10" in said


def test_jobs_run_refuses_what_is_no_job_and_no_time(shell: Shell) -> None:
    assert "'outbox-tidy'" not in shell.refusal("jobs", "run", "remember")
    assert "outbox-tidy" in shell.refusal("jobs", "run", "remember")
    for at in ("yesterday", "2026-13-01", "18:00", ""):
        assert "is no time" in shell.refusal("jobs", "run", "outbox-tidy", "--at", at)


def test_db_upgrade_can_be_repeated_and_makes_only_the_stores(empty: Shell) -> None:
    for _ in range(2):
        assert "up to date" in empty.said("db", "upgrade")
    names = {path.name for path in empty.data.iterdir() if path.suffix == ".db"}
    assert names == {"addresses.db", "cases.db", "shreds.db"}


def test_commands_before_init_say_what_to_do(empty: Shell) -> None:
    for words in (("staff", "list"), ("forum", "list"), ("staff", "revoke", "deadbeef")):
        assert "`sauti init`" in empty.refusal(*words)
    assert empty.files() == {}


def test_doctor_is_red_until_somebody_reads_and_green_after(shell: Shell, telegram: str) -> None:
    told = {"bot_token": TOKEN, "telegram_api_url": telegram}
    sick = shell.sauti("doctor", **told)
    assert sick.exit_code == 1
    assert re.search(r"^WRONG +nobody reads", sick.stdout, re.MULTILINE)
    payload = PAYLOAD.search(shell.said("staff", "invite", "--role", "moderator"))
    assert payload
    asyncio.run(enrolled(shell.data, payload.group(1)))
    well = shell.sauti("doctor", **told)
    assert not [line for line in well.stdout.splitlines() if reads_wrong(line)], well.stdout
    assert "Telegram answers for @" in well.stdout
    assert TOKEN not in well.output


def reads_wrong(line: str) -> bool:
    """Swap is the machine's own affair."""
    return line.startswith("WRONG") and "swap" not in line


@pytest.mark.parametrize("broken", ["keys/service.keys", "keys/root.pub", "keys/deployment.id"])
def test_doctor_is_red_when_a_key_is_missing(shell: Shell, broken: str) -> None:
    (shell.data / broken).unlink()
    done = shell.sauti("doctor")
    assert done.exit_code == 1
    assert broken in done.stdout


def test_doctor_looks_at_the_outbox_and_at_the_clock(shell: Shell) -> None:
    def looks(about: str) -> str:
        lines = shell.sauti("doctor").stdout.splitlines()
        return next(line for line in lines if about in line)

    assert looks("outbox").startswith("ok ")
    assert looks("clock").startswith("ok ")
    asyncio.run(in_the_outbox(shell.data))
    assert looks("1 messages wait in the outbox").startswith("ok ")
    with sqlite3.connect(shell.data / "addresses.db") as database:
        database.execute("UPDATE outgoing SET stage = 'aside'")
    with sqlite3.connect(shell.data / "cases.db") as database:
        for job, moment in (("remix", "2026-11-20"), ("outbox-tidy", "2126-11-20")):
            rung = (job, f"{moment} 00:10:00.000000")
            database.execute("INSERT INTO bell VALUES (?, ?)", rung)
    assert looks("1 messages of the outbox failed").startswith("look ")
    assert looks("more than a day late: remix. ").startswith("look ")


def test_doctor_is_red_when_others_can_read_a_key(shell: Shell) -> None:
    (shell.data / "keys" / "service.keys").chmod(0o644)
    assert "can be read by others" in shell.sauti("doctor").stdout


def test_doctor_is_red_before_init(empty: Shell) -> None:
    done = empty.sauti("doctor")
    assert done.exit_code == 1
    assert "nothing is in var yet: `sauti init`" in done.stdout


def test_doctor_tells_a_wrong_token_from_a_telegram_that_is_away(
    shell: Shell, telegram: str
) -> None:
    wrong = shell.sauti("doctor", bot_token="2:somebody-elses", telegram_api_url=telegram)
    assert "does not know this token" in wrong.stdout
    assert "somebody-elses" not in wrong.output
    away = shell.sauti("doctor", bot_token=TOKEN, telegram_api_url="http://127.0.0.1:9")
    assert "Telegram does not answer" in away.stdout
    assert wrong.exit_code == away.exit_code == 1


def test_run_with_a_wrong_token_ends_with_one_line(shell: Shell, telegram: str) -> None:
    told = {"bot_token": "2:somebody-elses", "telegram_api_url": telegram}
    refusal = shell.refusal("run", **told)
    assert "SAUTI_BOT_TOKEN" in refusal
    assert "somebody-elses" not in refusal


def test_run_without_what_it_needs_ends_with_one_line(shell: Shell) -> None:
    assert "SAUTI_BOT_TOKEN" in shell.refusal("run")
    on_this_machine = {"bot_token": TOKEN, "telegram_api_url": "http://127.0.0.1:9"}
    refusal = shell.refusal("run", mode="webhook", **on_this_machine)
    assert "SAUTI_WEBHOOK_URL" in refusal


def test_demo_keys_are_refused_with_the_real_telegram(shell: Shell) -> None:
    assert "demo keys are not for real use" in shell.refusal("run", bot_token=TOKEN)


def test_words_do_not_travel_in_clear_to_another_machine(shell: Shell) -> None:
    elsewhere = {"bot_token": TOKEN, "telegram_api_url": "http://telegram.example"}
    assert "https" in shell.refusal("run", **elsewhere)


def test_a_help_line_changed_in_the_database_stops_the_bot(shell: Shell) -> None:
    with sqlite3.connect(shell.folder / "var" / "cases.db") as database:
        database.execute("UPDATE help_line SET body = replace(body, '999', '0700')")
    database.close()
    assert "help lines" in shell.refusal("staff", "list")


def test_a_misspelt_setting_is_an_error_that_proposes_the_right_one(shell: Shell) -> None:
    refusal = shell.refusal("staff", "list", bot_tokn="3:hunter2")
    assert "SAUTI_BOT_TOKN is no setting; did you mean SAUTI_BOT_TOKEN?" in refusal
    assert "hunter2" not in refusal


def test_a_misspelt_setting_in_the_env_file_is_an_error_too(shell: Shell) -> None:
    (shell.folder / ".env").write_text("SAUTI_BOT_TOKN=3:hunter2\n")
    refusal = shell.refusal("staff", "list")
    assert "did you mean SAUTI_BOT_TOKEN?" in refusal
    assert "hunter2" not in refusal


def test_a_database_that_is_away_is_one_line_without_its_password(shell: Shell) -> None:
    url = "postgresql://sauti:hunter2@127.0.0.1:9/sauti"
    for words in (("staff", "list"), ("db", "upgrade"), ("init", "--non-interactive")):
        refusal = shell.refusal(*words, database_url=url)
        assert "the database does not answer" in refusal
        assert "hunter2" not in refusal
    assert "WRONG  the database does not answer" in shell.sauti("doctor", database_url=url).stdout


def test_without_a_command_the_help_is_shown(empty: Shell) -> None:
    done = empty.sauti()
    for command in ("init", "run", "demo", "staff", "forum", "doctor", "db"):
        assert command in done.output


async def test_the_demo_comes_up_seeded_and_leaves_nothing_when_interrupted(
    tmp_path: Path,
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SAUTI_")},
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(temporary),
        "SAUTI_TIMEZONE": "Nowhere",
        "SAUTI_BOT_TOKEN": "no token",
    }
    process = await asyncio.create_subprocess_exec(
        *(executable, "-c", COMMAND, "demo", "--port", "0"),
        cwd=tmp_path,
        env=environment,
        stdout=PIPE,
        stderr=PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        line = (await process.stdout.readline()).decode()
        address = re.search(r"http://\S+", line)
        assert address, line
        async with SandboxClient(address.group()) as sandbox:
            passphrases = await seeded(sandbox)
            await unlocks(sandbox, passphrases)
        assert inside(temporary) != []
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
    assert process.returncode == 0, err
    assert inside(temporary) == []
    assert inside(tmp_path) == [temporary]
    assert all(passphrase not in err.decode() for passphrase in passphrases.values())


def inside(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))


async def seeded(sandbox: SandboxClient) -> dict[str, str]:
    """The passphrases on the moderators' phones, by name."""
    listed = {one.name: one for one in await sandbox.phones()}
    assert list(listed) == ["Amina", "Otieno", "Wanjiru", "Kamau"]
    await listed["Kamau"].wait_for(lambda seen: "You are enrolled." in seen.last()["text"])
    notes = {name: (await phone.see()).raw["note"] for name, phone in listed.items()}
    return {name: notes[name].partition(": ")[2] for name in ("Otieno", "Wanjiru")}


async def unlocks(sandbox: SandboxClient, passphrases: dict[str, str]) -> None:
    """Both moderators read, the second because the first let them in."""
    for phone in await sandbox.phones():
        if phone.name in passphrases:
            await phone.press("Unlock")
            await phone.send(passphrases[phone.name])
            await phone.wait_for(lambda seen: "Lock" in seen.buttons())


async def test_the_demo_on_a_port_that_is_taken_says_so(tmp_path: Path) -> None:
    with sandbox_process(TOKEN) as url:
        process = await asyncio.create_subprocess_exec(
            *(executable, "-c", COMMAND, "demo", "--port", str(httpx.URL(url).port)),
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
            stdout=PIPE,
            stderr=PIPE,
        )
        out, err = await process.communicate()
    assert process.returncode == 1, out
    assert "port" in err.decode().splitlines()[-1]
    assert inside(tmp_path) == []
