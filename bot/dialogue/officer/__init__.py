"""An officer's conversation: `begin`, then `advance` with what is heard, `view` to see it."""

from bot.dialogue.officer.commands import COMMANDS
from bot.dialogue.officer.machine import advance
from bot.dialogue.officer.screens import view
from bot.dialogue.officer.state import State, begin

__all__ = ["COMMANDS", "State", "advance", "begin", "view"]
