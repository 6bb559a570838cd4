"""A process that has loaded the product and runs nothing: each bot of a test is a fork of it.

To load 1,300 modules takes two seconds of a processor, and the tests start a hundred bots. Read as
well is what a process reads once: texts, places, who vouches for servers. Whatever else the
command does from its first line on, it does in a process of its own, as ever: `app.entry` shuts
its memory, reads its settings, opens its files. Commands other than `run`, the demo and
the wheel are started from nothing.
"""

import asyncio
import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

ROOT = Path(__file__).parent.parent
LONGEST = 1 << 17
"""Bytes of what is asked for: a packet."""


@dataclass(slots=True, kw_only=True)
class Started:
    """Of a process that is not our child: as much of asyncio's Process as tests use."""

    pid: int
    ends: socket.socket
    returncode: int | None = None

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    async def wait(self) -> int:
        """The exit status; of a signal, its number below zero."""
        if self.returncode is None:
            status = await asyncio.get_running_loop().sock_recv(self.ends, 16)
            self.returncode = int(status)
            self.ends.close()
        return self.returncode


async def start(entry: str, *words: str, cwd: Path, env: dict[str, str], log: BinaryIO) -> Started:
    """`python -c entry words` in that folder, writing to that log."""
    ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    asked = json.dumps({"entry": entry, "words": words, "folder": str(cwd), "env": env}).encode()
    assert len(asked) < LONGEST
    with theirs:
        socket.send_fds(_loaded(), [asked], [log.fileno(), theirs.fileno()])
    pid = int(await asyncio.get_running_loop().sock_recv(ours, 16))
    return Started(pid=pid, ends=ours)


@cache
def _loaded() -> socket.socket:
    """One a process of tests, gone with it."""
    ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            (sys.executable, "-m", "tests.preloaded", str(theirs.fileno())),
            cwd=ROOT,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


def _next(asking: socket.socket) -> dict[str, Any]:
    """What is to be run: returns in a fork, once for each that is asked for."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that wait
    while True:
        said, handed, _, _ = socket.recv_fds(asking, LONGEST, 2)
        if not said:
            os._exit(0)
        if os.fork() == 0:
            _wait_for_a_fork(*handed)
            asking.close()
            return dict(json.loads(said))
        for each in handed:
            os.close(each)


def _wait_for_a_fork(log: int, told: int) -> None:
    """Returns in it, with the log as its output. Whoever asked is told its number and its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if pid := os.fork():
        with socket.socket(fileno=told) as ends:
            ends.send(str(pid).encode())
            _, status = os.waitpid(pid, 0)
            ends.send(str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    os.close(told)
    for output in (1, 2):
        os.dup2(log, output)
    os.close(log)


def _run(asked: dict[str, Any]) -> None:
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.argv = ["-c", *asked["words"]]
    exec(compile(asked["entry"], "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102 - as `python -c` does


def _load() -> None:
    """What takes the time."""
    for name in ("app.cli", "anyio._backends._asyncio", "httpcore", "psycopg"):
        import_module(name)
    application = import_module("bot.telegram.application")
    application._authorities()
    import_module("app.reference.load").load_gazetteer()
    import_module("bot.texts.catalogue").Catalogues.load()


if __name__ == "__main__":
    _load()
    gc.freeze()
    _run(_next(socket.socket(fileno=int(sys.argv[1]))))
