"""First use: language, who runs this bot and what it cannot do, whose phone this is."""

from dataclasses import replace

from bot.dialogue.citizen.asks import Remember
from bot.dialogue.citizen.cards import AskingPhone, ChoosingLanguage, Menu, ReadingSafety
from bot.dialogue.citizen.state import Person, State, Unsent
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.screen import Button, Screen, Text
from bot.dialogue.spoken import Spoken, language_buttons
from domain.ports.chat import Language


def begin(
    language: Language | None, *, shared: bool | None, operator: str, spoken: Spoken
) -> State:
    """A chat nothing was heard from yet. `shared` counts only beside a language: the two
    are remembered together.
    """
    known = shared if language is not None else None
    person = Person(language=language, shared=known, operator=operator, spoken=spoken)
    return State(person=person, card=ChoosingLanguage()).home()


def started(state: State) -> State:
    """`/start`: what is not known of this person yet, else the menu."""
    if state.person.language is None or state.person.shared is None:
        return welcomed(state)
    return state.shows(Menu())


def welcomed(state: State) -> State:
    """Nobody comes to a report past the safety card."""
    match state.person, state.card:
        case Person(shared=None), ReadingSafety() | AskingPhone():
            return state
        case Person(language=Language(), shared=None), _:
            return state.shows(ReadingSafety())
        case _:
            return state.home()


def hear(state: State, button: str) -> CitizenStep | None:
    match state.card, button:
        case ReadingSafety(), "safety:read":
            return Step(state.shows(AskingPhone()))
        case AskingPhone(), "phone:mine":
            return _phone_told(state, shared=False)
        case AskingPhone(), "phone:shared":
            return _phone_told(state, shared=True)
        case AskingPhone(), "phone:back":
            return Step(state.shows(ReadingSafety()))
        case ChoosingLanguage(), "language:back":
            return Step(welcomed(state))
        case _:
            return None


def remembered(person: Person) -> Remember | None:
    """Nothing is remembered of a chat before both are known."""
    if person.language is None or person.shared is None:
        return None
    return Remember(language=person.language, shared=person.shared)


def _phone_told(state: State, *, shared: bool) -> CitizenStep:
    told = replace(state, person=replace(state.person, shared=shared))
    return Step(told.home(), remembered(told.person))


def language_screen(state: State) -> Screen:
    languages = language_buttons(state.person.spoken.languages)
    if state.person.language is not None:
        return Screen(
            paragraphs=(Text("start.language"),),
            rows=(*languages, (Button("language:back", Text("button.back")),)),
        )
    return Screen(paragraphs=(*_in_every_language(state), Text("start.language")), rows=languages)


def _in_every_language(state: State) -> tuple[Text, ...]:
    """What was just heard is answered in all of them: there is no language yet."""
    if state.owed:
        return (Text("start.words_gone"),)
    if state.untaken:
        return (Text("start.not_taken"),)
    if isinstance(state.report, Unsent) and not state.report.draft.is_empty:
        return (Text("start.words_kept"),)
    return (Text("start.choose_first"),) if state.lines else ()


def safety_screen(state: State) -> Screen:
    return Screen(
        paragraphs=(
            Text("start.who", {"operator": state.person.operator}),
            Text("start.seen"),
            Text("start.danger"),
        ),
        rows=(
            (Button("safety:read", Text("button.go_on")),),
            (Button("menu:language", Text("button.language")),),
        ),
    )


def phone_screen() -> Screen:
    return Screen(
        paragraphs=(Text("start.phone"),),
        rows=(
            (
                Button("phone:mine", Text("button.phone_mine")),
                Button("phone:shared", Text("button.phone_shared")),
            ),
            (Button("phone:back", Text("button.back")),),
        ),
    )
