"""Who comes and goes in the custody machine, and how a process dies in the middle of it."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

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
from storage.stores import SqlAddresses, SqlCases
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

COMMITS = ((SqlCases, "commit"), (SqlAddresses, "commit"))
KEPT_AT_ONCE = (
    (backing_up, "place"),
    *((restoring, f"load_{store}") for store in ("cases", "addresses", "shreds")),
)
"""What ends in a commit, or with a file under its name."""


class Crash(BaseException):
    """The process is gone between two steps."""


@dataclass(frozen=True, slots=True)
class Dying:
    """`at`: so many steps before. `after`: they are commits, and what follows the last of them is
    not done: the answer, the memory of a session, the next transaction. Else they are writes, rows
    sealed anew or lines of a backup, and nothing of the last transaction is kept.
    """

    at: int
    after: bool = False


NEVER, BEFORE, AFTER = 12, 4, 2
crashes = st.sampled_from(
    (
        *([None] * NEVER),
        *(Dying(at) for at in range(BEFORE)),
        *(Dying(at, after=True) for at in range(AFTER)),
    )
)
"""Twice in three nothing happens: an order in which every other act is killed gets nowhere."""


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
def dying(when: Dying | None) -> Iterator[None]:
    """Raises Crash at that moment, if it comes."""
    with pytest.MonkeyPatch.context() as patched:
        if when is None:
            yield
            return
        step = _counting(when.at)

        def told(lines: Iterable[bytes], _: object) -> Iterator[bytes]:
            for line in lines:
                yield line
                step()

        for part, name in COMMITS if when.after else WRITES:
            patched.setattr(part, name, _counted(getattr(part, name), step))
        patched.setattr(Resealing, "batch", _counted_at_once(Resealing.batch, step))
        for module, name in KEPT_AT_ONCE if when.after else ():
            patched.setattr(module, name, _counted_at_once(getattr(module, name), step))
        for module in () if when.after else (backing_up, restoring):
            patched.setattr(module, "told", told)
        yield


Step = Callable[[], None]


def _counted(really: Callable[..., Awaitable[Any]], step: Step) -> Callable[..., Awaitable[Any]]:
    async def done(*given: Any) -> Any:
        answer = await really(*given)
        step()
        return answer

    return done


def _counted_at_once(really: Callable[..., Any], step: Step) -> Callable[..., Any]:
    def done(*given: Any, **named: Any) -> Any:
        answer = really(*given, **named)
        step()
        return answer

    return done


def _counting(at: int) -> Step:
    left = at

    def step() -> None:
        nonlocal left
        if left == 0:
            raise Crash
        left -= 1

    return step
