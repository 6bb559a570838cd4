"""A citizen's whole conversation: words, about, county, code, *Send*, answered. Its report is
then sealed on disk.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Sequence

from bench.both import Bot, Both
from bench.measure import Bound, Goal, Row
from bench.raw import KILOBYTE, Raw
from bench.sizes import Sizes
from bench.telegram import CARD, DELETED, Line, NoSuchButton

NAME = "conversation"
LIMIT = Goal(bound=Bound.RATIO_AT_LEAST, number=0.6)
CALLS = (
    "the same ten calls and five updates through a bare python-telegram-bot in a process of its"
    " own, and with *Send* the raw work: Argon2id (19 MiB, t=2), two HPKE seals, AES-GCM of 1 KB,"
    " two fsync'd commits"
)
LOST = (
    "a conversation that waited too long for an answer, did not find its button, or was answered"
    " and is not on disk"
)
RAW = (
    "the raw work alone, in this process and without a single call of Telegram: Argon2id"
    " (19 MiB, t=2), two HPKE seals, AES-GCM of 1 KB, two fsync'd commits"
)
GOES = (
    "an update costs a fetch, and a draw, a deletion or an answer: each call of Telegram through"
    " python-telegram-bot and httpx is 1 to 2 ms of CPU, and a conversation makes ten, after five"
    " fetches. The rest: Argon2id, commits of *addresses* by which `/clear` finds the messages"
    " after a crash"
)


async def rows(both: Both, sizes: Sizes) -> AsyncIterator[Row]:
    raw = Raw.at(both.deployment.settings.data_dir.parent)
    taken = [await _in_turn(both, raw, sizes.conversations) for _ in range(sizes.runs)]
    real, bare, alone = (statistics.median(ones) for ones in zip(*taken, strict=True))
    for beside, what in ((bare, CALLS), (alone, RAW)):
        suffix = "and its calls" if beside is bare else "alone"
        yield Row(
            name=f"conversations a CPU second, beside raw work {suffix}",
            unit="/s",
            value=1 / real,
            beside=1 / beside,
            beside_what=what,
            goal=LIMIT,
            goes=GOES,
        )
    for crowd in sizes.crowds:
        async for row in _at_once(both, crowd):
            yield row


async def _in_turn(both: Both, raw: Raw, many: int) -> tuple[float, float, float]:
    """CPU seconds a conversation: the real bot's, the bare one's, and of the raw work."""
    people = await both.people(many)
    of_bots = [await _cpu_seconds(bot, people) for bot in (both.real, both.bare)]
    start = time.process_time()
    for _ in people:
        raw.report()
    return of_bots[0], of_bots[1], (time.process_time() - start) / many


async def _cpu_seconds(bot: Bot, people: Sequence[int]) -> float:
    start = bot.process.cpu_seconds()
    for person in people:
        await _conversation(bot.line, person)
    return max(bot.process.cpu_seconds() - start, 0.01) / len(people)


async def _at_once(both: Both, crowd: int) -> AsyncIterator[Row]:
    people = await both.people(crowd)
    before = await _kept(both)
    real, failed = await _crowd_of(both.real.line, people)
    bare, _ = await _crowd_of(both.bare.line, people)
    answered = min(crowd - failed, await _kept(both) - before)
    yield Row(
        name=f"{crowd} conversations at once: answered, and on disk",
        unit="",
        value=answered,
        beside=crowd,
        beside_what="begun: none is refused",
        goal=Goal(bound=Bound.RATIO_AT_LEAST, number=1.0),
        goes=LOST,
    )
    yield Row(
        name=f"{crowd} conversations at once: how many a second",
        unit="/s",
        value=crowd / real,
        beside=crowd / bare,
        beside_what=CALLS,
        goal=LIMIT,
        goes=GOES,
    )


async def _crowd_of(line: Line, people: Sequence[int]) -> tuple[float, int]:
    """Seconds until all are done, and how many failed."""
    start = time.perf_counter()
    ended = await asyncio.gather(
        *(_conversation(line, person) for person in people), return_exceptions=True
    )
    failed = [one for one in ended if one is not None]
    for one in failed:
        if not isinstance(one, TimeoutError | NoSuchButton):
            raise one
    return time.perf_counter() - start, len(failed)


async def _conversation(line: Line, person: int) -> None:
    """Raises NoSuchButton, TimeoutError."""
    await line.say(person, KILOBYTE, CARD, DELETED)
    await line.press(person, "words:done")
    await line.press(person, "topic:theft")
    await line.say(person, "muranga", CARD, DELETED)
    await line.press(person, "review:send")


async def _kept(both: Both) -> int:
    stores = both.deployment.house.stores
    async with stores.cases() as cases:
        desks = await cases.staff.staffed()
        return sum((await cases.reports.count(desks)).values())
