"""What can be said with a slash, at any card: every button has its equivalent here."""

from bot.dialogue.converse import Step
from bot.dialogue.officer.asks import Block, Digest, Done, Look, NotMine, Take, Then
from bot.dialogue.officer.state import ChoosingLanguage, Help, OfficerStep, State
from bot.dialogue.screen import Text
from bot.dialogue.spoken import Spoken, phrase, words_of
from domain.reports.state import Want

COMMANDS: tuple[tuple[str, str], ...] = (
    ("digest", "officer.command_digest"),
    ("ack", "officer.command_ack"),
    ("done", "officer.command_done"),
    ("blocked", "officer.command_blocked"),
    ("notmine", "officer.command_notmine"),
    ("language", "officer.command_language"),
    ("help", "officer.command_help"),
)
"""Names, and the keys of what Telegram's menu says of them."""

FREQUENCY = {"daily": True, "weekly": False, "off": False}
"""What may follow `/digest`. The weekly one is what an officer is enrolled for: it stays."""

TABLE, WEEKLY = "table", "weekly"

ABOUT_ONE = frozenset({"ack", "done", "blocked", "notmine"})


def commanded(state: State, name: str, argument: str) -> OfficerStep:
    match name:
        case "start" | "help" | "cancel":
            return Step(state.shows(Help()))
        case "language":
            return Step(state.shows(ChoosingLanguage()))
        case "digest":
            word = argument.strip().casefold()
            asked = Digest(daily=FREQUENCY.get(word), table=word == TABLE, pictured=word == WEEKLY)
            return Step(state, asked)
        case _ if name in ABOUT_ONE:
            return _about_one(state, name, argument)
        case _:
            return Step(state.shows(Help()).says(Text("officer.unknown_command")))


def _about_one(state: State, name: str, argument: str) -> OfficerStep:
    number, _, rest = argument.partition(" ")
    match name:
        case _ if not number:
            return Step(state.says(Text("officer.which_number")))
        case "ack":
            return Step(state, Take(number=number))
        case "done" if rest.strip():
            return Step(state, Done(number=number, proof=rest.strip()))
        case "done":
            return Step(state, Look(number=number, then=Then.PROOF))
        case "blocked" if (want := read_want(rest, state.spoken)) is not None:
            return Step(state, Block(number=number, want=want))
        case "blocked":
            return Step(state, Look(number=number, then=Then.WANT))
        case _:
            return Step(state, NotMine(number=number))


def read_want(typed: str, spoken: Spoken) -> Want | None:
    """One word of the list; None asks for it with buttons."""
    typed = phrase(words_of(typed))
    word = spoken.reasons.get(typed, typed)
    return Want(word) if word in set(Want) else None
