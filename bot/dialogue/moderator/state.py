"""Where one moderator's conversation stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.dialogue.converse import Step
from bot.dialogue.moderator.cards import Card, ShowingReport, Unlocking
from bot.dialogue.named import AREAS
from bot.dialogue.screen import Text
from bot.dialogue.spoken import Spoken
from bot.dialogue.told import told
from domain.desks.desk import NATIONAL, DeskKey
from domain.errors import DomainError
from domain.moderation.desk import ModeratorDesk
from domain.ports.chat import Language
from domain.reports.files import CleanFile
from domain.reports.report import Report, ReportRef


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`places`: names by county code and area key. `lines` and `files` answer
    what was just heard.
    """

    language: Language
    places: Mapping[str, str] = field(repr=False)
    spoken: Spoken = field(repr=False, compare=False)
    card: Card
    lines: tuple[Text, ...] = ()
    toast: Text | None = None
    files: tuple[CleanFile, ...] = field(default=(), repr=False)

    def quiet(self) -> "State":
        """Without what answered the act before."""
        return replace(self, lines=(), toast=None, files=())

    def shows(self, card: Card) -> "State":
        return replace(self, card=card)

    def says(self, *lines: Text) -> "State":
        return replace(self, lines=(*self.lines, *lines))

    def told(self, refusal: DomainError) -> "State":
        return self.says(told(refusal))

    @property
    def opened(self) -> ReportRef | None:
        """What a command without a REF is about: the report on the card, no other."""
        match self.card:
            case ShowingReport(opened=opened):
                return opened.line.report.ref
            case _:
                return None

    def place_of(self, report: Report) -> Text | str:
        return self._place(report.area or report.county)

    def desk_name(self, desk: DeskKey) -> Text | str:
        return Text("reader.national") if desk == NATIONAL else self._place(desk)

    def _place(self, key: str) -> Text | str:
        """A place that is not known here is called by its key."""
        return Text(f"area.{key}") if key in AREAS else self.places.get(key, key)


ModeratorStep = Step[State, ModeratorDesk]


def begin(language: Language, places: Mapping[str, str], spoken: Spoken) -> State:
    """A chat nothing was heard from since the bot started: whoever was unlocked is not now."""
    return State(language=language, places=places, spoken=spoken, card=Unlocking())
