"""An opened report: what is known of it, its words, and what can be done."""

from dataclasses import replace

from bot.dialogue.converse import Step
from bot.dialogue.files import files_said
from bot.dialogue.moderator import passing, routing
from bot.dialogue.moderator.asks import (
    AskCitizen,
    AskWhat,
    Claim,
    Move,
    Open,
    Release,
    ShowFiles,
    Shown,
)
from bot.dialogue.moderator.buttons import (
    TO_LOCK,
    TO_NEXT,
    TO_QUEUE,
    move_press,
    open_button,
    read_page,
    why_press,
    words_press,
)
from bot.dialogue.moderator.cards import Question, ShowingReport
from bot.dialogue.moderator.dialogue import pages_of, written
from bot.dialogue.moderator.names import listed, stacked, state_name
from bot.dialogue.moderator.state import ModeratorStep, State
from bot.dialogue.named import named
from bot.dialogue.screen import Button, Rows, Screen, Text
from domain.moderation.answers import OpenedReport
from domain.referrals.refer import FROM
from domain.reports.clocks import Due, NextStep
from domain.reports.report import Report
from domain.reports.state import Author, NoActionReason, Want, next_states
from domain.reports.state import State as Stage
from domain.reports.wishes import HowFar, KeptOut
from domain.reports.withdrawal import takes_effect

TWO = 2
LAST = 9_999
"""A page behind every other: the card shows the last there is."""


def hear(state: State, button: str) -> ModeratorStep | None:
    match button.split(":"):
        case ["open", ref]:
            return Step(state, Open(ref=ref))
        case ["words", ref, number] if (page := read_page(number)) is not None:
            return Step(state, Open(ref=ref, page=page))
        case ["files", ref]:
            return Step(state, ShowFiles(ref=ref))
        case ["ask", ref]:
            return Step(state, AskWhat(ref=ref))
        case ["claim", ref]:
            return Step(state, Claim(ref=ref))
        case ["release", ref]:
            return Step(state, Release(ref=ref))
        case ["move", ref, to] if to in set(Stage):
            return Step(state, Move(ref=ref, to=Stage(to)))
        case ["why", ref, to, detail] if to in set(Stage):
            return Step(state, Move(ref=ref, to=Stage(to), detail=detail))
        case _:
            return None


def shown(state: State, answer: Shown) -> State:
    """A reason is asked for on the page that was just read; what is new stands last."""
    page = LAST if answer.opened.news else answer.page
    match state.card:
        case ShowingReport() as card if answer.asking and state.opened == _report(answer).ref:
            page = card.page
    question = None if answer.question is None else Question(refused=answer.question)
    card = ShowingReport(opened=answer.opened, page=page, asking=answer.asking, question=question)
    said = replace(state.shows(card), files=answer.files)
    return said if answer.done is None else said.says(answer.done)


def asked_no_more(state: State, card: ShowingReport) -> State:
    return state.shows(replace(card, asking=None, question=None)).says(Text("moderator.cancelled"))


def typed(state: State, card: ShowingReport, text: str) -> ModeratorStep:
    return Step(state, AskCitizen(ref=card.opened.line.report.ref, words=text))


def _question_screen(state: State, card: ShowingReport, question: Question) -> Screen:
    report = card.opened.line.report
    back = open_button(report.ref, Text("button.back"))
    refused = (
        (Text("moderator.question_not_sent"), *written(question.refused))
        if question.refused.strip()
        else ()
    )
    return Screen(
        paragraphs=(
            stacked(*_heading(state, card.opened)),
            *refused,
            Text("moderator.question_ask"),
        ),
        rows=((back,),),
        opened=True,
    )


def report_screen(state: State, card: ShowingReport) -> Screen:
    if card.question is not None:
        return _question_screen(state, card, card.question)
    pages = pages_of(card.opened)
    page = min(card.page, len(pages) - 1)
    turned = (
        (Text("moderator.page", {"page": page + 1, "pages": len(pages)}),) if len(pages) > 1 else ()
    )
    asking = (_question(card.asking),) if card.asking else ()
    on_its_way = (
        *(passing.question(state, card.passing) if card.passing else ()),
        *(routing.question(state, card.routing) if card.routing else ()),
    )
    return Screen(
        paragraphs=(
            stacked(*_facts(state, card)),
            *pages[page],
            *turned,
            *asking,
            *on_its_way,
        ),
        rows=_below(state, card, page, len(pages)),
        opened=True,
    )


def _below(state: State, card: ShowingReport, page: int, pages: int) -> Rows:
    if card.asking is not None:
        return _asking_rows(card.opened.line.report, card.asking)
    if card.passing is not None:
        return passing.rows(card.opened.line.report, card.passing)
    if card.routing is not None:
        return routing.rows(state, card.opened.line.report, card.routing)
    return _rows(card.opened, page, pages)


def _report(answer: Shown) -> Report:
    return answer.opened.line.report


def _heading(state: State, opened: OpenedReport) -> tuple[Text, ...]:
    """Which report this is, where something else is to be said as well."""
    report = opened.line.report
    title = Text("moderator.report_title", {"ref": report.ref, "state": state_name(report.state)})
    about = {"topic": named(report.topic), "place": state.place_of(report)}
    danger = (Text("moderator.danger"),) if report.danger else ()
    return (title, *danger, Text("moderator.report_about", about))


def _facts(state: State, card: ShowingReport) -> tuple[Text, ...]:
    """All; of a report with much to say, what leaves room for an answer above or a question
    below: with the number of the page, twelve lines of a small screen at most.
    """
    opened, report = card.opened, card.opened.line.report
    heading, kept_out = _heading(state, opened), _kept_out(report.kept_out)
    beside = len(state.lines) + (card.asking is not None)
    on_its_way = card.passing is not None or card.routing is not None
    if on_its_way or (beside > 1 and card.asking is not None):
        return heading
    if beside and (report.danger or report.kept_out):
        if beside > 1:
            return heading
        return (*heading, *kept_out, _how_far(opened))
    since = {"received": report.received, "since": report.since}
    return (
        *heading,
        Text("moderator.report_since", since),
        *(_withdrawal(report) or _due(opened.line.due)),
        *_reason(report),
        *kept_out,
        _how_far(opened),
    )


def _withdrawal(report: Report) -> tuple[Text, ...]:
    if report.withdrawal is None:
        return ()
    return (Text("moderator.withdrawal", {"day": takes_effect(report.withdrawal)}),)


def _how_far(opened: OpenedReport) -> Text:
    """And in whose hands it is: nobody's, if it does not say."""
    far = {"how_far": named(opened.line.report.how_far)}
    if not opened.mine and opened.line.report.claimed_by is None:
        return Text("moderator.how_far", far)
    holder = Text("moderator.flag_mine" if opened.mine else "moderator.flag_another")
    return Text("moderator.how_far_held", far | {"holder": holder})


def _due(due: Due | None) -> tuple[Text, ...]:
    """The citizen's own word on a claim is due at no day."""
    if due is None or due.step is NextStep.YOU_SAY:
        return ()
    return (Text("moderator.due_late" if due.late else "moderator.due", {"by": due.by}),)


def _reason(report: Report) -> tuple[Text, ...]:
    match report.state, report.detail:
        case Stage.BLOCKED, str(word) if word in set(Want):
            return (Text("moderator.reason", {"reason": named(Want(word))}),)
        case Stage.NO_ACTION, str(word) if word in set(NoActionReason):
            return (Text("moderator.reason", {"reason": named(NoActionReason(word))}),)
        case _:
            return ()


def _kept_out(kept_out: frozenset[KeptOut]) -> tuple[Text, ...]:
    offices = [named(office) for office in KeptOut if office in kept_out]
    return (Text("moderator.kept_out", {"offices": listed(*offices)}),) if offices else ()


def moves(opened: OpenedReport) -> tuple[Stage, ...]:
    """What this member can do alone: passing on is more than a status, another's report
    must be claimed first, and a sensitive one is not closed by one person.
    """
    report = opened.line.report
    if not opened.mine and report.claimed_by is not None:
        return ()
    possible = next_states(report.state, Author.MODERATOR) - {Stage.REFERRED}
    return tuple(
        to for to in Stage if to in possible and not (to.is_closed and report.is_sensitive)
    )


def can_ask(opened: OpenedReport) -> bool:
    report = opened.line.report
    closed = report.state.is_closed or report.state is Stage.CONFIRMED
    return not closed and (opened.mine or report.claimed_by is None)


def _rows(opened: OpenedReport, page: int, pages: int) -> Rows:
    ref = opened.line.report.ref
    earlier = Button(words_press(ref, page - 1), Text("moderator.button_earlier"))
    more = Button(words_press(ref, page + 1), Text("moderator.button_more"))
    turn = (*((earlier,) if page > 0 else ()), *((more,) if page + 1 < pages else ()))
    steps = tuple(Button(move_press(ref, to), state_name(to)) for to in moves(opened))
    claim = Button(f"claim:{ref}", Text("moderator.button_claim"))
    release = Button(f"release:{ref}", Text("moderator.button_release"))
    refer = Button(f"refer:{ref}", Text("moderator.button_refer"))
    report = opened.line.report
    may_go = report.how_far is HowFar.SUMMARY and report.state in FROM and not report.withdrawal
    kinds = opened.words.files
    label = Text("moderator.button_files", {"files": files_said(kinds)}) if kinds else None
    files = ((Button(f"files:{ref}", label),),) if label else ()
    ask = ((Button(f"ask:{ref}", Text("moderator.button_ask")),),) if can_ask(opened) else ()
    elsewhere = routing.buttons(opened)
    return (
        *((turn,) if turn else ()),
        *files,
        *(((refer,),) if opened.mine and may_go else ()),
        *in_pairs(steps),
        *ask,
        *((elsewhere,) if elsewhere else ()),
        (release if opened.mine else claim, TO_NEXT),
        (TO_QUEUE, TO_LOCK),
    )


def _question(asking: Stage) -> Text:
    return Text("moderator.ask_want" if asking is Stage.BLOCKED else "moderator.ask_why")


def _asking_rows(report: Report, asking: Stage) -> Rows:
    blocked = asking is Stage.BLOCKED
    reasons: type[Want | NoActionReason] = Want if blocked else NoActionReason
    buttons = tuple(
        Button(why_press(report.ref, asking, reason), named(reason)) for reason in reasons
    )
    back = open_button(report.ref, Text("button.back"))
    return (*(in_pairs(buttons) if blocked else ((one,) for one in buttons)), (back,))


def in_pairs(buttons: tuple[Button, ...]) -> Rows:
    return tuple(buttons[at : at + TWO] for at in range(0, len(buttons), TWO))
