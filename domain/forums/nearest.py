"""Which forum a report may be about, and whether it comes before or after it."""

from collections.abc import Iterable
from datetime import date, timedelta

from domain.forums.forum import Forum
from domain.forums.forum_date import ForumDate
from domain.places.county import CountyCode
from domain.reports.wishes import ForumRelation

LOOK_BACK = timedelta(days=120)
LOOK_AHEAD = timedelta(days=60)


def nearest(forums: Iterable[Forum], county: CountyCode, today: date) -> Forum | None:
    """The county's forum nearest to today, if one is near at all."""
    near = [
        forum
        for forum in forums
        if county in forum.counties
        and forum.date.last >= today - LOOK_BACK
        and forum.date.first <= today + LOOK_AHEAD
    ]
    return min(near, key=lambda forum: (forum.date.distance_to(today), forum.key), default=None)


def relation_on(today: date, forum: ForumDate) -> ForumRelation:
    """From the forum's own day on it is *after*; of a month, from the last day."""
    return ForumRelation.BEFORE if today < forum.last else ForumRelation.AFTER
