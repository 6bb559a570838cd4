"""The text of a word of the domain: `Topic.LAND` is said by the key `topic.land`."""

from enum import StrEnum

from bot.dialogue.screen import Text
from domain.digest.measure import Flow, Stock
from domain.forums.promised import Reach
from domain.places.county import Place
from domain.ports.sealing import Suspect
from domain.reports.clocks import NextStep
from domain.reports.entry import EntryKind
from domain.reports.exposure import Trace
from domain.reports.state import Author, NoActionReason, Standing, State, Want
from domain.reports.topic import Topic
from domain.reports.wishes import ForumRelation, HowFar, KeptOut

GROUPS: dict[type[StrEnum], str] = {
    Author: "author",
    Flow: "flow",
    EntryKind: "entry",
    ForumRelation: "forum_relation",
    HowFar: "how_far",
    KeptOut: "kept_out",
    NextStep: "next",
    NoActionReason: "no_action",
    Reach: "reach",
    Standing: "standing",
    State: "state",
    Stock: "stock",
    Suspect: "suspect",
    Topic: "topic",
    Trace: "trace",
    Want: "want",
}
"""The group of keys that holds one text for each member."""


def named(member: StrEnum) -> Text:
    return Text(f"{GROUPS[type(member)]}.{member.value}")


AREAS = frozenset({"nairobi-north", "nairobi-east", "nairobi-west"})
"""Areas with a name in every language."""


def place_name(place: Place) -> Text | str:
    """A county's name is the same in every language; Nairobi's areas are not."""
    return Text(f"area.{place.area}") if place.area in AREAS else place.name


def counties_of(places: tuple[Place, ...]) -> str:
    return ", ".join(place.name for place in places)
