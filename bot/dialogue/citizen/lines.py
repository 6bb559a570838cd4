"""Help lines by topic. They are other people's: this bot only says whom to call."""

from bot.dialogue.citizen.asks import FindLines, LinesFound
from bot.dialogue.citizen.buttons import in_pairs, stacked, way_out
from bot.dialogue.citizen.cards import Lines, LinesFor
from bot.dialogue.citizen.state import State
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.named import named
from bot.dialogue.screen import Button, Screen, Text
from domain.lines.help_line import HelpLine, HelpLineKey
from domain.reports.topic import Topic

POLICE = HelpLineKey("police")
IN_DANGER = (POLICE,)

LINES_FOR: dict[Topic, tuple[HelpLineKey, ...]] = {
    topic: tuple(map(HelpLineKey, keys.split()))
    for topic, keys in {
        Topic.GANGS: "police dci ncic wpa",
        Topic.VIOLENCE: "police gbv child",
        Topic.ALCOHOL_DRUGS: "nacada police",
        Topic.THEFT: "police dci",
        Topic.LAND: "police caj eacc",
        Topic.ROADS: "police",
        Topic.OFFICIALS: "ipoa eacc caj wpa",
        Topic.POLICE_NEEDS: "caj",
        Topic.OTHER: "police kws ncic caj",
    }.items()
}
"""The line to try first comes first."""

NAMED = frozenset(key for keys in LINES_FOR.values() for key in keys)
"""Lines with a name in every language; an operator's own line keeps the name they gave it."""


def hear(state: State, button: str) -> CitizenStep | None:
    match state.card, button.split(":"):
        case ((Lines() | LinesFor()), ["lines", "back"]):
            return Step(state.shows(Lines()))
        case Lines(), ["lines", word] if word in set(Topic):
            topic = Topic(word)
            return Step(state, FindLines(topic=topic, keys=LINES_FOR[topic]))
        case _:
            return None


def found(state: State, answer: LinesFound) -> State:
    return state.shows(LinesFor(topic=answer.topic, lines=answer.lines))


def line_text(line: HelpLine) -> Text:
    name = Text(f"line.{line.key}") if line.key in NAMED else line.name
    return Text("lines.line", {"name": name, "number": line.number})


def topics_screen(state: State) -> Screen:
    tiles = tuple(Button(f"lines:{topic}", named(topic)) for topic in Topic)
    return Screen(paragraphs=(Text("lines.ask"),), rows=(*in_pairs(tiles), *way_out(state)))


def lines_screen(state: State, card: LinesFor) -> Screen:
    listed = stacked(*map(line_text, card.lines)) if card.lines else Text("lines.none")
    return Screen(
        paragraphs=(Text("lines.title", {"topic": named(card.topic)}), listed),
        rows=((Button("lines:back", Text("button.back")),), *way_out(state)),
    )
