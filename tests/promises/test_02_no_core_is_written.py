"""Promise 2, core files: the real bot dies in the middle of a draft and of a moderator's session,
where the system lets every process leave its memory in a file. None is left; a build without
the guard leaves one, with the words and the desk's private key in it.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from app.keys import RECOVERY_SECRET, KeyFolder
from crypto.session import copy_context
from crypto.spelling import read_recovery_secret
from crypto.xwing import unseal
from domain.desks.desk import DeskKey
from tests.deployment import COMMAND, Deployment, deployed
from tests.e2e.story import Moderator, Words, begin, enrol, shows, write
from tests.sandbox_client import SandboxClient

DRAFT = "Wanabeba panga kutoka machimbo ya Kwasakwasa"
LETTING = """
import resource
most = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
"""
"""`ulimit -c unlimited`, before the command's first line."""
UNGUARDED = """
import app.entry
app.entry.keep_memory_private = lambda: None
"""
PATTERN = Path("/proc/sys/kernel/core_pattern")
FOR_GOOD = "Max core file size        0                    0"
"""The soft limit and the hard one: no child of it has another."""


def in_folder() -> bool:
    """Whether this machine's kernel puts a core beside the process; it may pipe it elsewhere."""
    return not PATTERN.read_text(encoding="ascii").startswith(("|", "/"))


async def dies(deployment: Deployment) -> bytes:
    """What its death leaves behind in files, or gives to the program that takes cores here."""
    assert deployment.process is not None
    process = Path("/proc", str(deployment.process.pid))
    given = b"" if in_folder() or guarded(process) else memory(process)
    deployment.process.send_signal(signal.SIGSEGV)
    assert await deployment.process.wait() == -signal.SIGSEGV
    cores = [path for path in deployment.folder.iterdir() if path.name.startswith("core")]
    left = b"".join(path.read_bytes() for path in cores)
    for path in cores:
        path.unlink()
    return given + left


def guarded(process: Path) -> bool:
    """Only root's eyes may look into it, and no core of it is written."""
    unseen = (process / "mem").stat().st_uid == 0 or os.geteuid() == 0
    return unseen and FOR_GOOD in (process / "limits").read_text(encoding="ascii")


def memory(process: Path) -> bytes:
    """What a core would hold: all that it wrote to."""
    found = []
    with (process / "mem").open("rb", buffering=0) as file:
        for line in (process / "maps").read_text(encoding="utf-8").splitlines():
            where, rights, *_ = line.split()
            start, end = (int(each, 16) for each in where.split("-"))
            if rights.startswith("rw") and "[v" not in line:
                file.seek(start)
                found.append(file.read(end - start))
    return b"".join(found)


async def in_the_middle(sandbox: SandboxClient, desk: Moderator) -> None:
    """A citizen has written and not sent; the desk is open."""
    amina = await sandbox.phone("Amina")
    await begin(amina, desk.say, "en")
    await write(amina, desk.say, DRAFT)
    await desk.unlock()
    await desk.phone.send("/pending")
    await shows(desk.phone, desk.say("moderator.nobody_pending"))


def desk_seed(deployment: Deployment) -> bytes:
    """The national desk's private key, as the custodians open it."""
    secret = KeyFolder(deployment.data).offline / RECOVERY_SECRET
    pair = read_recovery_secret(secret.read_text(encoding="ascii").strip())
    query = "SELECT desk, generation, sealed FROM {cases}desk_copy WHERE length(holder) = 0"
    ((desk, generation, sealed),) = deployment.rows("cases", query)
    return unseal(pair, sealed, copy_context(None, DeskKey(desk), generation))


async def test_a_bot_that_is_killed_at_work_leaves_no_core_and_one_without_its_guard_does(
    sandbox: SandboxClient, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    say = Words.of("en")
    async with deployed(sandbox.url, tmp_path, entry=LETTING + COMMAND) as deployment:
        await deployment.start()
        desk = await enrol(await sandbox.phone("Otieno"), say, await deployment.invite())
        seed = desk_seed(deployment)
        await in_the_middle(sandbox, desk)
        assert deployment.process is not None
        assert guarded(Path("/proc", str(deployment.process.pid)))
        assert await dies(deployment) == b""

        deployment.entry = LETTING + UNGUARDED + COMMAND
        await deployment.start()
        await in_the_middle(sandbox, desk)
        core = await dies(deployment)
        assert DRAFT.encode() in core
        assert seed in core
        record_property("leak", "lets its memory be written")
