"""The menu and the cards that only tell: help, privacy. A report waits meanwhile."""

from bot.dialogue.citizen.buttons import MENU, in_pairs, way_home, way_out
from bot.dialogue.citizen.cards import Privacy
from bot.dialogue.citizen.state import Delivered, State, Unsent
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.screen import Button, Screen, Text

PRIVACY_PAGES = (
    Text("privacy.kept"),
    Text("privacy.how_long"),
    Text("privacy.not_protected"),
    Text("privacy.not_protected_here"),
)

ENTRIES = (
    Button(f"{MENU}:report", Text("button.report")),
    Button(f"{MENU}:check", Text("button.check")),
    Button(f"{MENU}:forums", Text("button.forums")),
    Button(f"{MENU}:lines", Text("button.lines")),
    Button(f"{MENU}:privacy", Text("button.privacy")),
    Button(f"{MENU}:language", Text("button.language")),
    Button(f"{MENU}:help", Text("button.help")),
)
"""Each is the command of its name. *Report* is not offered while one waits."""


def hear(state: State, button: str) -> CitizenStep | None:
    match state.card, button.split(":"):
        case Privacy(), ["privacy", page] if page in map(str, range(len(PRIVACY_PAGES))):
            return Step(state.shows(Privacy(page=int(page))))
        case _:
            return None


def menu_screen(state: State) -> Screen:
    entries = ENTRIES if state.report is None else ENTRIES[1:]
    return Screen(
        paragraphs=(_greeting(state),),
        rows=(*way_home(state), *in_pairs(entries)),
    )


def _greeting(state: State) -> Text:
    match state.report:
        case Unsent():
            return Text("menu.report_waits")
        case Delivered():
            return Text("menu.code_waits")
        case None:
            return Text("menu.ask")


def help_screen(state: State) -> Screen:
    return Screen(paragraphs=(Text("help.how"),), rows=way_out(state))


def privacy_screen(state: State, card: Privacy) -> Screen:
    turns = (
        (card.page - 1, Text("button.previous")),
        (card.page + 1, Text("button.next")),
    )
    turn = tuple(
        Button(f"privacy:{page}", label) for page, label in turns if 0 <= page < len(PRIVACY_PAGES)
    )
    return Screen(paragraphs=(PRIVACY_PAGES[card.page],), rows=(turn, *way_out(state)))
