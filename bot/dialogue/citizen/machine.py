"""`advance`: what was heard, told to the card it belongs to. Pure."""

from dataclasses import replace

from bot.dialogue.citizen import (
    attaching,
    check,
    follow,
    forums,
    lines,
    menu,
    own,
    place,
    poster,
    report,
    review,
    start,
    wishes,
)
from bot.dialogue.citizen.answers import answered, refused
from bot.dialogue.citizen.buttons import HOME, MENU
from bot.dialogue.citizen.cards import (
    Act,
    AnsweringDesk,
    ChoosingLanguage,
    Forgetting,
    KeepingCode,
    Menu,
    OfOwn,
    TypingCode,
    Vanishing,
)
from bot.dialogue.citizen.commands import cancelled, commanded
from bot.dialogue.citizen.state import Delivered, State, Unsent
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.heard import (
    Attached,
    Commanded,
    Expired,
    Heard,
    Pressed,
    Refused,
    Restarted,
    Typed,
    Unreadable,
)
from bot.dialogue.outgoing.notice import STOP
from bot.dialogue.screen import Text
from domain.ports.chat import Language

REPORT_CARDS = frozenset(
    {
        *("words", "danger", "topic", "county", "counties", "place", "area", "poster"),
        *("review", "more", "out", "far", "forum", "wish"),
    }
)
"""First words of the presses that belong to a report in the making."""

UNREADABLE = {
    "video": Text("unreadable.film"),
    "video_note": Text("unreadable.film"),
    "animation": Text("unreadable.film"),
    "voice": Text("unreadable.voice"),
    "audio": Text("unreadable.voice"),
    "location": Text("unreadable.person"),
    "contact": Text("unreadable.person"),
    "edited": Text("unreadable.edited"),
}


def advance(state: State, heard: Heard) -> CitizenStep:
    match heard:
        case Typed() | Pressed() | Commanded() | Attached() | Unreadable():
            return _acted(_awake(state).quiet(), heard)
        case Expired():
            return Step(_expired(state.quiet()))
        case Restarted(code_above=code_above):
            return Step(_restarted(state.quiet(), code_above=code_above))
        case Refused(error=error):
            return refused(state, error)
        case _:
            return answered(state, heard)


def _awake(state: State) -> State:
    """After `/forget` whoever speaks next is a stranger."""
    if isinstance(state.card, Forgetting):
        person = state.person
        return start.begin(None, shared=None, operator=person.operator, spoken=person.spoken)
    return state


def _acted(state: State, act: Act | Attached | Unreadable) -> CitizenStep:
    if state.person.language is None and (step := _from_stranger(state, act)):
        return step
    match act:
        case Pressed(button):
            return _pressed(state, button)
        case Typed(text):
            return _typed(state, text)
        case Commanded(name, argument):
            return commanded(state, name, argument)
        case Attached():
            return attaching.attached(state, act)
        case Unreadable(kind):
            return Step(state.leaves(UNREADABLE.get(kind, Text("unreadable.other"))))


def _from_stranger(state: State, act: Act | Attached | Unreadable) -> CitizenStep | None:
    """Words and files are taken and panic is obeyed; everything else waits for a language. An old
    button waits only where no words do: it must not touch them later.
    """
    then: Act | None
    match act:
        case Pressed(button) if button.startswith(("language:", f"{STOP}:")):
            return None
        case Typed(text) if text.strip() and not check.looks_like_code(text, writing=False):
            return None
        case Commanded("cancel" | "clear" | "forget") | Attached():
            return None
        case Commanded("report", words) if words:
            return None
        case Commanded("start", payload):
            then = act if poster.is_poster(payload) else None
            return Step(state.shows(ChoosingLanguage(then=then)))
        case Commanded(name, words) if words and name != "check":
            waits = state.shows(ChoosingLanguage(then=act))
            return Step(waits.leaves(Text("start.choose_first")))
        case Typed() | Commanded():
            then = act
        case Pressed() if state.report is None:
            then = act
        case _:
            then = None
    return Step(state.shows(ChoosingLanguage(then=then)).says(Text("start.choose_first")))


def _pressed(state: State, button: str) -> CitizenStep:
    match button.split(":"):
        case [word] if word == HOME:
            return Step(state.home())
        case [word] if word == MENU:
            return Step(state.shows(Menu()))
        case [word, name] if word == MENU:
            return commanded(state, name)
        case ["language", word] if word in state.person.spoken.languages:
            return _language_chosen(state, Language(word))
        case [_, "cancel"] if isinstance(state.report, Unsent):
            return Step(cancelled(state))
    return _to_card(state, button) or Step(_old(state, button))


def _to_card(state: State, button: str) -> CitizenStep | None:
    match state.report:
        case Unsent() as unsent:
            waiting = (
                report.hear(state, unsent, button)
                or place.hear(state, unsent, button)
                or poster.hear(state, unsent, button)
                or review.hear(state, unsent, button)
                or wishes.hear(state, unsent, button)
            )
        case Delivered():
            waiting = review.hear_keeping(state, button)
        case None:
            waiting = None
    return (
        waiting
        or start.hear(state, button)
        or menu.hear(state, button)
        or lines.hear(state, button)
        or forums.hear(state, button)
        or follow.hear(state, button)
        or check.hear(state, button)
        or own.hear(state, button)
    )


def _old(state: State, button: str) -> State:
    """A button of a card that is no more: the same card again, or what became of it."""
    if button.partition(":")[0] == own.OWN and not isinstance(state.card, OfOwn | Vanishing):
        return state.shows(TypingCode()).says(Text("check.code_again"))
    if button.partition(":")[0] in REPORT_CARDS and not isinstance(state.card, Vanishing):
        match state.report:
            case Delivered():
                return state.shows(KeepingCode())
            case None if button.endswith(":cancel"):
                return cancelled(state)
            case None if state.lines:  # what became of it is said already
                return state.home()
            case None:
                return state.home().says(Text("report.gone"))
            case Unsent():
                pass
    return replace(state, toast=Text("toast.old_button"))


def _language_chosen(state: State, language: Language) -> CitizenStep:
    then = state.card.then if isinstance(state.card, ChoosingLanguage) else None
    known = replace(state, person=replace(state.person, language=language))
    if then is not None:
        return _acted(known.shows(Menu()), then)
    return Step(start.welcomed(known), start.remembered(known.person))


def _typed(state: State, text: str) -> CitizenStep:
    if not text.strip():
        return Step(state.says(Text("words.empty")))
    if check.looks_like_code(text, writing=isinstance(state.report, Unsent)):
        return check.tried(state, text)
    if isinstance(state.card, TypingCode):
        return check.tried(state, text)
    if isinstance(state.card, AnsweringDesk):
        return own.typed(state, state.card, text)
    return (
        place.hear_typed(state, text)
        or forums.hear_typed(state, text)
        or follow.hear_typed(state, text)
        or report.taken_up(state, text)
    )


def _expired(state: State) -> State:
    """The card is emptied; whoever finds the phone sees no code and no standing."""
    lost = isinstance(state.report, Unsent)
    if isinstance(state.card, Vanishing | Forgetting):
        return state
    empty = replace(state, report=None).home()
    return empty.says(Text("report.expired")) if lost else empty


def _restarted(state: State, *, code_above: bool) -> State:
    """Said now and once more with the next answer: the next act came before the news."""
    gone = Text("report.gone_code_above") if code_above else Text("report.gone")
    empty = replace(state, report=None).home()
    return replace(empty, lines=(gone,), owed=(gone,))
