"""What can be said with a slash, at any card. Only `/cancel`, `/clear` and `/forget` touch
a report in the making.
"""

from dataclasses import replace

from bot.dialogue.citizen import check, follow, forums, poster, report, start
from bot.dialogue.citizen.asks import Clear, Forget
from bot.dialogue.citizen.cards import (
    Card,
    ChoosingLanguage,
    Forgetting,
    Help,
    Lines,
    Menu,
    Privacy,
    Vanishing,
)
from bot.dialogue.citizen.state import Delivered, State, Unsent
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.screen import Text

COMMANDS: tuple[tuple[str, str], ...] = (
    ("report", "command.report"),
    ("check", "command.check"),
    ("forums", "command.forums"),
    ("follow", "command.follow"),
    ("following", "command.following"),
    ("lines", "command.lines"),
    ("privacy", "command.privacy"),
    ("help", "command.help"),
    ("language", "command.language"),
    ("cancel", "command.cancel"),
    ("clear", "command.clear"),
    ("forget", "command.forget"),
    ("start", "command.start"),
)
"""Names, and the keys of what Telegram's menu says of them."""

CARDS: dict[str, Card] = {
    "lines": Lines(),
    "privacy": Privacy(),
    "help": Help(),
    "language": ChoosingLanguage(),
}
"""Commands that only show something."""


TAKE_WORDS = frozenset({"report", "check", "forums", "follow", "clear"})
"""Commands that do something with what stands behind them; `/clear` deletes it."""


def commanded(state: State, name: str, argument: str = "") -> CitizenStep:
    """Words behind a command that takes none stay in the chat, and the person is told."""
    step = _done(state, name, argument)
    words = argument and name not in TAKE_WORDS and (name != "start" or " " in argument)
    if not words or step.state.untaken:
        return step
    return replace(step, state=step.state.leaves(Text("words.not_taken")))


def _done(state: State, name: str, argument: str) -> CitizenStep:
    match name:
        case "start" if poster.is_poster(argument):
            return poster.followed(state, argument)
        case "start":
            return Step(start.started(state))
        case "forums" | "follow" | "following":
            return _told(state, name, argument)
        case "report":
            return report.taken_up(state, argument or None)
        case "check":
            return check.tried(state, argument)
        case "cancel":
            return Step(cancelled(state))
        case "clear":
            return Step(cleared(state), Clear())
        case "forget":
            return Step(replace(state, card=Forgetting(), report=None), Forget())
        case _ if name in CARDS:
            return Step(state.shows(CARDS[name]))
        case _:
            unknown = Text("menu.unknown_command")
            menu = state.shows(Menu())
            return Step(menu.leaves(unknown) if argument else menu.says(unknown))


def _told(state: State, name: str, argument: str) -> CitizenStep:
    """What is published, and news of it."""
    match name:
        case "forums":
            return forums.asked(state, argument)
        case "follow":
            return follow.asked(state, argument)
        case _:
            return follow.followed(state)


def cleared(state: State) -> State:
    """Whoever empties the chat wants no trace, unsent words included."""
    empty = replace(state, card=Vanishing(text=Text("clear.done")), report=None)
    return empty.says(Text("clear.draft_gone")) if isinstance(state.report, Unsent) else empty


def cancelled(state: State) -> State:
    """A report that is sent cannot be cancelled: its code stays to be written down."""
    match state.report:
        case Delivered():
            return state.home().says(Text("sent.no_cancel"))
        case Unsent():
            return replace(state, report=None).home().says(Text("cancel.done"))
        case None:
            return state.home().says(Text("cancel.nothing"))
