"""What can be said with a slash, at any card. Every button has its equivalent here."""

from collections.abc import Callable
from dataclasses import replace

from bot.dialogue.converse import Ask, Step
from bot.dialogue.moderator import passing, queue, report, routing
from bot.dialogue.moderator.asks import (
    AskCitizen,
    AskWhat,
    Claim,
    Count,
    FindNewcomers,
    Lock,
    MakePassphrase,
    Move,
    Open,
    Release,
    TakeNext,
)
from bot.dialogue.moderator.cards import (
    AskingPassphrase,
    Card,
    ChoosingLanguage,
    ConfirmingGrant,
    Help,
    ShowingReport,
    Unlocking,
    WritingPassphrase,
)
from bot.dialogue.moderator.state import ModeratorStep, State
from bot.dialogue.moderator.typed import read_ask, read_move
from bot.dialogue.screen import Text
from domain.moderation.desk import ModeratorDesk
from domain.ports.chat import Language

COMMANDS: tuple[tuple[str, str], ...] = (
    ("unlock", "moderator.command_unlock"),
    ("lock", "moderator.command_lock"),
    ("next", "moderator.command_next"),
    ("queue", "moderator.command_queue"),
    ("open", "moderator.command_open"),
    ("pending", "moderator.command_pending"),
    ("stats", "moderator.command_stats"),
    ("help", "moderator.command_help"),
)
"""Names, and the keys of what Telegram's menu says of them."""

OF_CITIZENS = frozenset({"report", "check", "forums", "lines", "privacy", "clear", "forget"})

CARDS: dict[str, Card] = {
    "start": Help(),
    "help": Help(),
    "unlock": Unlocking(),
    "language": ChoosingLanguage(),
}

ASKS: dict[str, Ask[ModeratorDesk]] = {
    "lock": Lock(),
    "next": TakeNext(),
    "pending": FindNewcomers(),
    "grant": FindNewcomers(),
    "stats": Count(),
    "passphrase": MakePassphrase(),
}
"""What stands for itself, as a command and as a button."""


def commanded(state: State, name: str, argument: str) -> ModeratorStep:
    match name:
        case _ if name in CARDS:
            return Step(state.shows(CARDS[name]))
        case _ if name in ASKS:
            return Step(state, ASKS[name])
        case _ if name in TYPED:
            return TYPED[name](state, argument)
        case "open" | "claim" | "release":
            return _on_report(state, name, argument)
        case "cancel":
            return cancelled(state)
        case _ if name in OF_CITIZENS:
            return Step(state.says(Text("moderator.of_citizens")))
        case _:
            return Step(not_understood(state, "moderator.unknown_command"))


def not_understood(state: State, key: str) -> State:
    return state.says(Text(key), Text("moderator.commands"))


def cancelled(state: State) -> ModeratorStep:
    match state.card:
        case AskingPassphrase():
            return Step(state.shows(Unlocking()).says(Text("moderator.cancelled")))
        case WritingPassphrase():
            return Step(state.shows(Help()).says(Text("moderator.cancelled")))
        case ConfirmingGrant():
            return Step(state.says(Text("moderator.cancelled")), FindNewcomers())
        case ShowingReport(asking=asking, question=question) as card if asking or question:
            return Step(report.asked_no_more(state, card))
        case ShowingReport(passing=passes) as card if passes is not None:
            return Step(passing.passes_no_more(state, card))
        case ShowingReport(routing=way) as card if way is not None:
            return Step(routing.stays(state, card))
        case _:
            return Step(state.says(Text("cancel.nothing")))


def language_chosen(state: State, language: Language) -> State:
    return replace(state, language=language, card=Help())


def _on_report(state: State, name: str, argument: str) -> ModeratorStep:
    ref = argument or state.opened
    if ref is None:
        return Step(state.says(Text("moderator.which_report")))
    match name:
        case "claim":
            return Step(state, Claim(ref=ref))
        case "release":
            return Step(state, Release(ref=ref))
        case _:
            return Step(state, Open(ref=ref))


def _ask(state: State, argument: str) -> ModeratorStep:
    """`/ask [REF] words`; without words they are asked for."""
    ref, words = read_ask(argument, state.opened)
    if ref is None:
        return Step(state.says(Text("moderator.which_report")))
    return Step(state, AskCitizen(ref=ref, words=words) if words else AskWhat(ref=ref))


def _move(state: State, argument: str) -> ModeratorStep:
    move = read_move(argument, state.opened, state.spoken)
    if move is None:
        return Step(state.says(Text("moderator.status_words")))
    if not move.ref:
        return Step(state.says(Text("moderator.which_report")))
    return Step(state, Move(ref=move.ref, to=move.to, detail=move.detail))


TYPED: dict[str, Callable[[State, str], ModeratorStep]] = {
    "queue": queue.asked,
    "ask": _ask,
    "status": _move,
    "refer": passing.asked,
    "route": routing.asked,
    "escalate": routing.raised,
}
"""What is read by whoever it is about."""
