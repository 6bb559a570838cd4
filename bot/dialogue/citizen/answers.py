"""What the domain answered, told to the card that asked."""

from typing import assert_never

from bot.dialogue.citizen import (
    attaching,
    check,
    follow,
    forums,
    lines,
    own,
    place,
    poster,
    report,
    review,
    wishes,
    withdraw,
)
from bot.dialogue.citizen.asks import (
    Begun,
    Counties,
    LinesFound,
    Minted,
    NotBegun,
    PlaceTaken,
    RescueFound,
)
from bot.dialogue.citizen.attaching import FileNotTaken, FileTaken
from bot.dialogue.citizen.cards import LONGER, AnsweringDesk, Forgetting, Vanishing
from bot.dialogue.citizen.follow_asks import CountiesToFollow, CountyToFollow, FollowedNow
from bot.dialogue.citizen.forum_asks import (
    CountiesWithForums,
    CountyUnsure,
    PosterRead,
    PosterUnknown,
    Proposed,
)
from bot.dialogue.citizen.own_asks import Looked, Stopped, TakesEffect
from bot.dialogue.citizen.state import State, Unsent
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.heard import Heard
from bot.dialogue.screen import Text
from domain.errors import DomainError
from domain.forums.book import ForumList
from domain.places.gazetteer import NoPlace, OnePlace, SeveralPlaces
from domain.ports.chat import Cleared
from domain.ports.stores import LocatorTaken
from domain.reports.check import Checked
from domain.reports.desk import Forgotten, Reader, Remembered
from domain.reports.submit import ReaderChanged, Sent

AnswerOfForums = ForumList | CountiesWithForums | CountyUnsure | PosterRead | PosterUnknown


def answered(state: State, answer: Heard) -> CitizenStep:
    match state.report, answer:
        case _, Begun():
            return attaching.begun(state, answer)
        case _, NotBegun():
            return Step(report.not_begun(state, answer))
        case _, LinesFound():
            return Step(lines.found(state, answer))
        case (
            _,
            ForumList() | CountiesWithForums() | CountyUnsure() | PosterRead() | PosterUnknown(),
        ):
            return _answered_of_forums(state, answer)
        case _, CountiesToFollow() | CountyToFollow() | FollowedNow():
            return Step(_answered_of_following(state, answer))
        case _, Checked() | Looked() | Stopped() | TakesEffect():
            return Step(_answered_of_own(state, answer))
        case _, Cleared() as cleared:
            return Step(state.shows(_vanishing(cleared)))
        case _, Remembered() | Forgotten():
            return Step(state)
        case Unsent() as unsent, _:
            return _answered_to_report(state, unsent, answer)
        case _:
            raise TypeError(answer)


def _vanishing(cleared: Cleared) -> Vanishing:
    if not cleared.whole:
        return Vanishing(text=Text("clear.unsure"), after=LONGER)
    if cleared.left:
        return Vanishing(text=Text("clear.left", count=cleared.left), after=LONGER)
    return Vanishing(text=Text("clear.done"))


def _answered_of_own(state: State, answer: Checked | Looked | Stopped | TakesEffect) -> State:
    match answer:
        case Checked():
            return check.checked(state, answer)
        case Looked():
            return own.looked(state, answer)
        case Stopped():
            return own.stopped(state)
        case TakesEffect():
            return withdraw.asked(state, answer)
        case _:
            assert_never(answer)


def _answered_of_following(
    state: State, answer: CountiesToFollow | CountyToFollow | FollowedNow
) -> State:
    match answer:
        case CountiesToFollow():
            return follow.counties_found(state, answer)
        case CountyToFollow():
            return follow.county_taken(state, answer)
        case FollowedNow():
            return follow.followed_now(state, answer)
        case _:
            assert_never(answer)


def _answered_of_forums(state: State, answer: AnswerOfForums) -> CitizenStep:
    match answer:
        case ForumList():
            return Step(forums.listed(state, answer))
        case CountiesWithForums():
            return Step(forums.counties_found(state, answer))
        case CountyUnsure():
            return forums.unsure(state, answer)
        case PosterRead():
            return Step(poster.read(state, answer))
        case PosterUnknown():
            return Step(poster.unknown(state))
        case _:
            assert_never(answer)


def _answered_to_report(state: State, unsent: Unsent, answer: Heard) -> CitizenStep:
    match answer:
        case FileTaken() | FileNotTaken():
            return Step(attaching.answered(state, unsent, answer))
        case RescueFound():
            return Step(report.danger_shown(state, unsent, answer))
        case OnePlace() | SeveralPlaces() | NoPlace():
            return place.found(state, unsent, answer)
        case Counties():
            return Step(place.listed(state, unsent, answer))
        case PlaceTaken():
            return place.taken(state, unsent, answer)
        case Minted() | Reader() | Sent():
            return _answered_to_review(state, unsent, answer)
        case Proposed():
            return Step(wishes.proposed(state, unsent, answer))
        case _:
            raise TypeError(answer)


def _answered_to_review(
    state: State, unsent: Unsent, answer: Minted | Reader | Sent
) -> CitizenStep:
    match answer:
        case Minted():
            return review.minted(state, unsent, answer)
        case Reader():
            return Step(review.reader_found(state, unsent, answer))
        case Sent():
            return review.sent(state, unsent)
        case _:
            assert_never(answer)


def refused(state: State, error: DomainError) -> CitizenStep:
    match state.report, state.card, error:
        case Unsent() as unsent, _, LocatorTaken():
            return review.code_taken(state, unsent)
        case Unsent() as unsent, _, ReaderChanged():
            return review.reader_changed(state, unsent)
        case _, AnsweringDesk(), _:
            return Step(state.leaves(Text(error.key, error.params)))
        case _, Vanishing() | Forgetting(), _:
            return Step(state.home().told(error))
        case _:
            return Step(state.told(error))
