"""Published numbers, said to citizens, followers and officers alike."""

from collections.abc import Mapping, Sequence
from functools import reduce

from bot.dialogue.named import named
from bot.dialogue.screen import Text
from domain.digest.measure import measure
from domain.digest.publication import Answered


def answered(told: Answered) -> Text:
    """What became of a county's concerns, by what was published."""
    sums = {
        "read": told.read,
        "passed_on": told.passed_on,
        "done": told.done,
        "confirmed": told.confirmed,
    }
    said = {name: _sum(number) for name, number in sums.items()}
    return Text("follow.answered", {"since": told.since, **said})


def figures(cells: Sequence[Sequence[object]]) -> Text:
    """`cells`: measure, about or None, k. At least one."""
    first, *rest = map(_figure, cells)
    return reduce(lambda one, other: Text("news.and", {"one": one, "other": other}), rest, first)


def in_county(told: Mapping[str, object], topic: Text) -> Text:
    """`told`: the county's name and its figures."""
    cells = told["figures"]
    assert isinstance(cells, Sequence)
    said = {"topic": topic, "county": told["county"], "figures": figures(cells)}
    return Text("news.line", said)


def _figure(cell: Sequence[object]) -> Text:
    word, about, k = cell
    what = named(measure(str(word)))
    if about is None:
        return Text("news.fewer", {"what": what, "k": k})
    return Text("news.about", {"what": what, "about": about})


def _sum(number: int) -> Text:
    """Of none that was shown nobody knows how many there are: each topic may hide a few."""
    return Text("published.about", {"number": number}) if number else Text("published.few")
