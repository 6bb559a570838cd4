"""From an update to its answer, of a button pressed on a card."""

import statistics
from collections.abc import AsyncIterator

from bench.both import Both
from bench.measure import Bound, Goal, Row
from bench.sizes import Sizes
from bench.telegram import CARD, Line

NAME = "answer"


async def rows(both: Both, sizes: Sizes) -> AsyncIterator[Row]:
    (person,) = await both.people(1)
    lines = both.real.line, both.bare.line
    for line in lines:
        await line.say(person, "/start", CARD)
        await _pressed(line, person)
    taken: tuple[list[float], list[float]] = [], []
    for _ in range(sizes.runs * sizes.presses // 2):
        for line, seconds in zip(lines, taken, strict=True):
            seconds.extend(await _pressed(line, person))
    real, bare = map(statistics.median, taken)
    yield Row(
        name="a button pressed, until its card is drawn and it waits no more",
        unit="ms",
        value=1000 * real,
        beside=1000 * bare,
        beside_what="a bare python-telegram-bot, 40 handlers, the same two calls, in turn",
        goal=Goal(bound=Bound.RATIO_AT_MOST, number=2.0),
        goes=(
            "two calls of Telegram through python-telegram-bot and httpx, as in the bare bot; one"
            " look-up in *addresses* whether the chat is staff's; the dialogue and its card in"
            " words: under a millisecond"
        ),
    )


async def _pressed(line: Line, person: int) -> tuple[float, float]:
    """There and back."""
    return await line.press(person, "menu:privacy"), await line.press(person, "menu")
