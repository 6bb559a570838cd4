"""Where one citizen's conversation stands."""

from dataclasses import dataclass, field, replace

from bot.dialogue.citizen.cards import (
    Card,
    ChoosingLanguage,
    KeepingCode,
    Menu,
    ReadingSafety,
    ReportStep,
    Writing,
)
from bot.dialogue.screen import Text
from bot.dialogue.spoken import Spoken
from domain.desks.desk import DeskKey
from domain.errors import DomainError
from domain.forums.book import ShownForum
from domain.places.county import Place
from domain.ports.chat import Language
from domain.ports.sealing import FreshCode
from domain.reports.draft import Draft

WRITING = Writing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`language` and `shared` are None until asked. `operator` runs this bot. `spoken`: what
    the catalogues know of languages and of typed words.
    """

    language: Language | None
    shared: bool | None
    operator: str
    spoken: Spoken = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A report before *Send*. `step` is where it waits while another card is shown.
    `reader` is None while nobody can read it. `forum` may be chosen under *More*, and is
    the poster's where the report was begun from one (`posted`).
    """

    draft: Draft
    step: ReportStep = WRITING
    place: Place | None = None
    reader: DeskKey | None = None
    code: FreshCode | None = None
    forum: ShownForum | None = None
    posted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The code of a sent report, until its holder says it is written down."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`card` is shown now; `report` outlives every other card.

    `lines` answer what was just heard; `untaken`: it could not be taken.
    `owed` lines are said once more with the next answer.
    """

    person: Person
    card: Card
    report: Unsent | Delivered | None = None
    lines: tuple[Text, ...] = ()
    owed: tuple[Text, ...] = ()
    toast: Text | None = None
    untaken: bool = False

    def quiet(self) -> "State":
        """Without what answered the act before."""
        return replace(self, lines=self.owed, owed=(), toast=None, untaken=False)

    def shows(self, card: Card) -> "State":
        """Another card; a report in the making waits at its step."""
        return replace(self, card=card)

    def says(self, line: Text) -> "State":
        return replace(self, lines=(*self.lines, line))

    def leaves(self, line: Text) -> "State":
        """The person's message stays in the chat, for it was not taken."""
        return replace(self.says(line), untaken=True)

    def told(self, refusal: DomainError) -> "State":
        return self.says(Text(refusal.key, refusal.params))

    def at(self, step: ReportStep, report: Unsent) -> "State":
        """The report at a step, and its card."""
        return replace(self, card=step, report=replace(report, step=step))

    def home(self) -> "State":
        """The report in the making, the code to be written down, or the menu; before
        them what is not known of this person yet.
        """
        if self.person.language is None:
            return self.shows(ChoosingLanguage())
        match self.report:
            case Unsent() if self.person.shared is None:
                return self.shows(ReadingSafety())
            case Unsent(step=step):
                return self.shows(step)
            case Delivered():
                return self.shows(KeepingCode())
            case None:
                return self.shows(Menu())
