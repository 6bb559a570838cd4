"""What was delivered is recorded together, and nobody is told so before it is on the disk."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from domain.ports.addresses import OutgoingKey
from scheduler.recording import Recording
from storage.errors import StoreUnavailable

if TYPE_CHECKING:
    from domain.followup.outbox import Outbox

KEYS = [OutgoingKey(subject=bytes([at]), kind="notice", anchor="a") for at in range(9)]


@dataclass(slots=True)
class SlowDisk:
    """A transaction a call, each as long as the test wants."""

    written: list[tuple[OutgoingKey, ...]] = field(default_factory=list)
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    broken: bool = False

    async def delivered(self, *keys: OutgoingKey) -> None:
        await self.turns.acquire()
        if self.broken:
            raise StoreUnavailable
        self.written.append(keys)


def recording_on(disk: SlowDisk) -> Recording:
    return Recording(outbox=cast("Outbox", disk))


async def test_what_comes_while_one_is_written_goes_with_the_next() -> None:
    disk = SlowDisk()
    recording = recording_on(disk)
    first, *others = (asyncio.create_task(recording.delivered(key)) for key in KEYS)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not first.done()
    disk.turns.release()
    disk.turns.release()
    await asyncio.gather(first, *others)
    assert sorted(map(len, disk.written)) in ([9], [1, 8])
    assert sorted(key.subject for keys in disk.written for key in keys) == [
        key.subject for key in KEYS
    ]


async def test_a_disk_that_fails_is_told_to_each_and_the_next_is_tried() -> None:
    disk = SlowDisk(broken=True)
    disk.turns.release()
    recording = recording_on(disk)
    failed = await asyncio.gather(
        *(recording.delivered(key) for key in KEYS), return_exceptions=True
    )
    assert {type(each) for each in failed} == {StoreUnavailable}
    disk.broken = False
    disk.turns.release()
    await recording.delivered(KEYS[0])
    assert disk.written == [(KEYS[0],)]


async def test_whoever_was_cancelled_holds_up_nobody() -> None:
    disk = SlowDisk()
    recording = recording_on(disk)
    one, other = (asyncio.create_task(recording.delivered(key)) for key in KEYS[:2])
    await asyncio.sleep(0)
    one.cancel()
    with pytest.raises(asyncio.CancelledError):
        await one
    disk.turns.release()
    disk.turns.release()
    await other
