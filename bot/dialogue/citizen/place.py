"""Where it happened: a county typed or chosen, and the part of it where desks differ."""

from dataclasses import replace

from bot.dialogue.citizen.asks import Counties, FindPlace, ListCounties, PlaceTaken, TakePlace
from bot.dialogue.citizen.buttons import back_and_cancel, in_pairs
from bot.dialogue.citizen.cards import (
    BrowsingCounties,
    ChoosingArea,
    ChoosingCounty,
    ChoosingTopic,
    Reviewing,
)
from bot.dialogue.citizen.poster import back_to_place
from bot.dialogue.citizen.review import prepared
from bot.dialogue.citizen.state import State, Unsent
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.named import place_name
from bot.dialogue.screen import Button, Screen, Text
from domain.places.county import Place
from domain.places.gazetteer import Found, NoPlace, OnePlace, SeveralPlaces
from domain.reports.wishes import ForumRelation

PAGE = 12
"""Counties a page: six rows of two, what a small phone shows at once."""


def hear_typed(state: State, typed: str) -> CitizenStep | None:
    official = state.person.spoken.official(typed)
    match state.card:
        case ChoosingCounty() | BrowsingCounties():
            return Step(state, FindPlace(typed=official))
        case ChoosingArea(whole=whole):
            return Step(state, FindPlace(typed=f"{whole.name} {official}"))
        case _:
            return None


def hear(state: State, report: Unsent, button: str) -> CitizenStep | None:
    match state.card, button.split(":"):
        case ChoosingCounty(), ["county", "browse"]:
            return Step(state, ListCounties())
        case BrowsingCounties() as card, ["counties", page] if page in map(str, _pages(card)):
            return Step(state.at(replace(card, page=int(page)), report))
        case ChoosingCounty(), ["county", "back"]:
            return Step(state.at(ChoosingTopic(), report))
        case BrowsingCounties(), ["counties", "back"]:
            return Step(state.at(ChoosingCounty(), report))
        case ChoosingArea(), ["area", "back"]:
            return Step(back_to_place(state, report))
        case ChoosingArea(whole=whole), ["area", "unsure"]:
            return placed(state, report, whole)
        case ChoosingArea(), ["area", key]:
            return Step(state, TakePlace(key=key))
        case ((ChoosingCounty() | BrowsingCounties()), ["place", key]):
            return Step(state, TakePlace(key=key))
        case _:
            return None


def found(state: State, report: Unsent, answer: Found) -> CitizenStep:
    match answer:
        case OnePlace(place=place) if _is_known_already(state, place):
            return Step(state.leaves(Text("place.unknown")))
        case OnePlace(place=place):
            understood = Text("place.understood", {"place": place_name(place)})
            return Step(state.says(understood), TakePlace(key=place.key))
        case SeveralPlaces(places=places):
            card = ChoosingCounty(candidates=places)
            return Step(state.at(card, report).says(Text("place.which")))
        case NoPlace():
            return Step(state.leaves(Text("place.unknown")))


def listed(state: State, report: Unsent, answer: Counties) -> State:
    return state.at(BrowsingCounties(places=answer.places), report)


def taken(state: State, report: Unsent, answer: PlaceTaken) -> CitizenStep:
    if answer.areas:
        return Step(state.at(ChoosingArea(whole=answer.place, areas=answer.areas), report))
    return placed(state, report, answer.place)


def placed(state: State, report: Unsent, place: Place) -> CitizenStep:
    draft = replace(report.draft, county=place.county, area=place.area)
    report = replace(report, draft=draft, place=place, reader=None)
    if report.forum and place.county not in report.forum.forum.counties:
        report = without_forum(report)
    return prepared(state.at(Reviewing(), report))


def without_forum(report: Unsent) -> Unsent:
    """The forum of another county is not this report's."""
    relation = ForumRelation.NONE if report.draft.forum else report.draft.forum_relation
    draft = replace(report.draft, forum=None, forum_relation=relation)
    return replace(report, draft=draft, forum=None, posted=False)


def county_screen(card: ChoosingCounty) -> Screen:
    candidates = tuple(_tile("place", place) for place in card.candidates)
    return Screen(
        paragraphs=(Text("place.ask"),),
        rows=(
            *in_pairs(candidates),
            (Button("county:browse", Text("button.browse")),),
            back_and_cancel("county"),
        ),
    )


def browsing_screen(card: BrowsingCounties) -> Screen:
    shown = card.places[card.page * PAGE :][:PAGE]
    pages = _pages(card)
    turns = (
        (card.page - 1, Text("button.previous")),
        (card.page + 1, Text("button.next")),
    )
    return Screen(
        paragraphs=(Text("place.page", {"first": shown[0].name, "last": shown[-1].name}),),
        rows=(
            *in_pairs(tuple(_tile("place", place) for place in shown)),
            tuple(Button(f"counties:{page}", label) for page, label in turns if page in pages),
            back_and_cancel("counties"),
        ),
    )


def area_screen(card: ChoosingArea) -> Screen:
    return Screen(
        paragraphs=(Text("place.area", {"county": card.whole.name}),),
        rows=(
            *in_pairs(tuple(_tile("area", area) for area in card.areas)),
            (Button("area:unsure", Text("button.unsure")),),
            back_and_cancel("area"),
        ),
    )


def _is_known_already(state: State, place: Place) -> bool:
    """The county whose part is asked for: what was typed beside it told nothing."""
    return isinstance(state.card, ChoosingArea) and state.card.whole == place


def _tile(card: str, place: Place) -> Button:
    return Button(f"{card}:{place.key}", Text("button.place", {"place": place_name(place)}))


def _pages(card: BrowsingCounties) -> range:
    return range(-(-len(card.places) // PAGE))
