"""What people type for a word of the domain, as the catalogues list it: by the names the bot
itself uses, and by those of the group `typed`, separated by commas.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from bot.dialogue.spoken import Spoken, phrase, words_of
from domain.ports.chat import Language
from domain.reports.state import NoActionReason, State, Want
from domain.reports.topic import Topic

Form = Callable[[str], str]
"""The words of a key, in one language."""

Word = TypeVar("Word", bound=StrEnum)
Meant = TypeVar("Meant")

STATES = (
    State.IN_REVIEW,
    State.IN_PROGRESS,
    State.BLOCKED,
    State.CLAIMED_RESOLVED,
    State.NO_ACTION,
    State.REFERRED,
)
"""Those a moderator may have other words for than the bot's own."""

DIRECTIONS = ("north", "east", "west")


def spoken_in(forms: Mapping[Language, Form]) -> Spoken:
    """Raises TextMissing where a catalogue lacks one of the group."""
    every = tuple(forms.values())
    wants: dict[str, str] = {want: f"typed.want_{want}" for want in Want}
    reasons: dict[str, str] = {each: f"typed.no_action_{each}" for each in NoActionReason}
    return Spoken(
        languages=tuple(forms),
        topics=_spelt(Topic)
        | _named(every, {topic: f"topic.{topic}" for topic in Topic})
        | _listed(every, {topic: f"typed.topic_{topic}" for topic in Topic}),
        states=_spelt(State)
        | _named(every, {state: f"moderator.state_{state}" for state in State})
        | _listed(every, {state: f"typed.state_{state}" for state in STATES}),
        reasons=_listed(every, wants | reasons),
        directions=_listed(every, {each: f"typed.{each}" for each in DIRECTIONS}),
        late=frozenset(_listed(every, {"late": "typed.late"})),
        mine=frozenset(_listed(every, {"mine": "typed.mine"})),
        joining=frozenset(_listed(every, {"joining": "typed.joining"})),
    )


def _spelt(words: type[Word]) -> dict[str, Word]:
    """As the domain itself writes them."""
    return {word.value: word for word in words}


def _named(forms: Iterable[Form], keys: Mapping[Word, str]) -> dict[str, Word]:
    return {phrase(words_of(form(key))): word for form in forms for word, key in keys.items()}


def _listed(forms: Iterable[Form], keys: Mapping[Meant, str]) -> dict[str, Meant]:
    return {
        phrase(words_of(each)): word
        for form in forms
        for word, key in keys.items()
        for each in form(key).split(",")
    }
