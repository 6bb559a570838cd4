"""`advance`: what was heard, told to the card it belongs to. Pure."""

from dataclasses import replace

from bot.dialogue.converse import Step
from bot.dialogue.heard import Commanded, Heard, Pressed, Refused, Typed, Unreadable
from bot.dialogue.officer.asks import (
    Block,
    Digested,
    Done,
    Look,
    Looked,
    NotMine,
    SaidSo,
    Speak,
    Spoken,
    Take,
    Then,
)
from bot.dialogue.officer.commands import commanded
from bot.dialogue.officer.state import (
    AskingProof,
    ChoosingWant,
    Help,
    OfficerStep,
    ShowingDigest,
    ShowingReferral,
    State,
)
from bot.dialogue.screen import Text
from bot.dialogue.told import told
from domain.ports.chat import Language
from domain.reports.state import MoveRefused, Want


def advance(state: State, heard: Heard) -> OfficerStep:
    match heard:
        case Pressed(button):
            return _pressed(state.quiet(), button)
        case Typed(text):
            return _typed(state.quiet(), text)
        case Commanded(name, argument):
            return commanded(state.quiet(), name, argument)
        case Unreadable():
            return Step(state.quiet().says(Text("officer.unreadable")))
        case Refused(MoveRefused()):
            return Step(state.shows(Help()).says(Text("officer.not_now")))
        case Refused(error):
            return Step(state.says(told(error)))
        case _:
            return Step(_answered(state, heard))


def _pressed(state: State, button: str) -> OfficerStep:
    match button.split(":"):
        case ["ack", number]:
            return Step(state, Take(number=number))
        case ["done", number]:
            return Step(state, Look(number=number, then=Then.PROOF))
        case ["block", number]:
            return Step(state, Look(number=number, then=Then.WANT))
        case ["want", number, word] if word in set(Want):
            return Step(state, Block(number=number, want=Want(word)))
        case ["notmine", number]:
            return Step(state, NotMine(number=number))
        case ["language", word] if word in state.spoken.languages:
            return Step(state, Speak(language=Language(word)))
        case ["help"]:
            return Step(state.shows(Help()))
        case _:
            return Step(replace(state, toast=Text("toast.old_button")))


def _typed(state: State, text: str) -> OfficerStep:
    match state.card:
        case AskingProof(line=line):
            return Step(state, Done(number=line.number, proof=text.strip()))
        case _:
            return Step(state.shows(Help()).says(Text("officer.not_understood")))


def _answered(state: State, heard: Heard) -> State:
    match heard:
        case Looked(line=line, then=Then.PROOF):
            return state.shows(AskingProof(line=line))
        case Looked(line=line):
            return state.shows(ChoosingWant(line=line))
        case SaidSo(line=line):
            return state.shows(ShowingReferral(line=line))
        case Digested(facts=facts, daily=daily, table=table):
            shown = state.shows(ShowingDigest(facts=facts, table=table))
            if daily is None:
                return shown
            return shown.says(Text("digest.daily" if daily else "digest.weekly"))
        case Spoken(language=language):
            return replace(state, language=language, card=Help())
        case _:
            raise TypeError(heard)
