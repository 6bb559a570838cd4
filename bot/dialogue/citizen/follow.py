"""`/follow` and `/following`: news of a county, of a topic in it, or of a forum."""

from dataclasses import replace

from bot.dialogue.citizen.buttons import in_pairs, stacked, way_out
from bot.dialogue.citizen.cards import (
    AskingPhone,
    ChoosingToFollow,
    ListingFollowed,
    SeekingToFollow,
    ShownSubject,
)
from bot.dialogue.citizen.follow_asks import (
    CountiesToFollow,
    CountyToFollow,
    FindToFollow,
    Follow,
    FollowedNow,
    ListFollowed,
    ListToFollow,
    StopFollowing,
    TakeToFollow,
)
from bot.dialogue.citizen.state import State
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.named import counties_of, named
from bot.dialogue.published import answered
from bot.dialogue.screen import Button, Screen, Text
from bot.dialogue.spoken import Spoken
from domain.followup.followers import CountyFollowed, ForumFollowed, Subject
from domain.places.county import CountyCode
from domain.ports.chat import Language
from domain.reports.report import ForumKey
from domain.reports.topic import Topic

PAGE = 12
"""Counties a page."""

EVERYTHING = "all"


def asked(state: State, typed: str) -> CitizenStep:
    """`/follow`, `/follow nakuru`, `/follow land in nakuru`."""
    if state.person.shared is not False:
        return Step(_refused(state))
    language = state.person.language or Language.ENGLISH
    spoken = state.person.spoken
    topic, county, known = _read(typed, spoken)
    if not known:
        state = state.says(Text("follow.topic_unknown"))
    if not county:
        return Step(state, ListToFollow(topic=topic))
    official = spoken.official(county)
    return Step(state, FindToFollow(typed=official, language=language, topic=topic))


def _refused(state: State) -> State:
    """News on a shared phone would tell others; who has not said whose it is, is asked."""
    if state.person.shared:
        return state.home().says(Text("follow.shared"))
    return state.shows(AskingPhone()).says(Text("follow.phone_first"))


def _read(typed: str, spoken: Spoken) -> tuple[Topic | None, str, bool]:
    """Topic, county, and whether the words before the county were a topic."""
    words = typed.casefold().split()
    joint = next((at for at, word in enumerate(words) if at and word in spoken.joining), None)
    if joint is not None and words[joint + 1 :]:
        topic = next((spoken.topics[word] for word in words[:joint] if word in spoken.topics), None)
        if topic is not None:
            return topic, " ".join(words[joint + 1 :]), True
        if words[joint] in {"in", "katika"}:
            return None, " ".join(words[joint + 1 :]), False
    if words and words[0] in spoken.topics:
        return spoken.topics[words[0]], " ".join(words[1:]), True
    return None, " ".join(words), True


def followed(state: State) -> CitizenStep:
    """`/following`."""
    return Step(state, ListFollowed())


def hear_typed(state: State, typed: str) -> CitizenStep | None:
    match state.card:
        case SeekingToFollow(topic=None) | ChoosingToFollow():
            return asked(state, typed)
        case SeekingToFollow(topic=topic):
            language = state.person.language or Language.ENGLISH
            official = state.person.spoken.official(typed)
            return Step(state, FindToFollow(typed=official, language=language, topic=topic))
        case _:
            return None


def hear(state: State, button: str) -> CitizenStep | None:
    language = state.person.language or Language.ENGLISH
    match state.card, button.split(":"):
        case SeekingToFollow() as card, ["seekfollow", "page", page] if page in map(
            str, _pages(card)
        ):
            return Step(state.shows(replace(card, page=int(page))))
        case SeekingToFollow(topic=None), ["seekfollow", code]:
            return Step(state, TakeToFollow(county=CountyCode(code)))
        case SeekingToFollow(topic=topic, places=places), ["seekfollow", code] if code in {
            place.county for place in places
        }:
            subject = CountyFollowed(county=CountyCode(code), topic=topic)
            return Step(state, Follow(subject=subject, language=language))
        case ChoosingToFollow(), ["follow", "back"]:
            return Step(state, ListToFollow())
        case ChoosingToFollow(place=place), ["follow", word] if word in {EVERYTHING, *Topic}:
            chosen = None if word == EVERYTHING else Topic(word)
            subject = CountyFollowed(county=place.county, topic=chosen)
            return Step(state, Follow(subject=subject, language=language))
        case ListingFollowed(subjects=subjects), ["unfollow", *_]:
            found = (each.subject for each in subjects if _stop_press(each.subject) == button)
            asks = (StopFollowing(subject=each, language=language) for each in found)
            return next((Step(state, ask) for ask in asks), None)
        case ListingFollowed(), ["followed", "more"]:
            return asked(state, "")
        case _:
            return None


def forum_followed(state: State, key: ForumKey) -> CitizenStep:
    """From the forum's own card."""
    if state.person.shared is not False:
        return Step(_refused(state))
    language = state.person.language or Language.ENGLISH
    return Step(state, Follow(subject=ForumFollowed(forum=key), language=language))


def counties_found(state: State, answer: CountiesToFollow) -> State:
    asking = state.shows(SeekingToFollow(places=answer.places, topic=answer.topic))
    if answer.unsure:
        return asking.says(Text("place.which"))
    return asking.leaves(Text("place.unknown")) if answer.unknown else asking


def county_taken(state: State, answer: CountyToFollow) -> State:
    return state.shows(ChoosingToFollow(place=answer.place, answered=answer.answered))


def followed_now(state: State, answer: FollowedNow) -> State:
    listing = state.shows(ListingFollowed(subjects=answer.subjects))
    if answer.stopped:
        return listing.says(Text("following.stopped"))
    if answer.new:
        return listing.says(Text("following.new", {"subject": _named(answer.new)}))
    return listing


def seeking_screen(state: State, card: SeekingToFollow) -> Screen:
    pages = _pages(card)
    tiles = tuple(
        Button(f"seekfollow:{place.county}", Text("button.place", {"place": place.name}))
        for place in card.places[card.page * PAGE :][:PAGE]
    )
    turns = tuple(
        Button(f"seekfollow:page:{page}", label)
        for page, label in (
            (card.page - 1, Text("button.previous")),
            (card.page + 1, Text("button.next")),
        )
        if page in pages
    )
    return Screen(
        paragraphs=(Text("follow.which_county"),),
        rows=(*in_pairs(tiles), *((turns,) if turns else ()), *way_out(state)),
    )


def choosing_screen(state: State, card: ChoosingToFollow) -> Screen:
    tiles = tuple(Button(f"follow:{topic}", named(topic)) for topic in Topic)
    record = (answered(card.answered),) if card.answered else ()
    return Screen(
        paragraphs=(Text("follow.what", {"county": card.place.name}), *record),
        rows=(
            (Button(f"follow:{EVERYTHING}", Text("button.follow_all")),),
            *in_pairs(tiles),
            (Button("follow:back", Text("button.back")),),
            *way_out(state),
        ),
    )


def listing_screen(state: State, card: ListingFollowed) -> Screen:
    stops = tuple(
        (Button(_stop_press(each.subject), Text("button.stop_subject", {"subject": _named(each)})),)
        for each in card.subjects
    )
    told = (
        stacked(Text("following.these"), Text("following.how")) if stops else Text("following.none")
    )
    more = (Button("followed:more", Text("button.follow_more")),)
    return Screen(paragraphs=(told,), rows=(*stops, more, *way_out(state)))


def _named(shown: ShownSubject) -> Text:
    counties = counties_of(shown.places)
    match shown.subject:
        case CountyFollowed(topic=None):
            return Text("subject.county", {"county": counties})
        case CountyFollowed(topic=Topic() as topic):
            return Text("subject.topic", {"county": counties, "topic": named(topic)})
        case ForumFollowed() if shown.forum:
            return Text("subject.forum", {"county": counties, "date": shown.forum})
        case _:
            return Text("subject.forum_gone")


def _stop_press(subject: Subject) -> str:
    match subject:
        case CountyFollowed(county=county, topic=topic):
            return f"unfollow:{county}:{topic or EVERYTHING}"
        case ForumFollowed(forum=forum):
            return f"unfollow:f:{forum}"


def _pages(card: SeekingToFollow) -> range:
    return range(-(-len(card.places) // PAGE))
