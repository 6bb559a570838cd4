"""What the thief makes of one copy: rules that turn an order, or a value two rows share, into
a guess, for each report, of the chat it came from. A rule is learnt on half of the reports,
whose writers the thief knows, and tried on the other half; then the other way round.

A feature is a column, a size, a place in a file. The guess is made among the chats of the
same county and day, which anybody sees: the one at the same rank, or one that shares a value.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Self

from bench.linkage.features import Features, features_of
from bench.linkage.life import Copy, Person
from tests.promises.joins import Row, opened_in, report_rows

Z = 1.96
CHATS = {"chat": "tag", "subscription": "tag", "outgoing": "subject"}
"""Tables whose rows lead to a chat under a service key; mailboxes do not."""

Group = tuple[str, int]
Values = frozenset[bytes]
Rule = Sequence[float]
"""For each report the chance that the guess is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guesses:
    """`baseline`: what a blind guess among the same chats finds, in the mean."""

    table: str
    reports: int
    hits: float
    baseline: float
    rule: str

    @property
    def advantage(self) -> float:
        return self.hits / self.reports - self.baseline

    @property
    def upper(self) -> float:
        return self._bound(1)

    @property
    def lower(self) -> float:
        return self._bound(-1)

    def _bound(self, way: int) -> float:
        """Of the advantage, 95 % (Wilson's score interval)."""
        n, p = self.reports, self.hits / self.reports
        spread = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        return (p + Z * Z / (2 * n) + way * spread) / (1 + Z * Z / n) - self.baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What one table holds for the guess: the owner of each row, as a place in `people`."""

    name: str
    owners: Sequence[int]
    rows: Sequence[Row]
    groups: Mapping[Group, list[int]]
    """Places in `owners`, by what everybody sees of the chat."""


def attacked(copy: Copy) -> Iterator[Guesses]:
    """A line for each table that leads to a chat."""
    writers = [at for at, person in enumerate(copy.people) if person.wrote]
    if copy.due:
        writers = [at for at in writers if _report_id(copy.people[at]) in copy.due]
    found = report_rows(copy.loot)
    rows = [found[_report_id(copy.people[at])] for at in writers]
    reports = features_of(copy.loot, rows)
    for table in _tables(copy):
        opened = [opened_in(copy.loot, row) for row in table.rows]
        chats = features_of(copy.loot, table.rows, opened)
        yield _tried(copy, table, writers, reports, chats)


def _report_id(person: Person) -> bytes:
    assert person.wrote
    return person.wrote.report


def _tables(copy: Copy) -> Iterator[Table]:
    for name, key in CHATS.items():
        by_key = {row[key]: row for row in copy.loot.addresses[name]}
        owners = [at for at, one in enumerate(copy.people) if one.keys.get(name) in by_key]
        if not owners or (name == "outgoing") is not bool(copy.due):
            continue
        rows = [by_key[copy.people[at].keys[name]] for at in owners]
        groups = defaultdict(list)
        for place, at in enumerate(owners):
            groups[_seen(copy, copy.people[at], name)].append(place)
        yield Table(name=name, owners=owners, rows=rows, groups=dict(groups))


def _seen(copy: Copy, person: Person, table: str) -> Group:
    """The county is seen where it is followed; of a batch, only that it is the batch's."""
    if copy.due:
        return "", 0
    return (person.county if table == "subscription" else ""), person.day


def _tried(
    copy: Copy, table: Table, writers: Sequence[int], reports: Features, chats: Features
) -> Guesses:
    place_of = {owner: place for place, owner in enumerate(table.owners)}
    groups: defaultdict[Group, list[int]] = defaultdict(list)
    for number, at in enumerate(writers):
        group = _seen(copy, copy.people[at], table.name)
        if group in table.groups:
            groups[group].append(number)
    mine = [place_of.get(at, -1) for at in writers]
    scored = sorted(number for numbers in groups.values() for number in numbers)
    blind = [
        (1 / len(table.groups[group]) if mine[number] >= 0 else 0.0)
        for group, numbers in groups.items()
        for number in numbers
    ]
    both = ((numbers, table.groups[group]) for group, numbers in groups.items())
    rules = dict(Pairing.shuffled(both, mine).rules(reports, chats))
    hits, names = 0.0, []
    for fold in (0, 1):
        known = [number for at, number in enumerate(scored) if at % 2 == fold]
        others = [number for at, number in enumerate(scored) if at % 2 != fold]
        best = max(rules, key=lambda name: math.fsum(rules[name][number] for number in known))
        hits += math.fsum(rules[best][number] for number in others)
        names.append(best)
    return Guesses(
        table=table.name,
        reports=len(scored),
        hits=hits,
        baseline=math.fsum(blind) / len(blind),
        rule=" / ".join(dict.fromkeys(names)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Reports and chats, group by group: a report is its number, a chat its place. `mine`: for
    each report the place of its chat, or -1.
    """

    groups: Sequence[tuple[Sequence[int], Sequence[int]]]
    mine: Sequence[int]

    @classmethod
    def shuffled(
        cls, groups: Iterable[tuple[Sequence[int], Sequence[int]]], mine: Sequence[int]
    ) -> Self:
        """In no order, so that where a feature ties, the truth does not break the tie."""
        dice = Random(2025)
        return cls(
            groups=[tuple(dice.sample(side, len(side)) for side in both) for both in groups],  # type: ignore[misc] # two sides
            mine=mine,
        )

    def rules(self, reports: Features, chats: Features) -> Iterator[tuple[str, Rule]]:
        for (left, xs), (right, ys) in product(reports.numbers.items(), chats.numbers.items()):
            for sign, ordered in (("", ys), ("-", [-y for y in ys])):
                yield f"order {left} ~ {sign}{right}", self._same_rank(xs, ordered)
        for (left, mine), (right, theirs) in product(reports.values.items(), chats.values.items()):
            yield f"equal {left} = {right}", self._same_value(mine, theirs)

    def _same_rank(self, xs: Sequence[float], ys: Sequence[float]) -> Rule:
        rule = [0.0] * len(self.mine)
        for numbers, places in self.groups:
            reports, chats = sorted(numbers, key=xs.__getitem__), sorted(places, key=ys.__getitem__)
            step = (len(chats) - 1) / max(len(reports) - 1, 1)
            for rank, number in enumerate(reports):
                rule[number] = float(chats[round(rank * step)] == self.mine[number])
        return rule

    def _same_value(self, mine: Sequence[Values], theirs: Sequence[Values]) -> Rule:
        """Among the chats that share the rarest value; blind where none does."""
        rule = [0.0] * len(self.mine)
        for numbers, places in self.groups:
            having: defaultdict[bytes, list[int]] = defaultdict(list)
            for place in places:
                for value in theirs[place]:
                    having[value].append(place)
            for number in numbers:
                shared = (having[value] for value in mine[number] if value in having)
                among = min(shared, key=len, default=places)
                rule[number] = 1 / len(among) if self.mine[number] in among else 0.0
        return rule
