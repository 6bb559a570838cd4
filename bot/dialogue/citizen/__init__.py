"""A citizen's conversation: `begin`, then `advance` with what is heard, `view` to see it."""

from bot.dialogue.citizen.commands import COMMANDS
from bot.dialogue.citizen.machine import advance
from bot.dialogue.citizen.screens import view
from bot.dialogue.citizen.start import begin
from bot.dialogue.citizen.state import Person, State, Unsent
from domain.ports.chat import Language

__all__ = [
    "COMMANDS",
    "Person",
    "State",
    "advance",
    "begin",
    "has_draft",
    "language_of",
    "person_of",
    "view",
]


def person_of(state: State) -> Person:
    return state.person


def language_of(state: State) -> Language:
    """English until there is a choice: the card that asks speaks every language."""
    return state.person.language or Language.ENGLISH


def has_draft(state: State) -> bool:
    """Whether unsent words are in memory."""
    return isinstance(state.report, Unsent) and bool(state.report.draft.words)
