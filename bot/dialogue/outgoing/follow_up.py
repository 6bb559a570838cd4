"""One message a window to a follower: what moved, in published numbers, and how to stop."""

from collections.abc import Mapping, Sequence

from bot.dialogue.citizen.buttons import stacked
from bot.dialogue.named import named
from bot.dialogue.screen import Button, Screen, Text
from domain.digest.measure import measure
from domain.forums.forum_date import ForumDate
from domain.reports.topic import Topic


def follow_up(facts: Mapping[str, object]) -> Screen:
    """`facts` as `domain/followup/follow_up.py` makes them."""
    news, forums, more = facts["news"], facts["forums"], facts["more"]
    assert isinstance(news, Sequence)
    assert isinstance(forums, Sequence)
    assert isinstance(more, int)
    lines = [Text("news.title"), *map(_topic, news), *map(_forum, forums)]
    if more:
        lines.append(Text("news.more", count=more))
    stop = Button("menu:following", Text("button.stop_following"))
    return Screen(paragraphs=(stacked(*lines),), rows=((stop,),))


def _topic(told: Mapping[str, object]) -> Text:
    figures = told["figures"]
    assert isinstance(figures, Sequence)
    first, *rest = map(_figure, figures)
    said = first
    for figure in rest:
        said = Text("news.and", {"one": said, "other": figure})
    place = {"topic": named(Topic(str(told["topic"]))), "county": told["county"]}
    return Text("news.line", {**place, "figures": said})


def _figure(figure: Sequence[object]) -> Text:
    word, about, k = figure
    what = named(measure(str(word)))
    if about is None:
        return Text("news.fewer", {"what": what, "k": k})
    return Text("news.about", {"what": what, "about": about})


def _forum(told: Mapping[str, object]) -> Text:
    date = ForumDate.parse(str(told["date"]))
    return Text("news.forum", {"county": told["county"], "date": date})
