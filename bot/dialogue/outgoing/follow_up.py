"""One message a window to a follower: what moved, in published numbers, and how to stop."""

from collections.abc import Mapping, Sequence

from bot.dialogue.citizen.buttons import stacked
from bot.dialogue.named import named
from bot.dialogue.published import in_county
from bot.dialogue.screen import Button, Screen, Text
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
    return in_county(told, named(Topic(str(told["topic"]))))


def _forum(told: Mapping[str, object]) -> Text:
    date = ForumDate.parse(str(told["date"]))
    return Text("news.forum", {"county": told["county"], "date": date})
