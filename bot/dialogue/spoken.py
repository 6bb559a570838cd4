"""What the catalogues know beside texts: which languages there are, and what people type."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.dialogue.screen import Button, Text
from domain.ports.chat import Language
from domain.reports.state import State
from domain.reports.topic import Topic

MARKS = str.maketrans(dict.fromkeys("_-,:/", " "))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Words typed in any language, whatever the language of the chat, as `phrase` spells them.

    `reasons`: what a report is blocked for want of, and why it is closed without action.
    `directions`: official names of places have the English word. `joining`: words between a
    topic and a county, *land in nakuru*.
    """

    languages: tuple[Language, ...]
    topics: Mapping[str, Topic] = field(repr=False)
    states: Mapping[str, State] = field(repr=False)
    reasons: Mapping[str, str] = field(repr=False)
    directions: Mapping[str, str] = field(repr=False)
    late: frozenset[str] = field(repr=False)
    mine: frozenset[str] = field(repr=False)
    joining: frozenset[str] = field(repr=False)

    @property
    def longest(self) -> int:
        """Words in the longest name of a topic or state."""
        return max(name.count("_") + 1 for name in (*self.topics, *self.states))

    def official(self, typed: str) -> str:
        """A place as its official name has it: *nairobi kaskazini* is Nairobi North."""
        return " ".join(self.directions.get(word.casefold(), word) for word in typed.split())


def phrase(words: list[str]) -> str:
    return "_".join(words)


def words_of(typed: str) -> list[str]:
    """Small letters; spaces, hyphens and commas are all one."""
    return typed.casefold().translate(MARKS).split()


def language_buttons(languages: tuple[Language, ...]) -> tuple[tuple[Button, ...], ...]:
    """In pairs, each by its own name."""
    buttons = [Button(f"language:{each}", language_name(each)) for each in languages]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def read_language(press: str) -> Language | None:
    """Of a press of `language_buttons`; None where it is no code at all. A language that is not
    spoken is answered in English.
    """
    try:
        return Language(press.removeprefix("language:"))
    except ValueError:
        return None


def language_name(language: Language) -> Text:
    return Text(f"language.{language}")
