"""`/check CODE`: where a report stands. The code itself is never kept here."""

import re

from bot.dialogue.citizen import own, withdraw
from bot.dialogue.citizen.asks import Check
from bot.dialogue.citizen.buttons import stacked, way_out
from bot.dialogue.citizen.cards import ShowingStanding, TypingCode
from bot.dialogue.citizen.state import State
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.named import named
from bot.dialogue.screen import Button, Screen, Text
from domain.desks.desk import NATIONAL
from domain.ports.sealing import Visits
from domain.reports.check import Checked
from domain.reports.clocks import Due, NextStep
from domain.reports.state import NoActionReason, Want
from domain.reports.state import State as ReportState

_BREAKS = re.compile(r"[\s\-\u2010-\u2015_.,]+")
_CODE = re.compile(r"[0-9A-Z]{5,6}[0-9OIL]{16}")
_SLIPPED_CODE = re.compile(r"(?=\d{0,5}[A-Z])[0-9A-Z]{5,6}[0-9OIL]{13,18}")

FEWEST_DIGITS = 8
"""Half of a code's: what has fewer is no try at one, and stays where it was written."""

_PLAIN_STATES = frozenset({ReportState.REFERRED, ReportState.BLOCKED, ReportState.NO_ACTION})
"""States whose standing and reason already say everything."""


def looks_like_code(typed: str, *, writing: bool) -> bool:
    """Somebody who pastes a bare code means to check it. While a report is written only
    a whole code counts, so that two phone numbers in a row stay words.
    """
    squeezed = _BREAKS.sub("", typed).upper()
    return bool(_CODE.fullmatch(squeezed) or (not writing and _SLIPPED_CODE.fullmatch(squeezed)))


def tried(state: State, typed: str) -> CitizenStep:
    """An empty try asks for the code. A refusal leaves the card ready for another."""
    asking = state.shows(TypingCode())
    if typed.strip() and sum(sign.isdecimal() for sign in typed) < FEWEST_DIGITS:
        return Step(asking.leaves(Text("check.not_a_code")))
    return Step(asking, Check(typed=typed)) if typed.strip() else Step(asking)


def checked(state: State, answer: Checked) -> State:
    return state.shows(ShowingStanding(checked=answer))


def hear(state: State, button: str) -> CitizenStep | None:
    match state.card, button:
        case ShowingStanding(), "check:another":
            return tried(state, "")
        case _:
            return None


def typing_screen(state: State) -> Screen:
    return Screen(paragraphs=(Text("check.ask"),), rows=way_out(state))


def standing_screen(state: State, card: ShowingStanding) -> Screen:
    """How often the code was used gives way to what answers the last act: the card before
    has said it. Which desk reads it gives way to that, and to a question; the next step, to a
    withdrawal.
    """
    found = card.checked
    crowded, asked = bool(state.lines), own.waiting(found)
    return Screen(
        paragraphs=(
            stacked(Text("check.standing", {"standing": named(found.standing)}), *_why(found)),
            Text("check.since", {"since": found.since, "author": named(found.author)}),
            *(withdraw.line_of(found) or _comes(found)),
            *(asked or (() if crowded else _reads(found))),
            *(() if crowded else (_visits(found.visits),)),
            *((Text("check.follow_whose"),) if card.whose else ()),
        ),
        rows=(
            *own.rows_of(found, whose=card.whose),
            (Button("check:another", Text("button.another_code")), withdraw.button_of(found)),
            *way_out(state),
        ),
    )


def _why(found: Checked) -> tuple[Text, ...]:
    why = () if found.state in _PLAIN_STATES else (named(found.state),)
    match found.state:
        case ReportState.BLOCKED if found.detail in set(Want):
            return (*why, Text("check.want", {"want": named(Want(found.detail))}))
        case ReportState.NO_ACTION if found.detail in set(NoActionReason):
            return (*why, Text("check.no_action", {"reason": named(NoActionReason(found.detail))}))
        case _:
            return why


def _comes(found: Checked) -> tuple[Text, ...]:
    return (_next(found.due),) if found.due else ()


def _reads(found: Checked) -> tuple[Text, ...]:
    if found.rerouted is None:
        return ()
    desk, day = found.rerouted
    key = "check.rerouted_national" if desk == NATIONAL else "check.rerouted"
    return (Text(key, {"day": day}),)


def _next(due: Due) -> Text:
    """Nothing is due from the desk where only the citizen can say what is true."""
    if due.step is NextStep.YOU_SAY:
        return named(due.step)
    if due.step is NextStep.READ_AT_ONCE:
        coming = Text("check.next_at_once", {"step": named(due.step)})
    else:
        coming = Text("check.next", {"step": named(due.step), "by": due.by})
    return stacked(coming, Text("check.late")) if due.late else coming


def _visits(visits: Visits) -> Text:
    """A holder sees another's use of the code."""
    if visits.count <= 1:
        return Text("check.first_visit")
    if visits.last is None:
        return Text("check.visits_today", count=visits.count)
    return Text("check.visits", {"last": visits.last}, count=visits.count)
