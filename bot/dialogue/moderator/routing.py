"""Sending a report to another desk: which one, then once more to look at, for it does not come
back by a button.
"""

from dataclasses import replace

from bot.dialogue.converse import Step
from bot.dialogue.moderator.buttons import open_button, read_page
from bot.dialogue.moderator.cards import (
    ChoosingDesk,
    ConfirmingDesk,
    Routing,
    ShowingQueue,
    ShowingReport,
)
from bot.dialogue.moderator.routing_asks import (
    DeskFound,
    DesksFound,
    FindDesk,
    FindDesks,
    SendOn,
    SentOn,
)
from bot.dialogue.moderator.state import ModeratorStep, State
from bot.dialogue.moderator.typed import read_ask
from bot.dialogue.screen import Button, Rows, Text
from domain.desks.desk import NATIONAL, DeskKey
from domain.moderation.answers import OpenedReport
from domain.reports.report import Report
from domain.reports.state import State as Stage

PAGE = 8
"""Desks on one card."""


def hear(state: State, button: str) -> ModeratorStep | None:
    match button.split(":"):
        case ["route", ref, number] if (page := read_page(number)) is not None:
            return Step(state, FindDesks(ref=ref, page=page))
        case ["desk", ref, key]:
            return Step(state, FindDesk(ref=ref, typed=key))
        case ["senddesk", ref, key]:
            return Step(state, SendOn(ref=ref, to=DeskKey(key)))
        case _:
            return None


def asked(state: State, argument: str) -> ModeratorStep:
    """`/route [REF] [desk]`: without a REF the opened report, without a desk its choices."""
    ref, typed = read_ask(argument, state.opened)
    if ref is None:
        return Step(state.says(Text("moderator.which_report")))
    if not typed:
        return Step(state, FindDesks(ref=ref))
    return Step(state, FindDesk(ref=ref, typed=state.spoken.official(typed)))


def raised(state: State, argument: str) -> ModeratorStep:
    """`/escalate [REF]`: to the national desk."""
    ref = argument.strip() or state.opened
    if ref is None:
        return Step(state.says(Text("moderator.which_report")))
    return Step(state, FindDesk(ref=ref, typed=NATIONAL))


def answered(state: State, heard: DesksFound | DeskFound | SentOn) -> State:
    match heard:
        case SentOn(ref=ref, to=to, queue=queue):
            said = Text("moderator.routed", {"ref": ref, "desk": state.desk_name(to)})
            return state.shows(ShowingQueue(queue=queue)).says(said)
        case DesksFound(opened=opened, desks=()):
            return state.shows(ShowingReport(opened=opened)).says(Text("error.desk_unread"))
        case DesksFound(opened=opened, desks=desks, page=page):
            last = (len(desks) - 1) // PAGE
            routing: Routing = ChoosingDesk(desks=desks, page=min(page, last))
        case DeskFound(opened=opened, desk=desk):
            routing = ConfirmingDesk(desk=desk)
    return state.shows(ShowingReport(opened=opened, routing=routing))


def stays(state: State, card: ShowingReport) -> State:
    return state.shows(replace(card, routing=None)).says(Text("moderator.cancelled"))


def can_go(opened: OpenedReport) -> bool:
    """What the domain would not refuse at once."""
    report = opened.line.report
    over = report.state.is_closed or report.state is Stage.CONFIRMED or report.withdrawal
    sensitive = report.is_sensitive or opened.words.is_sensitive
    return not over and not sensitive and (opened.mine or report.claimed_by is None)


def buttons(opened: OpenedReport) -> tuple[Button, ...]:
    if not can_go(opened):
        return ()
    report = opened.line.report
    route = Button(f"route:{report.ref}:0", Text("moderator.button_route"))
    up = Button(f"desk:{report.ref}:{NATIONAL}", Text("moderator.button_escalate"))
    return (route,) if report.desk == NATIONAL else (route, up)


def question(state: State, routing: Routing) -> tuple[Text, ...]:
    match routing:
        case ChoosingDesk():
            return (Text("moderator.route_desk"),)
        case ConfirmingDesk(desk=desk):
            return (Text("moderator.route_confirm", {"desk": state.desk_name(desk)}),)


def rows(state: State, report: Report, routing: Routing) -> Rows:
    back = open_button(report.ref, Text("button.back"))
    match routing:
        case ChoosingDesk(desks=desks, page=page):
            shown = desks[page * PAGE : (page + 1) * PAGE]
            chosen = tuple(
                (Button(f"desk:{report.ref}:{desk}", _label(state, desk)),) for desk in shown
            )
            return (*chosen, *_turns(report, page, len(desks)), (back,))
        case ConfirmingDesk(desk=desk):
            press = f"senddesk:{report.ref}:{desk}"
            return ((Button(press, Text("moderator.button_send_on")),), (back,))


def _turns(report: Report, page: int, desks: int) -> Rows:
    earlier = Button(f"route:{report.ref}:{page - 1}", Text("moderator.button_earlier"))
    more = Button(f"route:{report.ref}:{page + 1}", Text("moderator.button_more"))
    turn = (
        *((earlier,) if page > 0 else ()),
        *((more,) if (page + 1) * PAGE < desks else ()),
    )
    return (turn,) if turn else ()


def _label(state: State, desk: DeskKey) -> Text:
    """A county's own name: the same in every language."""
    name = state.desk_name(desk)
    return name if isinstance(name, Text) else Text("moderator.desk", {"desk": name})
