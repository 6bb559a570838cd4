"""The domain's `Media`: one child process a file, which has no key, no environment and no
way to the disk or the network, and which nobody waits for for ever.

A parser that a hostile file takes over finds in its process that file, and nothing else.
"""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from domain.reports.files import (
    MEGABYTE,
    MOST_INCOMING,
    CleanFile,
    FileKind,
    FileLocked,
    FileRefused,
    FilesAtRest,
    FileSounds,
    FileTooBig,
    FileUncleanable,
    FileUnknown,
)
from media.wire import Word, heard

AT_ONCE = 2
SECONDS = 20.0
"""For one child; its processor time is bounded in `media/limits.py`."""

PATIENCE = 25.0
"""Seconds to wait for one's turn. With `SECONDS` below the minute that an update has."""

MOST_ANSWERED = 2 * MOST_INCOMING
"""Bytes. More than any sound child says of a file that was let in; beyond, it is not heard out."""

HERE = Path(__file__).resolve().parents[1]
CHILD = (sys.executable, "-s", "-B", "-m", "media")

REFUSALS: dict[Word, type[FileRefused]] = {
    Word.UNKNOWN: FileUnknown,
    Word.SOUNDS: FileSounds,
    Word.UNCLEANABLE: FileUncleanable,
    Word.LOCKED: FileLocked,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildCleaner:
    """`child`: what is started, from the folder that holds this package."""

    child: Sequence[str] = CHILD
    seconds: float = SECONDS
    patience: float = PATIENCE
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def clean(self, content: bytes) -> CleanFile:
        """Raises FileRefused, of which FilesAtRest may be tried again."""
        if len(content) > MOST_INCOMING:
            raise FileTooBig(limit=MOST_INCOMING // MEGABYTE)
        try:
            async with asyncio.timeout(self.patience):
                await self.turn.acquire()
        except TimeoutError:
            raise FilesAtRest from None
        try:
            answer = heard(await self._answer(content))
        finally:
            self.turn.release()
        if answer is None:
            raise FileUncleanable
        word, clean = answer
        if word in REFUSALS:
            raise REFUSALS[word]
        return CleanFile(kind=FileKind(word.value), content=clean)

    async def _answer(self, content: bytes) -> bytes:
        """Whatever ends the child, it ends alone: nothing is its answer then."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self.child,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={},
                cwd=HERE,
                close_fds=True,
                start_new_session=True,
            )
        except OSError:
            raise FilesAtRest from None
        try:
            async with asyncio.timeout(self.seconds):
                answer = await _exchanged(process, content)
        except (TimeoutError, _TooLong):
            return b""
        finally:
            await _ended(process)
        return answer if process.returncode == 0 else b""


class _TooLong(Exception):
    """The child says more than any sound one would."""


async def _exchanged(process: Process, content: bytes) -> bytes:
    """It hears while it speaks, or both would wait. Raises _TooLong."""
    assert process.stdin is not None
    assert process.stdout is not None
    feeding = asyncio.create_task(_feed(process.stdin, content))
    try:
        await process.stdout.readexactly(MOST_ANSWERED + 1)
    except asyncio.IncompleteReadError as whole:
        await process.wait()
        return whole.partial
    finally:
        feeding.cancel()
    raise _TooLong


async def _feed(stdin: asyncio.StreamWriter, content: bytes) -> None:
    with suppress(ConnectionError):
        stdin.write(content)
        await stdin.drain()
    stdin.close()


async def _ended(process: Process) -> None:
    """What it said and nobody heard is let go of: a full pipe would keep it from ending."""
    assert process.stdout is not None
    with suppress(ProcessLookupError):
        process.kill()
    with suppress(TimeoutError):
        async with asyncio.timeout(1):
            while await process.stdout.read(MEGABYTE):
                pass
    await process.wait()
