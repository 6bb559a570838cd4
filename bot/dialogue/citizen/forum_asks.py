"""What the dialogue asks about forums, and the answers that need a name here."""

from dataclasses import dataclass

from bot.dialogue.citizen.asks import NotBegun
from domain.forums.book import ForumList, ShownForum
from domain.forums.nearest import relation_on
from domain.places.county import CountyCode, Place
from domain.places.gazetteer import NoPlace, OnePlace, SeveralPlaces
from domain.reports.desk import CitizenDesk
from domain.reports.draft import Draft
from domain.reports.wishes import ForumRelation


@dataclass(frozen=True, slots=True, kw_only=True)
class ListForums:
    """Of the whole country, where no county is asked for."""

    county: CountyCode | None = None

    async def of(self, desk: CitizenDesk) -> ForumList:
        """Raises CountyUnknown."""
        return (await desk.forum_book()).listed(self.county)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountiesWithForums:
    """By name."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCountiesWithForums:
    async def of(self, desk: CitizenDesk) -> CountiesWithForums:
        return CountiesWithForums(places=(await desk.forum_book()).listed(None).counties)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyUnsure:
    """What the typed name may have meant; nothing, if it was not recognised."""

    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindForums:
    """Of the county that was typed, or that has the place that was typed."""

    typed: str

    async def of(self, desk: CitizenDesk) -> ForumList | CountyUnsure:
        match desk.find_place(self.typed):
            case OnePlace(place=place):
                counties = [place.county]
            case SeveralPlaces(places=places):
                counties = list(dict.fromkeys(place.county for place in places))
            case NoPlace():
                counties = []
        if len(counties) == 1:
            return await ListForums(county=counties[0]).of(desk)
        return CountyUnsure(places=tuple(desk.gazetteer.county(code).place for code in counties))


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterRead:
    """`draft` is an empty one, should no report be in the making."""

    forum: ShownForum
    relation: ForumRelation
    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterUnknown: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPoster:
    """`key` as it stands in the link: `?start=f-KEY`."""

    key: str

    async def of(self, desk: CitizenDesk) -> PosterRead | PosterUnknown | NotBegun:
        found = (await desk.forum_book()).by_key(self.key)
        if found is None:
            return PosterUnknown()
        if not await desk.anybody_reads():
            return NotBegun(words=None)
        return PosterRead(
            forum=found,
            relation=relation_on(desk.today(), found.forum.date),
            draft=desk.new_draft(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The county's forum nearest to today, if one is near."""

    forum: ShownForum | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeForum:
    county: CountyCode

    async def of(self, desk: CitizenDesk) -> Proposed:
        return Proposed(forum=(await desk.forum_book()).nearest(self.county, desk.today()))
