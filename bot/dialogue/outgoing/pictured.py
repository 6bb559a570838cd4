"""The words under a picture of a digest: whoever cannot see the chart reads all of it here."""

from collections.abc import Iterator, Mapping, Sequence

from bot.dialogue.moderator.names import stacked
from bot.dialogue.named import named
from bot.dialogue.published import figures
from bot.dialogue.screen import Screen, Text
from domain.forums.forum_date import ForumDate
from domain.referrals.desk import COLUMNS
from domain.reports.topic import Topic

DRAWN = COLUMNS[:2]
"""What a chart draws of each topic. A page has all of them."""


def chart(facts: Mapping[str, object]) -> Screen:
    lines = (
        Text("digest.topic", {"topic": named(topic), "figures": figures(drawn)})
        for topic, cells in topics(facts)
        if (drawn := [cell for cell in cells if cell[0] in DRAWN])
    )
    return _below(stacked(Text("picture.chart", title(facts)), *lines))


def page(facts: Mapping[str, object]) -> Screen:
    return _below(Text("picture.page", title(facts)))


def title(facts: Mapping[str, object]) -> dict[str, object]:
    return {"county": str(facts["county"]), "day": ForumDate.parse(str(facts["day"]))}


def topics(facts: Mapping[str, object]) -> Iterator[tuple[Topic, Sequence[Sequence[object]]]]:
    """Each with its cells that can be shown: measure, about, k."""
    table = facts["table"]
    assert isinstance(table, Sequence)
    for topic, cells in table:
        yield Topic(str(topic)), cells


def _below(words: Text) -> Screen:
    """It may be forwarded and kept: everybody can read what it shows."""
    return Screen(paragraphs=(words,), protect=False)
