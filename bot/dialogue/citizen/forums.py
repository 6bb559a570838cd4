"""`/forums`: which forums met, what people raised there, and what they were promised."""

from dataclasses import replace
from textwrap import wrap

from bot.dialogue.citizen import follow
from bot.dialogue.citizen.buttons import in_pairs, stacked, way_out
from bot.dialogue.citizen.cards import AtForum, Forums, Promises, SeekingForums
from bot.dialogue.citizen.forum_asks import (
    CountiesWithForums,
    CountyUnsure,
    FindForums,
    ListCountiesWithForums,
    ListForums,
)
from bot.dialogue.citizen.state import State
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.named import counties_of, named
from bot.dialogue.screen import Button, Rows, Screen, Text, Verbatim
from domain.forums.book import ForumList, ShownForum
from domain.forums.forum_date import DatePrecision
from domain.forums.promised import Promise
from domain.places.county import CountyCode, Place

PAGE = 6
"""Forums a page: one a row, so that joint forums can be read whole."""

COUNTIES_PAGE = 12
RAISED_PAGE = 150
"""Characters of what was raised, at once: four or five lines of a small screen."""

BACK = Text("button.back")


def asked(state: State, county: str) -> CitizenStep:
    """`/forums`, or `/forums muranga`."""
    typed = state.person.spoken.official(county)
    return Step(state, FindForums(typed=typed) if county else ListForums())


def listed(state: State, answer: ForumList) -> State:
    return state.shows(Forums(listed=answer))


def counties_found(state: State, answer: CountiesWithForums) -> State:
    return state.shows(SeekingForums(places=answer.places))


def unsure(state: State, answer: CountyUnsure) -> CitizenStep:
    if answer.places:
        card = SeekingForums(places=answer.places)
        return Step(state.shows(card).says(Text("place.which")))
    unknown = state.leaves(Text("place.unknown"))
    if isinstance(state.card, SeekingForums):
        return Step(unknown)
    return Step(unknown, ListCountiesWithForums())


def hear_typed(state: State, typed: str) -> CitizenStep | None:
    match state.card:
        case SeekingForums():
            return Step(state, FindForums(typed=state.person.spoken.official(typed)))
        case _:
            return None


def hear(state: State, button: str) -> CitizenStep | None:
    match state.card, button.split(":"):
        case Forums() as card, ["forums", *press]:
            return _hear_list(state, card, press)
        case SeekingForums() as card, ["seek", "page", page] if page in map(
            str, _pages(len(card.places), COUNTIES_PAGE)
        ):
            return Step(state.shows(replace(card, page=int(page))))
        case SeekingForums(), ["seek", "all"]:
            return Step(state, ListForums())
        case SeekingForums(), ["seek", code]:
            return Step(state, ListForums(county=CountyCode(code)))
        case AtForum() as card, ["raised", press]:
            return _hear_forum(state, card, press)
        case Promises() as card, ["promise", page] if page in map(str, range(len(card.promises))):
            return Step(state.shows(replace(card, page=int(page))))
        case Promises(under=under), ["promise", "back"]:
            return Step(state.shows(under))
        case _:
            return None


def _hear_list(state: State, card: Forums, press: list[str]) -> CitizenStep | None:
    match press:
        case ["page", page] if page in map(str, _pages(len(card.listed.forums), PAGE)):
            return Step(state.shows(replace(card, page=int(page))))
        case ["at", key]:
            found = (each for each in card.listed.forums if each.forum.key == key)
            return next(
                (Step(state.shows(AtForum(shown=each, under=card))) for each in found), None
            )
        case ["county"]:
            return Step(state, ListCountiesWithForums())
        case ["all"]:
            return Step(state, ListForums())
        case ["promises"] if card.listed.promises:
            return Step(state.shows(Promises(promises=card.listed.promises, under=card)))
        case _:
            return None


def _hear_forum(state: State, card: AtForum, press: str) -> CitizenStep | None:
    match press:
        case page if page in map(str, range(len(_raised(card)))):
            return Step(state.shows(replace(card, page=int(page))))
        case "promises" if card.shown.promises:
            return Step(state.shows(Promises(promises=card.shown.promises, under=card)))
        case "follow":
            return follow.forum_followed(state, card.shown.forum.key)
        case "back":
            return Step(state.shows(card.under))
        case _:
            return None


def list_screen(state: State, card: Forums) -> Screen:
    known = card.listed
    shown = known.forums[card.page * PAGE :][:PAGE]
    tiles = tuple((_tile(forum),) for forum in shown)
    every = () if known.place is None else (Button("forums:all", Text("button.all_forums")),)
    return Screen(
        paragraphs=_told_of(known),
        rows=_filled(
            *tiles,
            _turns("forums:page", card.page, _pages(len(known.forums), PAGE)),
            _to_promises("forums", known.promises),
            (Button("forums:county", Text("button.choose_county")), *every),
            *way_out(state),
        ),
    )


def _told_of(known: ForumList) -> tuple[Text, ...]:
    match known.place, known.forums:
        case None, ():
            return (Text("forums.none"),)
        case None, _:
            return (Text("forums.ask"),)
        case Place(name=name), ():
            around = Text("forums.promised_around", count=len(known.promises))
            none = Text("forums.none_of", {"county": name})
            return (none, around) if known.promises else (none,)
        case Place(name=name), _:
            return (Text("forums.of", {"county": name}),)


def _tile(shown: ShownForum) -> Button:
    label = Text(
        "button.forum_tile", {"date": shown.forum.date, "counties": counties_of(shown.places)}
    )
    return Button(f"forums:at:{shown.forum.key}", label)


def seeking_screen(state: State, card: SeekingForums) -> Screen:
    shown = card.places[card.page * COUNTIES_PAGE :][:COUNTIES_PAGE]
    tiles = tuple(
        Button(f"seek:{place.county}", Text("button.place", {"place": place.name}))
        for place in shown
    )
    return Screen(
        paragraphs=(Text("forums.which_county"),),
        rows=_filled(
            *in_pairs(tiles),
            _turns("seek:page", card.page, _pages(len(card.places), COUNTIES_PAGE)),
            (Button("seek:all", Text("button.all_forums")),),
            *way_out(state),
        ),
    )


def forum_screen(state: State, card: AtForum) -> Screen:
    forum, promises = card.shown.forum, card.shown.promises
    raised = _raised(card)
    facts = [
        Text("forum.title", {"date": forum.date}),
        Text("forum.counties", {"counties": counties_of(card.shown.places)}),
    ]
    if forum.date.precision is DatePrecision.MONTH:
        facts.append(Text("forum.month_only"))
    if forum.national_number is not None:
        facts.append(Text("forum.number", {"number": forum.national_number}))
    words = (
        (Text("forum.raised", {"words": raised[card.page]}), Text("forum.as_published"))
        if raised
        else (Text("forum.nothing_raised"),)
    )
    promised = () if promises else (Text("forum.nothing_promised"),)
    return Screen(
        paragraphs=(stacked(*facts), stacked(*words), *promised),
        rows=_filled(
            _turns("raised", card.page, range(len(raised))),
            _to_promises("raised", promises),
            (Button("raised:follow", Text("button.follow_forum")), Button("raised:back", BACK)),
            *way_out(state),
        ),
    )


def promises_screen(state: State, card: Promises) -> Screen:
    promise = card.promises[card.page]
    return Screen(
        paragraphs=(
            stacked(
                Text("promise.title", {"number": card.page + 1, "total": len(card.promises)}),
                Text(
                    "promise.where",
                    {"reach": named(promise.reach), "date": promise.commitment.known_date},
                ),
            ),
            Verbatim(promise.commitment.promise),
            stacked(*_promise_facts(promise), Text("forum.as_published")),
        ),
        rows=_filled(
            _turns("promise", card.page, range(len(card.promises))),
            (Button("promise:back", BACK),),
            *way_out(state),
        ),
    )


def _promise_facts(promise: Promise) -> tuple[Text, ...]:
    told = promise.commitment
    office = Text("promise.office", {"office": told.office})
    due = (Text("promise.due", {"due": told.due}),) if told.due else ()
    return (office, *due, Text("promise.source", {"source": told.source}))


def _filled(*rows: tuple[Button, ...]) -> Rows:
    """Without the rows that turned out empty."""
    return tuple(row for row in rows if row)


def _to_promises(card: str, promises: tuple[Promise, ...]) -> tuple[Button, ...]:
    label = Text("button.promises", {"count": len(promises)})
    return (Button(f"{card}:promises", label),) if promises else ()


def _raised(card: AtForum) -> list[str]:
    """As published, in pages that say when they go on; none where nobody said what was raised."""
    pages = wrap(card.shown.forum.concerns, RAISED_PAGE)
    return [*(f"{page} …" for page in pages[:-1]), *pages[-1:]]


def _pages(count: int, size: int) -> range:
    return range(-(-count // size))


def _turns(press: str, page: int, pages: range) -> tuple[Button, ...]:
    turns = ((page - 1, Text("button.previous")), (page + 1, Text("button.next")))
    return tuple(Button(f"{press}:{to}", label) for to, label in turns if to in pages)
