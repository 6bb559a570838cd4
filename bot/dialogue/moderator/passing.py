"""Passing a report on: the office, then the summary in the moderator's own words, then once
more to look at. The words of the report stay on the card meanwhile.
"""

from dataclasses import replace

from bot.dialogue.converse import Step
from bot.dialogue.moderator.asks import (
    CheckSummary,
    FindOffice,
    FindOffices,
    OfficeFound,
    OfficesFound,
    PassOn,
    SummaryChecked,
)
from bot.dialogue.moderator.buttons import open_button
from bot.dialogue.moderator.cards import (
    ChoosingOffice,
    Confirming,
    Passing,
    ShowingReport,
    WritingSummary,
)
from bot.dialogue.moderator.state import ModeratorStep, State
from bot.dialogue.screen import Button, Rows, Text, Verbatim
from domain.referrals.refer import Target
from domain.reports.reference import read_ref
from domain.reports.report import Report, ReportRef


def hear(state: State, button: str) -> ModeratorStep | None:
    match button.split(":"):
        case ["refer", ref]:
            return Step(state, FindOffices(ref=ref))
        case ["office", ref, office]:
            return Step(state, FindOffice(ref=ref, office=office))
        case ["passon", ref]:
            return _confirmed(state, ref)
        case _:
            return None


def asked(state: State, argument: str) -> ModeratorStep:
    """`/refer [REF] [office]`: without a REF the opened report, without an office its choices."""
    first, _, rest = argument.partition(" ")
    ref: str | ReportRef | None = first
    if state.opened is not None and (not first or (read_ref(first) != state.opened and not rest)):
        ref, rest = state.opened, first
    if not ref:
        return Step(state.says(Text("moderator.which_report")))
    if rest.strip():
        return Step(state, FindOffice(ref=ref, office=rest))
    return Step(state, FindOffices(ref=ref))


def typed(state: State, card: ShowingReport, text: str) -> ModeratorStep | None:
    match card.passing:
        case WritingSummary(target=target) | Confirming(target=target):
            return Step(state, CheckSummary(opened=card.opened, target=target, text=text))
        case _:
            return None


def answered(state: State, heard: OfficesFound | OfficeFound | SummaryChecked) -> State:
    match heard:
        case OfficesFound(opened=opened, targets=()):
            shown = state.shows(ShowingReport(opened=opened))
            return shown.says(Text("error.nobody_enrolled"))
        case OfficesFound(opened=opened, targets=targets):
            passing: Passing = ChoosingOffice(targets=targets)
        case OfficeFound(opened=opened, target=target):
            passing = WritingSummary(target=target)
        case SummaryChecked(opened=opened, target=target, summary=summary):
            passing = Confirming(target=target, summary=summary)
    return state.shows(ShowingReport(opened=opened, passing=passing))


def passes_no_more(state: State, card: ShowingReport) -> State:
    return state.shows(replace(card, passing=None)).says(Text("moderator.cancelled"))


def _confirmed(state: State, ref: str) -> ModeratorStep | None:
    """Only what stands on the card goes out; after a restart it is written anew."""
    match state.card:
        case ShowingReport(passing=Confirming(target=target, summary=summary)) if (
            state.opened == ref
        ):
            return Step(state, PassOn(ref=ref, office=target.office, summary=summary))
        case _:
            return None


def question(state: State, passing: Passing) -> tuple[Text | Verbatim, ...]:
    match passing:
        case ChoosingOffice():
            return (Text("moderator.refer_office"),)
        case WritingSummary(target=target):
            return (_to(state, target), Text("moderator.refer_write"))
        case Confirming(target=target, summary=summary):
            return (_to(state, target), Verbatim(summary), Text("moderator.refer_confirm"))


def _to(state: State, target: Target) -> Text:
    place = {"office": target.name, "place": state.desk_name(target.seat_desk)}
    return Text("moderator.refer_to", place, count=len(target.officers))


def rows(report: Report, passing: Passing) -> Rows:
    back = open_button(report.ref, Text("button.back"))
    again = Button(f"refer:{report.ref}", Text("button.back"))
    match passing:
        case ChoosingOffice(targets=targets):
            offices = tuple(
                (Button(f"office:{report.ref}:{each.office}", _name(each)),) for each in targets
            )
            return (*offices, (back,))
        case WritingSummary():
            return ((again,),)
        case Confirming():
            send = Button(f"passon:{report.ref}", Text("moderator.button_pass_on"))
            return ((send,), (again,))


def _name(target: Target) -> Text:
    """An office's own name: the same in every language."""
    return Text("moderator.office", {"office": target.name})
