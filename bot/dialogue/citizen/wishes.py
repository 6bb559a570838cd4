"""*More*: what a citizen may decide about their report before it is sent."""

from dataclasses import replace

from bot.dialogue.citizen.buttons import chosen, stacked
from bot.dialogue.citizen.cards import KeepingOut, LimitingReach, More, RelatingForum, Reviewing
from bot.dialogue.citizen.forum_asks import Proposed, ProposeForum
from bot.dialogue.citizen.review import prepared
from bot.dialogue.citizen.state import State, Unsent
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.named import counties_of, named
from bot.dialogue.screen import Button, Screen, Text
from domain.forums.book import ShownForum
from domain.reports.draft import Draft
from domain.reports.wishes import ForumRelation, HowFar, KeptOut

BACK = Text("button.back")


def hear(state: State, report: Unsent, button: str) -> CitizenStep | None:
    draft = report.draft
    match state.card, button.split(":"):
        case More(), ["more", word]:
            return _hear_more(state, report, word)
        case ((KeepingOut() | LimitingReach() | RelatingForum()), ["wish", "back"]):
            return Step(state.at(More(), report))
        case KeepingOut(), ["out", word] if word in set(KeptOut):
            changed = replace(report, draft=draft.toggled(KeptOut(word)), reader=None)
            return prepared(state.at(KeepingOut(), changed))
        case LimitingReach(), ["far", word] if word in set(HowFar):
            wished = replace(draft, how_far=HowFar(word))
            return Step(state.at(LimitingReach(), replace(report, draft=wished)))
        case RelatingForum(), ["forum", word] if word in set(ForumRelation):
            return Step(_related(state, report, ForumRelation(word)))
        case _:
            return None


def _hear_more(state: State, report: Unsent, word: str) -> CitizenStep | None:
    match word:
        case "out":
            return Step(state.at(KeepingOut(), report))
        case "far":
            return Step(state.at(LimitingReach(), report))
        case "forum":
            return _relating(state, report)
        case "copy":
            return Step(state.at(Reviewing(copying=True), report).says(Text("review.copying")))
        case "back":
            return Step(state.at(Reviewing(), report))
        case _:
            return None


def _relating(state: State, report: Unsent) -> CitizenStep:
    """A poster's forum is the one to propose; else the nearest is looked for."""
    county = report.draft.county
    ask = ProposeForum(county=county) if county and report.forum is None else None
    return Step(state.at(RelatingForum(), report), ask)


def proposed(state: State, report: Unsent, answer: Proposed) -> State:
    return replace(state, report=replace(report, forum=answer.forum))


def _related(state: State, report: Unsent, relation: ForumRelation) -> State:
    about = report.forum if relation is not ForumRelation.NONE else None
    key = about.forum.key if about else None
    draft = replace(report.draft, forum=key, forum_relation=relation)
    return state.at(RelatingForum(), replace(report, draft=draft))


def more_screen() -> Screen:
    return Screen(
        paragraphs=(Text("more.ask"),),
        rows=(
            (Button("more:out", Text("button.keep_out")),),
            (Button("more:far", Text("button.how_far")),),
            (Button("more:forum", Text("button.forum")),),
            (Button("more:copy", Text("button.copy")),),
            (Button("more:back", BACK), Button("more:cancel", Text("button.cancel"))),
        ),
    )


def keeping_out_screen(draft: Draft) -> Screen:
    return _screen(
        Text("kept_out.ask"),
        *(
            chosen(f"out:{office}", named(office), on=office in draft.kept_out)
            for office in KeptOut
        ),
    )


def reach_screen(draft: Draft) -> Screen:
    return _screen(
        Text("how_far.ask"),
        *(chosen(f"far:{far}", named(far), on=far is draft.how_far) for far in HowFar),
    )


def forum_screen(report: Unsent) -> Screen:
    draft = report.draft
    asked_about = report.forum.forum.key if report.forum else None
    chosen_now = draft.forum_relation if draft.forum == asked_about else ForumRelation.NONE
    return _screen(
        _asked_about(report.forum),
        *(
            chosen(f"forum:{relation}", named(relation), on=relation is chosen_now)
            for relation in ForumRelation
        ),
    )


def _asked_about(forum: ShownForum | None) -> Text:
    if forum is None:
        return stacked(Text("forum_relation.unknown"), Text("forum_relation.ask"))
    told = {"date": forum.forum.date, "counties": counties_of(forum.places)}
    return Text("forum_relation.ask_about", told)


def _screen(ask: Text, *choices: Button) -> Screen:
    out = (Button("wish:back", BACK), Button("wish:cancel", Text("button.cancel")))
    return Screen(paragraphs=(ask,), rows=(*((choice,) for choice in choices), out))
