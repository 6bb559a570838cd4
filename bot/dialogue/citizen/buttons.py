"""Buttons and lines that many cards share. A press begins with its card's name, so that
a second tap on an old card is never taken for a tap on the new one.
"""

from functools import reduce

from bot.dialogue.citizen.state import Delivered, State, Unsent
from bot.dialogue.named import named
from bot.dialogue.screen import Button, Rows, Text
from domain.reports.wishes import ForumRelation

HOME = "home"
MENU = "menu"

TO_MENU = Button(MENU, Text("button.menu"))


def back_and_cancel(card: str) -> tuple[Button, ...]:
    return (
        Button(f"{card}:back", Text("button.back")),
        Button(f"{card}:cancel", Text("button.cancel")),
    )


def in_pairs(buttons: tuple[Button, ...]) -> Rows:
    return tuple(buttons[at : at + 2] for at in range(0, len(buttons), 2))


def chosen(press: str, label: Text, *, on: bool) -> Button:
    """A button of a list where what is chosen carries a mark."""
    return Button(press, Text("button.on", {"label": label}) if on else label)


def way_home(state: State) -> Rows:
    """To what waits, if something waits."""
    match state.report:
        case Unsent():
            return ((Button(HOME, Text("button.to_report")),),)
        case Delivered():
            return ((Button(HOME, Text("button.to_code")),),)
        case None:
            return ()


def way_out(state: State) -> Rows:
    """From a card that stands aside from a report."""
    return (*way_home(state), (TO_MENU,))


def stacked(*lines: Text) -> Text:
    """One paragraph of several lines."""
    return reduce(lambda above, below: Text("card.stack", {"above": above, "below": below}), lines)


def about_forum(report: Unsent) -> tuple[Text, ...]:
    """Which forum a report is about, in one line, if it is about one."""
    known = {"date": report.forum.forum.date} if report.forum and report.draft.forum else {}
    match report.draft.forum_relation:
        case ForumRelation.NONE:
            return ()
        case ForumRelation.BEFORE if known:
            return (Text("review.forum_before", known),)
        case ForumRelation.AFTER if known:
            return (Text("review.forum_after", known),)
        case relation:
            return (Text("review.forum_unknown", {"relation": named(relation)}),)
