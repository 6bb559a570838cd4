"""`sauti doctor`: what is wrong, in one line each."""

import asyncio
import re
import sqlite3

import pytest

from tests.integration.cli.shell import PAYLOAD, TOKEN, Shell, enrolled, in_the_outbox


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


def test_doctor_is_red_when_whoever_reads_has_no_chat(shell: Shell) -> None:
    payload = PAYLOAD.search(shell.said("staff", "invite", "--role", "moderator"))
    assert payload
    asyncio.run(enrolled(shell.data, payload.group(1)))
    assert "no chat to read in" not in shell.sauti("doctor").stdout
    with sqlite3.connect(shell.data / "addresses.db") as addresses:
        assert addresses.execute("DELETE FROM staff_chat").rowcount == 1
    sick = shell.sauti("doctor")
    assert sick.exit_code == 1
    assert re.search(r"^WRONG +moderator .* no chat to read in", sick.stdout, re.MULTILINE)


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
        for job in ("remix", "outbox-tidy"):
            rung = (job, "2026-11-20 00:10:00.000000")
            database.execute("INSERT INTO bell VALUES (?, ?)", rung)
    assert looks("1 messages of the outbox failed").startswith("look ")
    assert looks("more than a day late: remix, outbox-tidy. ").startswith("look ")


@pytest.mark.parametrize("job", ["retention", "served-again"])
def test_doctor_is_red_where_the_clock_once_ran_ahead(shell: Shell, job: str) -> None:
    with sqlite3.connect(shell.data / "cases.db") as database:
        rung = (job, "2126-11-20 00:10:00.000000")
        database.execute("INSERT INTO bell VALUES (?, ?)", rung)
    done = shell.sauti("doctor")
    assert done.exit_code == 1
    assert re.search(rf"^WRONG +recorded for later than now: {job}\.", done.stdout, re.MULTILINE)


def test_doctor_is_red_about_an_old_backup_of_shreds(shell: Shell) -> None:
    def says() -> str:
        lines = shell.sauti("doctor").stdout.splitlines()
        return next(line for line in lines if "backup of shreds" in line)

    assert says().startswith("look ")
    shell.said("backup", "shreds", str(shell.folder / "shelf" / "shreds"))
    assert says().startswith("ok ")
    with sqlite3.connect(shell.data / "cases.db") as database:
        database.execute("INSERT INTO tombstone VALUES (x'01', 'expired', '2126-11-01', x'')")
    (shell.data / "shreds.newest").write_text("2026-01-02T03:04:05+03:00")
    assert says().startswith("WRONG ")
    (shell.data / "shreds.newest").write_text("yesterday")
    assert "holds no time" in shell.sauti("doctor").stdout


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
