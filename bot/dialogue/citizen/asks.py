"""What the citizen's dialogue asks of the domain, and the answers that need a name here."""

from dataclasses import dataclass

from bot.dialogue.heard import Attached
from domain.desks.desk import DeskKey
from domain.lines.help_line import HelpLine, HelpLineKey
from domain.places.county import AreaKey, CountyCode, Place
from domain.places.gazetteer import Found
from domain.ports.chat import Cleared, Language
from domain.ports.sealing import FreshCode
from domain.reports.check import Checked
from domain.reports.desk import CitizenDesk, Forgotten, Reader, Remembered
from domain.reports.draft import Draft
from domain.reports.submit import Sent
from domain.reports.topic import Topic
from domain.reports.wishes import KeptOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An empty draft; `words` or a file are what it was begun with, if anything."""

    draft: Draft
    words: str | None
    attached: Attached | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBegun:
    """Nobody reads yet: no words are taken that would lie unread."""

    words: str | None
    attached: Attached | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    words: str | None = None
    attached: Attached | None = None

    async def of(self, desk: CitizenDesk) -> Begun | NotBegun:
        if not await desk.anybody_reads():
            return NotBegun(words=self.words, attached=self.attached)
        return Begun(draft=desk.new_draft(), words=self.words, attached=self.attached)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesFound:
    topic: Topic
    lines: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindLines:
    """In the order of `keys`; lines the operator does not keep are left out."""

    topic: Topic
    keys: tuple[HelpLineKey, ...]

    async def of(self, desk: CitizenDesk) -> LinesFound:
        return LinesFound(topic=self.topic, lines=_lines(desk, self.keys))


@dataclass(frozen=True, slots=True, kw_only=True)
class RescueFound:
    lines: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindRescue:
    """Whom to call when somebody is in danger now."""

    keys: tuple[HelpLineKey, ...]

    async def of(self, desk: CitizenDesk) -> RescueFound:
        return RescueFound(lines=_lines(desk, self.keys))


def _lines(desk: CitizenDesk, keys: tuple[HelpLineKey, ...]) -> tuple[HelpLine, ...]:
    by_key = {line.key: line for line in desk.help_lines}
    return tuple(by_key[key] for key in keys if key in by_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPlace:
    typed: str

    async def of(self, desk: CitizenDesk) -> Found:
        return desk.find_place(self.typed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counties:
    """In alphabetical order."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCounties:
    async def of(self, desk: CitizenDesk) -> Counties:
        return Counties(places=tuple(county.place for county in desk.gazetteer.counties()))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceTaken:
    """`areas` is not empty while a part of the county must still be chosen."""

    place: Place
    areas: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePlace:
    """`key` as in `Place.key`."""

    key: str

    async def of(self, desk: CitizenDesk) -> PlaceTaken:
        """Raises CountyUnknown."""
        place = desk.gazetteer.place(self.key)
        county = desk.gazetteer.county(place.county)
        areas = () if place.area else tuple(map(county.place_in, county.areas))
        return PlaceTaken(place=place, areas=areas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Minted:
    code: FreshCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Mint:
    async def of(self, desk: CitizenDesk) -> Minted:
        return Minted(code=await desk.mint())


@dataclass(frozen=True, slots=True, kw_only=True)
class FindReader:
    county: CountyCode
    area: AreaKey | None
    kept_out: frozenset[KeptOut]

    async def of(self, desk: CitizenDesk) -> Reader:
        """Raises NobodyReads."""
        return await desk.reader(self.county, self.area, self.kept_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """`reader`: the desk that the card has shown."""

    draft: Draft
    code: FreshCode
    reader: DeskKey | None

    async def of(self, desk: CitizenDesk) -> Sent:
        """Raises Incomplete, NobodyReads, KeyRefused, LocatorTaken, ReaderChanged."""
        return await desk.submit(self.draft, self.code, self.reader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    typed: str

    async def of(self, desk: CitizenDesk) -> Checked:
        """Raises CodeSlip, CodeMalformed, CodeRefused, ReportExpired, ReportMissing."""
        return await desk.check(self.typed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remember:
    language: Language
    shared: bool

    async def of(self, desk: CitizenDesk) -> Remembered:
        return await desk.remember(language=self.language, shared=self.shared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    async def of(self, desk: CitizenDesk) -> Cleared:
        return await desk.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    async def of(self, desk: CitizenDesk) -> Forgotten:
        return await desk.forget()
