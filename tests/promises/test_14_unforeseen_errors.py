"""Promise 14, where nobody foresaw it: the command dies of an error, a thread, a task, a finalizer
or a library says what it knows, Python warns. On standard error stands the kind of each, and no
word of it; a build that lets Python speak for itself is found out by each.
"""

from collections.abc import Callable
from pathlib import Path

from tests.deployment import COMMAND, Deployment

SAID = {
    "an error nobody foresaw": "pelican",
    "what brought it about": "lighthouse",
    "an error of a thread": "marmalade",
    "an error of a task": "cardamom",
    "an error of a finalizer": "sycamore",
    "a warning": "tamarind",
    "a library": "bougainvillea",
    "an error a library logs": "jacaranda",
    "a library before there is a log": "flamboyant",
}
"""By how it comes out: words no line may hold."""

LIBRARIES = (
    *("telegram", "httpx", "httpcore", "sqlalchemy", "aiosqlite", "psycopg", "apscheduler"),
    *("uvicorn", "starlette", "asyncio", "structlog", "alembic"),
)

FAILING = f"""
import asyncio, gc, logging, threading, warnings
import app.run as running
SAID, LIBRARIES = {SAID!r}, {LIBRARIES!r}

def fail(how):
    raise LookupError(SAID[how])

class Final:
    def __del__(self):
        fail("an error of a finalizer")

async def failing(*_):
    fail("an error of a task")

async def dying(settings):
    for name in LIBRARIES:
        logging.getLogger(name).warning(SAID["a library before there is a log"])
    running.configure()
    from bot.telegram.intake import quiet_libraries
    quiet_libraries()
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.DEBUG)
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        logger.setLevel(logging.DEBUG)
        logger.debug("%s", SAID["a library"])
        try:
            fail("an error a library logs")
        except LookupError:
            logger.exception("it failed")
    thread = threading.Thread(target=fail, args=("an error of a thread",))
    thread.start()
    thread.join()
    task = asyncio.create_task(failing())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    Final()
    gc.collect()
    warnings.warn(SAID["a warning"])
    try:
        fail("what brought it about")
    except LookupError as cause:
        raise ValueError(SAID["an error nobody foresaw"]) from cause

running.run = dying
"""
"""`sauti run` with all of it in its place."""

SPEAKING = """
import logging, sys, traceback, app.entry as entry, app.log as log, bot.telegram.intake as intake
entry.keep_words_private = lambda: None
entry.tell = traceback.print_exception
intake.quiet_libraries = lambda: None
log.LibraryHandler.emit = lambda self, record: sys.stderr.write(
    logging.Formatter().format(record) + "\\n"
)
"""
"""As a command does that leaves it to Python."""


async def died(folder: Path, entry: str) -> tuple[str, set[str]]:
    """What it left on standard error, and what of all that can be read there."""
    deployment = Deployment(url="http://127.0.0.1:9", folder=folder, entry=entry, from_nothing=True)
    await deployment.start()
    assert deployment.process
    assert await deployment.process.wait() == 1
    log = deployment.log.read_text(encoding="utf-8")
    return log, {how for how, words in SAID.items() if words in log}


async def test_whatever_nobody_foresaw_is_told_by_its_kind_and_place(tmp_path: Path) -> None:
    log, read = await died(tmp_path, FAILING + COMMAND)
    assert read == set()
    assert log.count("unforeseen: LookupError\n") == 2, "of the thread, of the finalizer"
    assert "unforeseen: ValueError, of LookupError\n" in log
    assert "unforeseen: UserWarning\n" in log
    assert "event='library.log' library='asyncio' level='ERROR' error='LookupError'" in log
    assert "in dying\n" in log


async def test_a_build_that_lets_python_speak_for_itself_is_found_out(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    _, read = await died(tmp_path, SPEAKING + FAILING + COMMAND)
    assert read == set(SAID)
    for how in sorted(read):
        record_property("leak", how)
