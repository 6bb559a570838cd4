"""Rules that turn an order, or a value two rows share, into a guess, for each report, of the
chat it came from.

The thief knows who wrote some of the reports, and uses it: whoever they were is nobody else's
chat, and a report that lies between two known ones came from a chat that lies between theirs.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import pairwise, product
from operator import itemgetter
from typing import Protocol

from bench.linkage.features import Features

Chances = Mapping[int, float]
"""By report: the chance that the guess is right."""

Column = Sequence[float]
ValueColumn = Sequence[frozenset[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What everybody sees is the same of all of them. In no order, so that where a feature
    ties, the truth does not break the tie.
    """

    reports: Sequence[int]
    chats: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Of a group: the reports asked for, the chats they may be of, and which the known ones
    are of.
    """

    wanted: Sequence[int]
    free: Sequence[int]
    told: Sequence[tuple[int, int]]


@dataclass(slots=True, kw_only=True)
class Question:
    """`mine`: for each report the place of its chat, or -1; what a guess is measured by."""

    parts: Sequence[Part]
    mine: Sequence[int]
    sorted_chats: dict[int, list[tuple[list[int], list[float]]]] = field(default_factory=dict)
    sharing: dict[int, list[Mapping[bytes, list[int]]]] = field(default_factory=dict)

    @classmethod
    def asked(
        cls,
        groups: Sequence[Group],
        mine: Sequence[int],
        known: AbstractSet[int],
        wanted: AbstractSet[int],
    ) -> "Question":
        parts = []
        for group in groups:
            told = [(report, mine[report]) for report in group.reports if report in known]
            taken = {chat for _, chat in told}
            parts.append(
                Part(
                    wanted=[report for report in group.reports if report in wanted],
                    free=[chat for chat in group.chats if chat not in taken],
                    told=[(report, chat) for report, chat in told if chat >= 0],
                )
            )
        return cls(parts=parts, mine=mine)

    def in_order(self, column: Column) -> Iterator[tuple[Part, list[int], list[float]]]:
        """Each part with its free chats and their values; sorted once a column."""
        found = self.sorted_chats.get(id(column))
        if found is None:
            orders = [sorted(part.free, key=column.__getitem__) for part in self.parts]
            found = [(order, [column[chat] for chat in order]) for order in orders]
            self.sorted_chats[id(column)] = found
        for part, (order, values) in zip(self.parts, found, strict=True):
            yield part, order, values

    def by_value(self, column: ValueColumn) -> Iterator[tuple[Part, Mapping[bytes, list[int]]]]:
        """Each part with the free chats that have a value; once a column."""
        if id(column) not in self.sharing:
            self.sharing[id(column)] = [_having(part, column) for part in self.parts]
        return zip(self.parts, self.sharing[id(column)], strict=True)

    def blind(self) -> Chances:
        return {
            report: self.chance(report, part.free) for part in self.parts for report in part.wanted
        }

    def chance(self, report: int, among: Sequence[int]) -> float:
        return 1 / len(among) if self.mine[report] in among else 0.0

    def by_rank(self, reports: Sequence[int], chats: Sequence[int]) -> Chances:
        """Both in order: each report is matched with the chat at its share of the way."""
        if not chats:
            return dict.fromkeys(reports, 0.0)
        step = len(chats) / max(len(reports), 1)
        return {
            report: float(chats[int((rank + 0.5) * step)] == self.mine[report])
            for rank, report in enumerate(reports)
        }


def _having(part: Part, column: ValueColumn) -> Mapping[bytes, list[int]]:
    having: defaultdict[bytes, list[int]] = defaultdict(list)
    for chat in part.free:
        for value in column[chat]:
            having[value].append(chat)
    return dict(having)


class Rule(Protocol):
    def __call__(self, question: Question) -> Chances: ...


PROMISING = 300
"""Pairs of orders that are tried in full."""

NEAR = 2
"""Ranks apart that are neighbours."""


def rules(question: Question, reports: Features, chats: Features) -> Iterator[tuple[str, Rule]]:
    """Those for which what is known speaks: orders in which known neighbours are neighbours, and
    columns in which a known pair shares a value.
    """
    pairs = product(reports.numbers.items(), _ranked(question, chats).items())
    told = _told_in_order(question, reports)
    found = nlargest(
        PROMISING,
        (
            (_neighbours(told[left], ranks), f"{left} ~ {right}", xs, chats.numbers[right])
            for (left, xs), (right, ranks) in pairs
        ),
        key=itemgetter(0),
    )
    for _, name, xs, ys in found:
        yield f"order {name}", _Between(xs, ys)
        yield f"rank {name}", _SameRank(xs, ys, falls=False)
        yield f"rank -{name}", _SameRank(xs, ys, falls=True)
    known = [pair for part in question.parts for pair in part.told]
    for (left, mine), (right, theirs) in product(reports.values.items(), chats.values.items()):
        if any(not mine[report].isdisjoint(theirs[chat]) for report, chat in known):
            yield f"equal {left} = {right}", _Equal(mine, theirs)


def _told_in_order(question: Question, reports: Features) -> Mapping[str, list[list[int]]]:
    """For each order of reports: the chats of the known ones in it, part by part."""
    return {
        name: [
            [
                chat
                for _, _, chat in sorted((column[r], at, c) for at, (r, c) in enumerate(part.told))
            ]
            for part in question.parts
        ]
        for name, column in reports.numbers.items()
    }


def _ranked(question: Question, chats: Features) -> Mapping[str, Mapping[int, int]]:
    """For each order of chats: the ranks of the known ones within their part."""
    found = {}
    for name, column in chats.numbers.items():
        found[name] = ranks = dict[int, int]()
        for part in question.parts:
            theirs = sorted((column[chat], _apart(chat), chat) for _, chat in part.told)
            ranks |= {chat: rank for rank, (_, _, chat) in enumerate(theirs)}
    return found


def _apart(chat: int) -> int:
    """Where a column ties, its order is not that of the known reports."""
    return chat * 7919 % 10007


def _neighbours(told: Sequence[Sequence[int]], ranks: Mapping[int, int]) -> int:
    return sum(
        abs(ranks[one] - ranks[other]) <= NEAR for chats in told for one, other in pairwise(chats)
    )


@dataclass(frozen=True, slots=True)
class _SameRank:
    xs: Column
    ys: Column
    falls: bool

    def __call__(self, question: Question) -> Chances:
        chances: dict[int, float] = {}
        for part, chats, _ in question.in_order(self.ys):
            reports = sorted(part.wanted, key=self.xs.__getitem__, reverse=self.falls)
            chances |= question.by_rank(reports, chats)
        return chances


@dataclass(frozen=True, slots=True)
class _Between:
    """By rank among what lies between the nearest known ones, in whichever direction those go."""

    xs: Column
    ys: Column

    def __call__(self, question: Question) -> Chances:
        chances: dict[int, float] = {}
        for part, chats, there in question.in_order(self.ys):
            anchors = sorted((self.xs[report], self.ys[chat]) for report, chat in part.told)
            at = [x for x, _ in anchors]
            gaps: defaultdict[int, list[int]] = defaultdict(list)
            for report in sorted(part.wanted, key=self.xs.__getitem__):
                gaps[bisect_left(at, self.xs[report])].append(report)
            falls = len(anchors) > 1 and anchors[0][1] > anchors[-1][1]
            ends = (float("inf"), float("-inf")) if falls else (float("-inf"), float("inf"))
            bounds = [ends[0], *(y for _, y in anchors), ends[1]]
            for gap, reports in gaps.items():
                low, high = sorted(bounds[gap : gap + 2])
                near = chats[bisect_left(there, low) : bisect_right(there, high)]
                near = near[::-1] if bounds[gap] > bounds[gap + 1] else near
                chances |= question.by_rank(reports, near or part.free)
        return chances


@dataclass(frozen=True, slots=True)
class _Equal:
    """Among the chats that share the rarest value; blind where none does."""

    mine: ValueColumn
    theirs: ValueColumn

    def __call__(self, question: Question) -> Chances:
        chances: dict[int, float] = {}
        for part, having in question.by_value(self.theirs):
            for report in part.wanted:
                shared = [having[value] for value in self.mine[report] if value in having]
                among = min(shared, key=len, default=part.free)
                chances[report] = question.chance(report, among)
        return chances
