"""The one published table of a county: the same for citizens, officers and followers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.digest.measure import Flow, Measure, measure
from domain.digest.small_counts import Counted, fewest
from domain.places.county import CountyCode
from domain.reports.topic import Topic

Body = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A cell as everybody sees it. `about` is None for fewer than `k`. A flow was counted
    from `since` to `until`; a stock stood so at the end of `until`. Both are None for what
    never could be shown. `changed`: the table in which it last changed.
    `all_told`: of a flow, the sum of all that was shown, from `first` on.
    """

    about: int | None
    k: int
    since: date | None = None
    until: date | None = None
    changed: date | None = None
    all_told: int = 0
    first: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    topic: Topic
    measure: Measure
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of concerns, by what was published: sums of what anybody can add up.
    `since`: the first day counted.
    """

    since: date
    read: int
    passed_on: int
    done: int
    confirmed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTable:
    """`day`: of the window it was published in. It counts the days before. `k`: the smallest
    count shown then. What is in no cell is fewer than that.
    """

    county: CountyCode
    day: date
    k: int
    shown: Mapping[tuple[Topic, Measure], Shown]

    def cells(self, topic: Topic, measured: Measure) -> Shown:
        return self.shown.get((topic, measured), Shown(about=None, k=fewest(topic, self.k)))

    def lines(self) -> Iterator[Cell]:
        """What was ever shown, topic by topic in the order of the tiles."""
        order = list(Topic)
        for (topic, measured), shown in sorted(
            self.shown.items(), key=lambda item: order.index(item[0][0])
        ):
            yield Cell(topic=topic, measure=measured, shown=shown)

    def news(self, topic: Topic | None = None, after: date | None = None) -> tuple[Cell, ...]:
        """What changed with this table; or with any after the one of that day."""
        return tuple(
            cell
            for cell in self.lines()
            if cell.shown.changed is not None
            and (cell.shown.changed > after if after else cell.shown.changed == self.day)
            and topic in {None, cell.topic}
        )

    def answered(self, topic: Topic | None = None) -> Answered | None:
        """None before anything was shown."""
        flows = [
            cell
            for cell in self.lines()
            if isinstance(cell.measure, Flow) and topic in {None, cell.topic}
        ]
        firsts = [cell.shown.first for cell in flows if cell.shown.first]
        if not firsts:
            return None
        told = {
            flow: sum(cell.shown.all_told for cell in flows if cell.measure is flow)
            for flow in Flow
        }
        return Answered(
            since=min(firsts),
            read=told[Flow.NEW],
            passed_on=told[Flow.PASSED_ON],
            done=told[Flow.CALLED_DONE],
            confirmed=told[Flow.CONFIRMED],
        )


def following(
    table: PublishedTable | None,
    county: CountyCode,
    day: date,
    k: int,
    counted: Mapping[tuple[Topic, Measure], Counted],
) -> PublishedTable:
    """The next table: what was counted now, and the rest as it was published before."""
    shown = dict(table.shown) if table else {}
    for (topic, measured), now in counted.items():
        before = shown.get((topic, measured))
        cell = Shown(
            about=now.about,
            k=fewest(topic, k),
            since=now.since,
            until=now.until,
            changed=day,
        )
        if isinstance(measured, Flow):
            cell = replace(
                cell,
                all_told=(before.all_told if before else 0) + (now.about or 0),
                first=before.first if before else now.since,
            )
        shown[topic, measured] = cell
    return PublishedTable(county=county, day=day, k=k, shown=shown)


def to_body(table: PublishedTable) -> Body:
    """As it is kept."""
    return {
        "k": table.k,
        "cells": [
            [
                topic.value,
                measured.value,
                shown.about,
                shown.k,
                *(_iso(day) for day in (shown.since, shown.until, shown.changed)),
                shown.all_told,
                _iso(shown.first),
            ]
            for (topic, measured), shown in table.shown.items()
        ],
    }


def from_body(county: CountyCode, day: date, body: Mapping[str, object]) -> PublishedTable:
    cells, k = body["cells"], body["k"]
    assert isinstance(cells, Sequence)
    assert isinstance(k, int)
    return PublishedTable(
        county=county,
        day=day,
        k=k,
        shown={
            (Topic(topic), measure(word)): Shown(
                about=about,
                k=fewest_then,
                since=_day(since),
                until=_day(until),
                changed=_day(changed),
                all_told=all_told,
                first=_day(first),
            )
            for topic, word, about, fewest_then, since, until, changed, all_told, first in cells
        },
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
