"""An officer's digest and reminders: three things that need them, each with its buttons, then
how the rest stands. Brief: it is read on a small screen.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.dialogue.moderator.names import stacked
from bot.dialogue.named import AREAS, named
from bot.dialogue.officer.buttons import short_acts
from bot.dialogue.published import figures
from bot.dialogue.screen import Rows, Screen, Text
from domain.desks.desk import NATIONAL
from domain.reports.topic import Topic

MOST = 3


def digest(facts: Mapping[str, object]) -> Screen:
    lines = _lines(facts)
    title = {"place": place_of(facts), "day": date.fromisoformat(str(facts["day"]))}
    counts = {"open": len(lines), **{key: facts[key] for key in ("late", "blocked", "done")}}
    needs = needing(lines) if lines else (Text("digest.nothing"),)
    return Screen(
        paragraphs=(
            Text("digest.title", title),
            *needs,
            Text("digest.counts", counts),
            *_published(facts, ROOM.get(len(lines), NO_ROOM)),
        ),
        rows=rows(lines),
    )


def table(facts: Mapping[str, object]) -> Screen:
    """`/digest table`: what was published, alone."""
    return Screen(paragraphs=_published(facts, WHOLE_CARD))


def _published(facts: Mapping[str, object], room: int) -> tuple[Text, ...]:
    """The table that everybody can read of the county, as many topics as there is room for:
    what is not named is too few to show.
    """
    table = facts["table"]
    assert isinstance(table, Sequence)
    if not table:
        return (Text("digest.nothing_published"),)
    if room == NO_ROOM:
        return (Text("digest.published_elsewhere"),)
    shown = [
        Text("digest.topic", {"topic": named(Topic(str(topic))), "figures": figures(cells)})
        for topic, cells in table[:room]
    ]
    more = len(table) - room
    rest = (Text("digest.more_topics", count=more),) if more > 0 else ()
    return (stacked(Text("digest.published"), *shown, *rest),)


NO_ROOM = 0
ROOM = {0: 1, 1: 1}
"""Topics of the table beside so many referrals, each of them two or three lines."""

WHOLE_CARD = 3


def nudge(facts: Mapping[str, object]) -> Screen:
    lines = _lines(facts)
    return Screen(paragraphs=(Text("digest.nudge"), *needing(lines)), rows=rows(lines))


def escalation(facts: Mapping[str, object]) -> Screen:
    """Counts by desk, and not a word of a report."""
    desks = facts["desks"]
    assert isinstance(desks, Sequence)
    shown = [
        Text("digest.escalated_desk", {"desk": _desk(str(desk)), "number": int(number)})
        for desk, number in desks[:MOST_DESKS]
    ]
    more = len(desks) - MOST_DESKS
    rest = (Text("digest.more_desks", count=more),) if more > 0 else ()
    return Screen(paragraphs=(Text("digest.escalated"), stacked(*shown, *rest)))


MOST_DESKS = 8


def needing(lines: Sequence[Sequence[object]]) -> tuple[Text, ...]:
    shown = tuple(_line(each) for each in lines[:MOST])
    more = len(lines) - MOST
    rest = (Text("digest.more", count=more),) if more > 0 else ()
    return (stacked(*shown, *rest),)


def rows(lines: Sequence[Sequence[object]]) -> Rows:
    return tuple(short_acts(str(number)) for number, *_ in lines[:MOST])


def place_of(facts: Mapping[str, object]) -> Text | str:
    place = str(facts["place"])
    if place == NATIONAL:
        return Text("digest.national")
    return Text(f"area.{place}") if place in AREAS else str(facts["place_name"])


def _line(each: Sequence[object]) -> Text:
    number, topic, days, danger = each
    assert isinstance(days, int)
    key = "digest.line_danger" if danger else "digest.line"
    return Text(key, {"number": number, "topic": named(Topic(str(topic)))}, count=days)


def _lines(facts: Mapping[str, object]) -> Sequence[Sequence[object]]:
    lines = facts["lines"]
    assert isinstance(lines, Sequence)
    return lines


def _desk(desk: str) -> Text | str:
    if desk == NATIONAL:
        return Text("reader.national")
    return Text(f"area.{desk}") if desk in AREAS else desk
