"""What is typed after a command, forgiven its case, spaces, hyphens and underscores."""

from dataclasses import dataclass
from itertools import chain

from bot.dialogue.spoken import Spoken, phrase, words_of
from domain.moderation.queue import Filter
from domain.reports.reference import read_ref
from domain.reports.report import ReportRef
from domain.reports.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedMove:
    """`ref` is empty when none was typed and nothing is opened. Whether `detail` is a reason
    is for the domain to say.
    """

    ref: str
    to: State
    detail: str | None


def read_queue(argument: str, spoken: Spoken) -> Filter | None:
    """Topic, late and mine in any order; None when a word is not known."""
    words = words_of(argument)
    asked = Filter()
    while words:
        for taken in range(min(spoken.longest, len(words)), 0, -1):
            read = _with(asked, phrase(words[:taken]), spoken)
            if read is not None:
                asked, words = read, words[taken:]
                break
        else:
            return None
    return asked


def _with(asked: Filter, word: str, spoken: Spoken) -> Filter | None:
    match word:
        case _ if word in spoken.late:
            return Filter(topic=asked.topic, late=True, mine=asked.mine)
        case _ if word in spoken.mine:
            return Filter(topic=asked.topic, late=asked.late, mine=True)
        case _ if word in spoken.topics and asked.topic in {None, spoken.topics[word]}:
            return Filter(topic=spoken.topics[word], late=asked.late, mine=asked.mine)
        case _:
            return None


def read_move(argument: str, opened: ReportRef | None, spoken: Spoken) -> AskedMove | None:
    """REF (or the opened one), a state, a reason. None when no state is among the words.

    "merged" could be a REF too: with a report opened, it is the state.
    """
    words = words_of(argument)
    found = [
        AskedMove(ref="".join(words[:at]) if at else opened or "", to=to, detail=detail)
        for at in range(len(words))
        for to, detail in _state(words[at:], spoken)
    ]
    whole = [move for move in found if read_ref(move.ref)]
    return next(chain(whole, found), None)


def read_ask(argument: str, opened: ReportRef | None) -> tuple[str | None, str]:
    """Of which report, and the words. Beside an opened report a first word of six small
    letters is a word: only with a digit, or in capitals, is it a REF.
    """
    first, _, rest = argument.strip().partition(" ")
    ref = read_ref(first)
    like_a_ref = first.isupper() or any(sign.isdigit() for sign in first)
    if ref is not None and (opened is None or ref == opened or like_a_ref):
        return ref, rest.strip()
    return opened, argument.strip()


def _state(words: list[str], spoken: Spoken) -> list[tuple[State, str | None]]:
    """The state these words begin with, and the reason that is left of them."""
    for taken in range(min(spoken.longest, len(words)), 0, -1):
        name = phrase(words[:taken])
        if name in spoken.states:
            reason = phrase(words[taken:]) or None
            return [(spoken.states[name], spoken.reasons.get(reason or "", reason))]
    return []
