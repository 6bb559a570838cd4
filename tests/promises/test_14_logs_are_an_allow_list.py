"""Promise 14: no token, id, text or code in a log, at any level, from any library.

The real bot runs with every logger at DEBUG while people, and Telegram itself, say hostile
things to it.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.deployment import COMMAND, TOKEN, Deployment, deployed
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
    "what libraries say is written down": """
import sys, app.log as log, bot.telegram.application as application, bot.telegram.intake.intake as i
application.quiet_libraries = i.quiet_libraries = lambda: None
log.LibraryHandler.emit = lambda self, record: sys.stderr.write(record.getMessage() + "\\n")
""",
    "an event of ours carries what the person wrote": """
import app.log as log
from bot.telegram.front import Front
log.allow = lambda event, fields: fields
handle = Front.handle
async def telling(self, update, context):
    self.citizens.log("update.failed", error=repr(update))
    await handle(self, update, context)
Front.handle = telling
""",
    "an error is written with its words": """
import sys
from bot.telegram.intake.handling import Handling
conclude = Handling._conclude
async def telling(self, update_id, error):
    sys.stderr.write(f"{error!r}\\n")
    await conclude(self, update_id, error)
Handling._conclude = telling
""",
}


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


def found(deployment: Deployment, secrets: dict[str, str]) -> Iterator[str]:
    written = deployment.log.read_text(encoding="utf-8")
    assert "bot.started" in written, written
    assert "library.log" in written or "bot.stopped" in written, written
    return (what for what, secret in secrets.items() if secret in written)


async def test_nothing_anybody_said_is_in_the_log_with_every_library_at_debug(
    tmp_path: Path,
) -> None:
    async with (
        running_sandbox(TOKEN, "--no-limits") as url,
        SandboxClient(url) as sandbox,
        deployed(url, tmp_path, entry=LOUD + COMMAND) as deployment,
    ):
        desk = await enrolled(sandbox, deployment)
        secrets = await hostilities(sandbox, deployment, desk)
        assert list(found(deployment, secrets)) == []


async def test_builds_whose_log_leaks_are_found_out(tmp_path: Path) -> None:
    async with (
        running_sandbox(TOKEN, "--no-limits") as url,
        SandboxClient(url) as sandbox,
        deployed(url, tmp_path) as deployment,
    ):
        desk = await enrolled(sandbox, deployment)
        await deployment.stop()
        for leak, entry in LEAKS.items():
            deployment.log.unlink()
            deployment.entry = entry + LOUD + COMMAND
            await deployment.start()
            secrets = await hostilities(sandbox, deployment, desk)
            assert list(found(deployment, secrets)) != [], leak
