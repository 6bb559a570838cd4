"""`advance`: what was heard, told to the card it belongs to. Pure."""

from dataclasses import replace

from bot.dialogue.converse import Step
from bot.dialogue.heard import (
    Commanded,
    Expired,
    Heard,
    Pressed,
    Refused,
    Restarted,
    Typed,
    Unreadable,
)
from bot.dialogue.moderator import newcomers, passing, queue, report, routing, unlocking
from bot.dialogue.moderator.asks import (
    Counted,
    LetIn,
    Newcomers,
    OfficeFound,
    OfficesFound,
    Shown,
    SummaryChecked,
)
from bot.dialogue.moderator.cards import (
    AskingPassphrase,
    ConfirmingGrant,
    Help,
    ShowingButton,
    ShowingCounts,
    ShowingNewcomers,
    ShowingQueue,
    ShowingReport,
    Unlocking,
)
from bot.dialogue.moderator.commands import (
    ASKS,
    cancelled,
    commanded,
    language_chosen,
    not_understood,
)
from bot.dialogue.moderator.names import listed, state_name
from bot.dialogue.moderator.routing_asks import DeskFound, DesksFound, SentOn
from bot.dialogue.moderator.state import ModeratorStep, State
from bot.dialogue.screen import Text
from domain.errors import DomainError
from domain.moderation.queue import Queue
from domain.ports.chat import Language
from domain.reports.state import Author, MoveRefused, next_states
from domain.reports.state import State as Stage
from domain.staff.grant import Newcomer


def advance(state: State, heard: Heard) -> ModeratorStep:
    if isinstance(state.card, ShowingButton):
        state = state.shows(Help())  # its message stays, and is not written twice
    match heard:
        case Pressed(button):
            return _pressed(state.quiet(), button)
        case Typed(text):
            return _typed(state.quiet(), text)
        case Commanded(name, argument):
            return commanded(state.quiet(), name, argument)
        case Unreadable():
            return Step(state.quiet().says(Text("moderator.unreadable")))
        case Expired():
            return Step(state.quiet().shows(unlocking.LOCKED_IDLE))
        case Restarted():
            return Step(state.quiet().shows(Unlocking()))
        case Refused(error):
            return Step(_refused(state, error))
        case _:
            return Step(_answered(state, heard))


def _pressed(state: State, button: str) -> ModeratorStep:
    match button.split(":"):
        case [word] if word in ASKS:
            return Step(state, ASKS[word])
        case ["cancel"]:
            return cancelled(state)
        case ["language", word] if word in state.spoken.languages:
            return Step(language_chosen(state, Language(word)))
    return (
        unlocking.hear(state, button)
        or report.hear(state, button)
        or passing.hear(state, button)
        or routing.hear(state, button)
        or queue.hear(state, button)
        or newcomers.hear(state, button)
        or Step(replace(state, toast=Text("toast.old_button")))
    )


def _typed(state: State, text: str) -> ModeratorStep:
    match state.card:
        case AskingPassphrase() as card:
            return unlocking.typed(state, card, text)
        case ShowingReport() as card if (step := passing.typed(state, card, text)) is not None:
            return step
        case ShowingReport(question=question) as card if question is not None:
            return report.typed(state, card, text)
        case _:
            return Step(not_understood(state, "moderator.not_understood"))


def _answered(state: State, heard: Heard) -> State:
    about_keys = unlocking.answered(state, heard)
    if about_keys is not None:
        return about_keys
    match heard:
        case Shown():
            return report.shown(state, heard)
        case OfficesFound() | OfficeFound() | SummaryChecked():
            return passing.answered(state, heard)
        case DesksFound() | DeskFound() | SentOn():
            return routing.answered(state, heard)
        case Queue():
            return state.shows(ShowingQueue(queue=heard))
        case Counted(total=total, late=late, mine=mine):
            return state.shows(ShowingCounts(total=total, late=late, mine=mine))
        case Newcomers(newcomers=found, page=page):
            return state.shows(ShowingNewcomers(newcomers=found, page=page))
        case Newcomer():
            return state.shows(ConfirmingGrant(newcomer=heard))
        case LetIn():
            return newcomers.let_in(state, heard)
        case _:
            raise TypeError(heard)


def _refused(state: State, error: DomainError) -> State:
    """A clear line above the same card: nothing of it is lost."""
    about_keys = unlocking.refused(state, error)
    if about_keys is not None:
        return about_keys
    if isinstance(state.card, Unlocking):
        state = state.shows(Help())
    match error:
        case MoveRefused(params={"state": Stage() as now}):
            return state.told(error).says(_possible(state, now))
        case _:
            return state.told(error)


def _possible(state: State, now: Stage) -> Text:
    """Passing on is left out: it is more than a status."""
    possible = next_states(now, Author.MODERATOR) - {Stage.REFERRED}
    match state.card:
        case ShowingReport(opened=opened) if opened.line.report.state is now:
            possible = frozenset(report.moves(opened))
        case _:
            pass
    if not possible:
        return Text("moderator.possible_none", {"state": state_name(now)})
    steps = listed(*(state_name(to) for to in Stage if to in possible))
    return Text("moderator.possible", {"state": state_name(now), "steps": steps})
