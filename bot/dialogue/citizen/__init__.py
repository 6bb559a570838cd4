"""A citizen's conversation: `begin`, then `advance` with what is heard, `view` to see it."""

from bot.dialogue.citizen.cards import AnsweringDesk, KeepingCode, Reviewing
from bot.dialogue.citizen.commands import COMMANDS
from bot.dialogue.citizen.machine import advance
from bot.dialogue.citizen.screens import view
from bot.dialogue.citizen.start import begin
from bot.dialogue.citizen.state import Delivered, Person, State, Unsent
from domain.ports.chat import Language

__all__ = [
    "COMMANDS",
    "Person",
    "State",
    "advance",
    "begin",
    "bytes_held",
    "has_draft",
    "is_writing",
    "language_of",
    "may_show_code",
    "person_of",
    "shows_code",
    "view",
]


def person_of(state: State) -> Person:
    return state.person


def language_of(state: State) -> Language:
    """English until there is a choice: the card that asks speaks every language."""
    return state.person.language or Language.ENGLISH


def has_draft(state: State) -> bool:
    """Whether unsent words or files are in memory."""
    return isinstance(state.report, Unsent) and not state.report.draft.is_empty


def is_writing(state: State) -> bool:
    """Whether a restart would take the next words for something else, so that the person has
    to be told: they write a report, or answer the desk.
    """
    return has_draft(state) or isinstance(state.card, AnsweringDesk)


def bytes_held(state: State) -> int:
    """Of files that wait in memory for *Send*."""
    return state.report.draft.size if isinstance(state.report, Unsent) else 0


def shows_code(state: State) -> bool:
    """Whether the card shows a code that may not be written down yet."""
    match state.card, state.report:
        case Reviewing(), Unsent(code=code):
            return code is not None
        case KeepingCode(), Delivered():
            return True
        case _:
            return False


def may_show_code(button: str) -> bool:
    """Whether the card this button stands on may, where nothing else is known of it."""
    return button.startswith("review:")
