"""Who comes and goes in the custody machine, and how a process dies in the middle of it."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app import backing_up, restoring
from crypto.xwing import KeyPair
from domain.desks.desk import NATIONAL, DeskKey
from domain.reports.report import Report
from storage.attachments import SqlAttachments
from storage.events import SqlEvents
from storage.leaves import SqlLeaves
from storage.reports import SqlReports
from storage.resealing import Resealing
from storage.staff import SqlStaffRegister
from tests.house import COUNTY_DESK, Moderator

DESKS = (NATIONAL, COUNTY_DESK)
WRITES = (
    *((SqlStaffRegister, name) for name in ("add_copy", "add_desk_key", "add_member")),
    *((SqlStaffRegister, name) for name in ("use_invite", "rewrap", "revoke")),
    (SqlReports, "replace"),
    (SqlEvents, "add"),
    (SqlLeaves, "add"),
    (SqlAttachments, "replace"),
)
"""Of one transaction each: a process that dies after one of them has kept nothing of it."""


class Crash(BaseException):
    """The process is gone between two steps."""


@dataclass(slots=True, kw_only=True)
class Person:
    """`kept`: the private keys they copied while they read. `former`: halves that were theirs
    and should open nothing any more.
    """

    who: Moderator
    desk: DeskKey = NATIONAL
    reads: bool = False
    left: bool = False
    kept: list[KeyPair] = field(default_factory=list)
    former: list[Moderator] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """`exposed`: sealed while the desk's key was to be made anew; `gone`: who had left by then.
    `former`: its row at the desk it was sent on from.
    """

    report: Report
    code: str
    exposed: bool
    gone: tuple[bytes, ...]
    former: Report | None = None

    @property
    def desk(self) -> DeskKey:
        return self.report.desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A backup, and what was there when it was made."""

    file: Path
    sent: tuple[Sent, ...]
    chats: frozenset[bytes]
    keyring: str


@contextmanager
def dying(at: int | None) -> Iterator[None]:
    """After so many writes, rows sealed anew or lines of a backup; what came before is kept, or
    is not.
    """
    with pytest.MonkeyPatch.context() as patched:
        if at is None:
            yield
            return
        step = _counting(at)

        def counted(really: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
            async def write(*given: Any) -> Any:
                done = await really(*given)
                step()
                return done

            return write

        def batched(really: Callable[..., int]) -> Callable[..., int]:
            def batch(*given: Any) -> int:
                changed = really(*given)
                step()
                return changed

            return batch

        def told(lines: Iterable[bytes], _: object) -> Iterator[bytes]:
            for line in lines:
                yield line
                step()

        for part, name in WRITES:
            patched.setattr(part, name, counted(getattr(part, name)))
        patched.setattr(Resealing, "batch", batched(Resealing.batch))
        for module in (backing_up, restoring):
            patched.setattr(module, "told", told)
        yield


def _counting(at: int) -> Callable[[], None]:
    left = at

    def step() -> None:
        nonlocal left
        if left == 0:
            raise Crash
        left -= 1

    return step
