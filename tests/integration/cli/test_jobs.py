"""`sauti jobs`: when each rings, and one done by hand."""

import asyncio
import re
import sqlite3

from app.alone import RESTORE, RESTORES
from storage.leading import open_lead
from tests.integration.cli.shell import Shell, in_the_outbox


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


def test_nothing_is_run_and_nobody_revoked_while_a_backup_is_put_back(shell: Shell) -> None:
    lead = open_lead(None, shell.data, RESTORE)
    assert asyncio.run(lead.held())
    for command in (("jobs", "run", "retention"), ("staff", "revoke", "01234567")):
        assert RESTORES in shell.refusal(*command)
    asyncio.run(lead.leave())
    shell.said("jobs", "run", "retention")
