"""Where one officer's conversation stands, and the cards it can stand at."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.dialogue.converse import Step
from bot.dialogue.screen import Text
from bot.dialogue.spoken import Spoken
from domain.ports.chat import Language
from domain.referrals.desk import OfficerDesk, ReferralLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Help: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingLanguage: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingProof:
    line: ReferralLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingWant:
    line: ReferralLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingReferral:
    line: ReferralLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingDigest:
    """`table`: what was published, and nothing else."""

    facts: Mapping[str, object] = field(repr=False)
    table: bool = False


Card = ShowingDigest | Help | ChoosingLanguage | AskingProof | ChoosingWant | ShowingReferral


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`lines` answer what was just heard."""

    language: Language
    spoken: Spoken = field(repr=False, compare=False)
    card: Card
    lines: tuple[Text, ...] = ()
    toast: Text | None = None

    def quiet(self) -> "State":
        """Without what answered the act before."""
        return replace(self, lines=(), toast=None)

    def shows(self, card: Card) -> "State":
        return replace(self, card=card)

    def says(self, *lines: Text) -> "State":
        return replace(self, lines=(*self.lines, *lines))


OfficerStep = Step[State, OfficerDesk]


def begin(language: Language, spoken: Spoken) -> State:
    return State(language=language, spoken=spoken, card=Help())
