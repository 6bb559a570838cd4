"""*Withdraw* and *Keep my report*, on the card of `/check`. It may be done under threat: what
happens is said once, plainly, and nobody is asked why.
"""

from bot.dialogue.citizen.buttons import stacked, way_out
from bot.dialogue.citizen.cards import OfOwn, Withdrawing
from bot.dialogue.citizen.own_asks import FindDay, TakesEffect, Withdraw
from bot.dialogue.citizen.state import State
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.screen import Button, Rows, Screen, Text
from domain.reports.check import Checked


def hear(state: State, card: OfOwn, press: list[str]) -> CitizenStep | None:
    match card, press:
        case _, ["withdraw"] if card.checked.destroyed_on is None:
            return Step(state, FindDay(checked=card.checked))
        case Withdrawing(checked=checked), ["gone"]:
            return Step(state, Withdraw(checked=checked, wanted=True))
        case _, ["keep"] if card.checked.destroyed_on is not None:
            return Step(state, Withdraw(checked=card.checked, wanted=False))
        case _:
            return None


def asked(state: State, answer: TakesEffect) -> State:
    return state.shows(Withdrawing(checked=answer.checked, takes_effect=answer.day))


def line_of(checked: Checked) -> tuple[Text, ...]:
    if checked.destroyed_on is None:
        return ()
    return (Text("check.withdrawing", {"day": checked.destroyed_on}),)


def button_of(checked: Checked) -> Button:
    if checked.destroyed_on is None:
        return Button("own:withdraw", Text("button.withdraw"))
    return Button("own:keep", Text("button.keep_report"))


def confirming_screen(state: State, card: Withdrawing) -> Screen:
    rows: Rows = (
        (Button("own:gone", Text("button.withdraw_now")),),
        (Button("own:back", Text("button.back")),),
    )
    return Screen(
        paragraphs=(
            Text("check.withdraw_ask", {"day": card.takes_effect}),
            stacked(Text("check.withdraw_until"), Text("check.withdraw_seen")),
        ),
        rows=(*rows, *way_out(state)),
    )
