"""`/start f-KEY`: a report begun from a forum's poster, which tells the forum and the county."""

from dataclasses import replace

from bot.dialogue.citizen.asks import TakePlace
from bot.dialogue.citizen.buttons import back_and_cancel, in_pairs
from bot.dialogue.citizen.cards import (
    ChoosingCounty,
    ChoosingForumCounty,
    ChoosingTopic,
    Placing,
    Writing,
)
from bot.dialogue.citizen.forum_asks import PosterRead, ReadPoster
from bot.dialogue.citizen.start import started, welcomed
from bot.dialogue.citizen.state import Delivered, State, Unsent
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.screen import Button, Screen, Text
from domain.places.county import Place

PREFIX = "f-"


def is_poster(payload: str) -> bool:
    return payload.startswith(PREFIX)


def followed(state: State, payload: str) -> CitizenStep:
    if isinstance(state.report, Delivered):
        return Step(state.home().says(Text("sent.write_first")))
    return Step(state, ReadPoster(key=payload.removeprefix(PREFIX)))


def unknown(state: State) -> State:
    return started(state).says(Text("poster.unknown"))


def read(state: State, answer: PosterRead) -> State:
    """The words of a report that waits already are kept; its place was another's."""
    report = state.report if isinstance(state.report, Unsent) else Unsent(draft=answer.draft)
    draft = replace(
        report.draft,
        forum=answer.forum.forum.key,
        forum_relation=answer.relation,
        county=None,
        area=None,
    )
    report = replace(report, draft=draft, forum=answer.forum, posted=True, place=None, reader=None)
    return welcomed(state.at(Writing(), report))


def hear(state: State, report: Unsent, button: str) -> CitizenStep | None:
    match state.card, button.split(":"):
        case ChoosingForumCounty(), ["poster", "back"]:
            return Step(state.at(ChoosingTopic(), report))
        case ChoosingForumCounty(), ["poster", key]:
            return Step(state, TakePlace(key=key))
        case _:
            return None


def to_place(state: State, report: Unsent) -> CitizenStep:
    """On from the topic: the county is asked only where no poster tells it."""
    match told_by_poster(report):
        case (only,):
            return Step(state.at(ChoosingTopic(), report), TakePlace(key=only.key))
        case _:
            return Step(state.at(_placing(report), report))


def back_to_place(state: State, report: Unsent) -> State:
    """To where the county was asked, or to the topic where it was not."""
    alone = len(told_by_poster(report)) == 1
    return state.at(ChoosingTopic() if alone else _placing(report), report)


def told_by_poster(report: Unsent) -> tuple[Place, ...]:
    """The counties of the poster's forum, while the report is about it."""
    if report.posted and report.forum and report.draft.forum:
        return report.forum.places
    return ()


def _placing(report: Unsent) -> Placing:
    places = told_by_poster(report)
    return ChoosingForumCounty(places=places) if places else ChoosingCounty()


def county_screen(card: ChoosingForumCounty) -> Screen:
    tiles = tuple(
        Button(f"poster:{place.key}", Text("button.place", {"place": place.name}))
        for place in card.places
    )
    return Screen(
        paragraphs=(Text("poster.which_county"),),
        rows=(*in_pairs(tiles), back_and_cancel("poster")),
    )
