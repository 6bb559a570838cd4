"""A moderator's conversation: `begin`, then `advance` with what is heard, `view` to see it."""

from bot.dialogue.moderator.buttons import is_unlock
from bot.dialogue.moderator.commands import COMMANDS
from bot.dialogue.moderator.machine import advance
from bot.dialogue.moderator.screens import view
from bot.dialogue.moderator.state import State, begin
from domain.ports.chat import Language

__all__ = ["COMMANDS", "State", "advance", "begin", "is_unlock", "language_of", "view"]


def language_of(state: State) -> Language:
    """The channel remembers it for the next start."""
    return state.language
