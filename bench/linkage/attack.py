"""What the thief makes of a copy: for each report a guess of the chat it came from, among the
chats of the same county and day, which anybody sees.

Which rule is best is learnt on half of the reports, whose writers the thief is told, and counted
on the other half; then the other way round. A blind guess is told the same.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from bench.linkage.bounds import lower_bound, upper_bound
from bench.linkage.features import Features, features_of, joined
from bench.linkage.guessing import Group, Question, rules
from bench.linkage.life import Copy, Person
from domain.chats.traces import shares_of
from tests.promises.joins import Row, opened_body, report_rows

CHATS = {"chat": "tag", "subscription": "tag", "outgoing": "subject"}
"""Tables whose rows lead to a chat under a service key; mailboxes do not."""

SIDES = ("reports", "chats")

Seen = tuple[str, int]


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
        """Of the advantage, with 95 % confidence."""
        return upper_bound(self.hits, self.reports) - self.baseline

    @property
    def lower(self) -> float:
        return lower_bound(self.hits, self.reports) - self.baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One table of one copy. `mine`: for each report the place of its writer's row, or -1."""

    seen_of_reports: Sequence[Seen]
    seen_of_chats: Sequence[Seen]
    mine: Sequence[int]
    reports: Features
    chats: Features


def attacked(copies: Sequence[Copy]) -> Iterator[Guesses]:
    """A line for each table that leads to a chat; what several copies of one kind show is
    learnt and counted together.
    """
    stages: defaultdict[str, list[Stage]] = defaultdict(list)
    for at, copy in enumerate(copies):
        for table, stage in _stages(copy, at):
            stages[table].append(stage)
    for table, several in stages.items():
        yield _tried(table, several)


def _stages(copy: Copy, batch: int) -> Iterator[tuple[str, Stage]]:
    writers = [at for at, person in enumerate(copy.people) if person.wrote]
    if copy.due:
        writers = [at for at in writers if _report_id(copy.people[at]) in copy.due]
    found = report_rows(copy.loot)
    reports = features_of(copy.loot, [found[_report_id(copy.people[at])] for at in writers])
    chat_rows = {row["tag"]: row for row in copy.loot.addresses["chat"]}
    for table, key in CHATS.items():
        by_key = {row[key]: row for row in copy.loot.addresses[table]}
        owners = [at for at, one in enumerate(copy.people) if one.keys.get(table) in by_key]
        if copy.due:  # whose notice has left before is seen: its row is empty
            owners = [at for at in owners if at in writers]
        if not owners or (table == "outgoing") is not bool(copy.due):
            continue
        people = [copy.people[at] for at in owners]
        rows = [by_key[one.keys[table]] for one in people]
        bodies = [opened_body(copy.loot, row) for row in rows]
        if table != "chat":  # what opens names the chat, and so leads to its row
            theirs = [chat_rows.get(one.keys["chat"], {}) for one in people]
            rows = _beside(rows, "chat", theirs)
            bodies = [
                body + b" " + (opened_body(copy.loot, row) if row else b"")
                for body, row in zip(bodies, theirs, strict=True)
            ]
        rows, bodies = _with_shares(copy, people, rows, bodies)
        place = {owner: at for at, owner in enumerate(owners)}
        yield (
            table,
            Stage(
                seen_of_reports=[_seen(copy, copy.people[at], table, batch) for at in writers],
                seen_of_chats=[_seen(copy, one, table, batch) for one in people],
                mine=[place.get(at, -1) for at in writers],
                reports=reports,
                chats=features_of(copy.loot, rows, bodies),
            ),
        )


def _beside(rows: Sequence[Row], name: str, others: Sequence[Row]) -> list[Row]:
    return [
        {**row, **{f"{name}.{column}": value for column, value in other.items()}}
        for row, other in zip(rows, others, strict=True)
    ]


def _with_shares(
    copy: Copy, people: Sequence[Person], rows: Sequence[Row], bodies: Sequence[bytes]
) -> tuple[list[Row], list[bytes]]:
    """And the rows of message ids that anybody who knows the chat looks in, the last one first."""
    traces = {row["tag"]: row for row in copy.loot.addresses["trace"]}
    opened = {tag: opened_body(copy.loot, row) for tag, row in traces.items()}
    theirs = [[tag for tag in reversed(shares_of(one.chat)) if tag in traces] for one in people]
    return (
        _beside(rows, "trace", [traces[tags[0]] if tags else {} for tags in theirs]),
        [
            b" ".join([body, *(opened[tag] for tag in tags)])
            for body, tags in zip(bodies, theirs, strict=True)
        ],
    )


def _report_id(person: Person) -> bytes:
    assert person.wrote
    return person.wrote.report


def _seen(copy: Copy, person: Person, table: str, batch: int) -> Seen:
    """The county is seen where it is followed; of a batch, only that it is the batch's."""
    if copy.due:
        return "", batch
    return (person.county if table == "subscription" else ""), person.day


def _tried(table: str, stages: Sequence[Stage]) -> Guesses:
    groups, mine = _laid_together(stages)
    reports, chats = (joined([getattr(stage, side) for stage in stages]) for side in SIDES)
    scored = sorted(report for group in groups for report in group.reports)
    hits, blind, names = 0.0, 0.0, []
    for fold in (0, 1):
        told = [report for at, report in enumerate(scored) if at % 2 == fold]
        others = {report for at, report in enumerate(scored) if at % 2 != fold}
        learning = Question.asked(groups, mine, set(told[::2]), set(told[1::2]))
        known_rules = dict(rules(learning, reports, chats))
        right = {name: math.fsum(rule(learning).values()) for name, rule in known_rules.items()}
        best = max(right, key=right.__getitem__)
        question = Question.asked(groups, mine, set(told), others)
        hits += math.fsum(known_rules[best](question).values())
        blind += math.fsum(question.blind().values())
        names.append(best)
    return Guesses(
        table=table,
        reports=len(scored),
        hits=hits,
        baseline=blind / len(scored),
        rule=" / ".join(dict.fromkeys(names)),
    )


def _laid_together(stages: Sequence[Stage]) -> tuple[list[Group], list[int]]:
    """Reports and chats are numbered through all of them. Reports of whom nobody could have
    written to this table are no question.
    """
    reports: defaultdict[Seen, list[int]] = defaultdict(list)
    chats: defaultdict[Seen, list[int]] = defaultdict(list)
    mine: list[int] = []
    before = 0
    for stage in stages:
        for at, seen in enumerate(stage.seen_of_reports):
            reports[seen].append(len(mine) + at)
        for at, seen in enumerate(stage.seen_of_chats):
            chats[seen].append(before + at)
        mine += [before + at if at >= 0 else -1 for at in stage.mine]
        before += len(stage.seen_of_chats)
    dice = Random(2025)
    groups = [
        Group(
            reports=dice.sample(some, len(some)), chats=dice.sample(chats[seen], len(chats[seen]))
        )
        for seen, some in reports.items()
        if seen in chats
    ]
    return groups, mine
