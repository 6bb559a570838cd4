"""What the dialogue asks about following, and the answers that need a name here."""

from dataclasses import dataclass

from bot.dialogue.citizen.cards import ShownSubject
from domain.digest.publication import Answered
from domain.followup.followers import CountyFollowed, ForumFollowed, Subject
from domain.places.county import CountyCode, Place
from domain.places.gazetteer import NoPlace, OnePlace, SeveralPlaces
from domain.ports.chat import Language
from domain.reports.desk import CitizenDesk
from domain.reports.topic import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedNow:
    """`new` is what was just asked for; `stopped`: it is followed no more."""

    subjects: tuple[ShownSubject, ...]
    new: ShownSubject | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CountiesToFollow:
    """`unsure`: which of these was meant; else all, by name. `unknown`: nothing was
    recognised in what was typed.
    """

    places: tuple[Place, ...]
    topic: Topic | None = None
    unsure: bool = False
    unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyToFollow:
    """`answered`: what became of the county's concerns, if anything is published."""

    place: Place
    answered: Answered | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListToFollow:
    topic: Topic | None = None

    async def of(self, desk: CitizenDesk) -> CountiesToFollow:
        return CountiesToFollow(places=_all(desk), topic=self.topic)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeToFollow:
    county: CountyCode

    async def of(self, desk: CitizenDesk) -> CountyToFollow:
        """Raises CountyUnknown."""
        place = desk.gazetteer.county(self.county).place
        return CountyToFollow(place=place, answered=await desk.answered(self.county))


@dataclass(frozen=True, slots=True, kw_only=True)
class FindToFollow:
    """What was typed after `/follow`, or at the card. With a topic it is followed at once."""

    typed: str
    language: Language
    topic: Topic | None = None

    async def of(self, desk: CitizenDesk) -> CountyToFollow | CountiesToFollow | FollowedNow:
        """Raises TooManyFollowed."""
        match desk.find_place(self.typed):
            case OnePlace(place=place):
                counties = [place.county]
            case SeveralPlaces(places=places):
                counties = list(dict.fromkeys(place.county for place in places))
            case NoPlace():
                return CountiesToFollow(places=_all(desk), topic=self.topic, unknown=True)
        if len(counties) > 1:
            found = tuple(desk.gazetteer.county(code).place for code in counties)
            return CountiesToFollow(places=found, topic=self.topic, unsure=True)
        if self.topic is None:
            return await TakeToFollow(county=counties[0]).of(desk)
        subject = CountyFollowed(county=counties[0], topic=self.topic)
        return await Follow(subject=subject, language=self.language).of(desk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    subject: Subject
    language: Language

    async def of(self, desk: CitizenDesk) -> FollowedNow:
        """Raises TooManyFollowed."""
        subjects = await desk.following.follow(self.language, self.subject)
        shown = await _shown(desk, subjects)
        new = next((each for each in shown if each.subject == self.subject), None)
        return FollowedNow(subjects=shown, new=new)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFollowed:
    async def of(self, desk: CitizenDesk) -> FollowedNow:
        return FollowedNow(subjects=await _shown(desk, await desk.following.subjects()))


@dataclass(frozen=True, slots=True, kw_only=True)
class StopFollowing:
    subject: Subject
    language: Language

    async def of(self, desk: CitizenDesk) -> FollowedNow:
        left = await desk.following.stop(self.language, self.subject)
        return FollowedNow(subjects=await _shown(desk, left), stopped=True)


def _all(desk: CitizenDesk) -> tuple[Place, ...]:
    return tuple(county.place for county in desk.gazetteer.counties())


async def _shown(desk: CitizenDesk, subjects: tuple[Subject, ...]) -> tuple[ShownSubject, ...]:
    """A forum that is not known any more has no name, and is shown without one."""
    book = await desk.forum_book()
    shown = []
    for subject in subjects:
        match subject:
            case CountyFollowed(county=county):
                place = desk.gazetteer.county(county).place
                shown.append(ShownSubject(subject=subject, places=(place,)))
            case ForumFollowed(forum=key):
                found = book.by_key(key)
                places, date = (found.places, found.forum.date) if found else ((), None)
                shown.append(ShownSubject(subject=subject, places=places, forum=date))
    return tuple(shown)
