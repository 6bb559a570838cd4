"""Promise 14: no token, id, text or code in a log, at any level, from any library.

The real bot runs with every logger at DEBUG while people, and Telegram itself, say hostile
things to it; and PostgreSQL logs each statement with its values.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from tests.deployment import COMMAND, POSTGRESQL, SQLITE, TOKEN, Deployment, deployed
from tests.e2e.story import Moderator, Words, begin, enrol, review, send, shows, write
from tests.sandbox_client import SandboxClient, running_sandbox

HOSTILE = "pelican-lighthouse %s {0} event='bot.stopped' \N{RIGHT-TO-LEFT OVERRIDE}marmalade"
TELLING = ("pelican", "lighthouse", "marmalade")
CITIZEN = {"name": "Nyawira", "last_name": "Kipchumba", "username": "nyawira_kip"}
SAY = Words.of("en")

LOUD = """
import logging, app.run as running
quiet = running.configure
def everything(*given):
    log = quiet(*given)
    for name in (None, *logging.root.manager.loggerDict):
        logging.getLogger(name).setLevel(logging.DEBUG)
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.DEBUG)
    return log
running.configure = everything
"""

LEAKS = {
    "a library said": """
import sys, app.log as log, bot.telegram.application as application, bot.telegram.intake.intake as i
application.quiet_libraries = i.quiet_libraries = lambda: None
log.LibraryHandler.emit = lambda self, record: sys.stderr.write(
    f"a library said {record.getMessage()!a}\\n"
)
""",
    "update.failed": """
from bot.telegram.front import Front
log.allow = lambda event, fields: fields
handle = Front.handle
async def telling(self, update, context):
    self.citizens.log("update.failed", error=repr(update))
    await handle(self, update, context)
Front.handle = telling
""",
    "an error with its words": """
from bot.telegram.intake.handling import Handling
conclude = Handling._conclude
async def concluding(self, update_id, error):
    sys.stderr.write(f"an error with its words {error!a}\\n")
    await conclude(self, update_id, error)
Handling._conclude = concluding
""",
}
"""By what marks their lines: what libraries say, an event that carries what somebody wrote,
an error with its words. All in one build.
"""


async def enrolled(sandbox: SandboxClient, deployment: Deployment) -> Moderator:
    await deployment.start()
    return await enrol(await sandbox.phone("Otieno"), SAY, await deployment.invite())


async def hostilities(
    sandbox: SandboxClient, deployment: Deployment, desk: Moderator
) -> dict[str, str]:
    """A conversation in which much goes wrong; what must not be in the log."""
    phone = await sandbox.phone(**CITIZEN)
    await begin(phone, SAY, "en")
    await write(phone, SAY, HOSTILE)
    code = await review(phone, SAY, topic="land", county="muranga")
    await send(phone, SAY)
    await sandbox.fail("sendMessage", error_code=400, description=HOSTILE, chat_id=phone.id)
    await sandbox.fail("editMessageText", error_code=400, description=HOSTILE, chat_id=phone.id)
    await phone.send(f"/check {code}")
    await shows(phone, SAY.start("standing.received"))
    await sandbox.fail("editMessageText", error_code=500, description=HOSTILE, times=2)
    await sandbox.fail("getUpdates", error_code=500, description=HOSTILE)
    await phone.send(f"{HOSTILE} once more")
    await shows(phone, SAY.start("words.ask"))
    await phone.sticker()
    await desk.unlock()
    await deployment.stop()
    return {
        **{word: word for word in (*TELLING, *CITIZEN.values())},
        "the token": TOKEN,
        "the secret of the token": TOKEN.partition(":")[2],
        "the citizen's id": str(phone.id),
        "the moderator's id": str(desk.phone.id),
        "the code": code,
        "its locator": code[:6],
        "its digits": code[7:],
        "the passphrase": desk.passphrase,
    }


def found(deployment: Deployment, secrets: dict[str, str], lines_of: str = "") -> Iterator[str]:
    """What of it is in the log, in lines that are marked so."""
    written = deployment.log.read_text(encoding="utf-8") + log_of_server(deployment)
    assert "bot.started" in written, written
    assert "library.log" in written or "bot.stopped" in written, written
    lines = "\n".join(line for line in written.splitlines() if lines_of in line)
    return (what for what, secret in secrets.items() if secret in lines)


def log_of_server(deployment: Deployment) -> str:
    """What PostgreSQL wrote, where it is the database."""
    if deployment.server is None:
        return ""
    log = (deployment.server.folder / "log").read_text(encoding="utf-8", errors="replace")
    assert "INSERT INTO cases.report" in log
    assert "arameters: $1 = " in log, "each statement with its values"
    return log


HEARD = {"sqlalchemy", "apscheduler"}
"""Of what is said at DEBUG. What PTB and httpx say goes to nobody."""


@pytest.mark.parametrize("on", [SQLITE, POSTGRESQL])
async def test_nothing_anybody_said_is_in_the_log_with_every_library_at_debug(
    tmp_path: Path, on: str
) -> None:
    async with _lived_through(tmp_path, LOUD + COMMAND, on) as (deployment, secrets):
        assert list(found(deployment, secrets)) == []
        written = deployment.log.read_text(encoding="utf-8")
        assert set(re.findall(r"library='(\w+)'", written)) >= HEARD


async def test_a_build_that_logs_what_it_hears_is_found_out(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    entry = "\n".join((*LEAKS.values(), LOUD, COMMAND))
    async with _lived_through(tmp_path, entry) as (deployment, secrets):
        for leak in LEAKS:
            assert list(found(deployment, secrets, leak)) != [], leak
            record_property("leak", leak)


@asynccontextmanager
async def _lived_through(
    folder: Path, entry: str, on: str = SQLITE
) -> AsyncIterator[tuple[Deployment, dict[str, str]]]:
    async with (
        running_sandbox(TOKEN, "--no-limits") as url,
        SandboxClient(url) as sandbox,
        deployed(url, folder, entry=entry, on=on) as deployment,
    ):
        if deployment.server:
            with psycopg.connect(deployment.server.url, autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET log_statement = 'all'")
                connection.execute("SELECT pg_reload_conf()")
        desk = await enrolled(sandbox, deployment)
        yield deployment, await hostilities(sandbox, deployment, desk)
