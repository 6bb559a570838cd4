"""A report in the making: its words, whether somebody is in danger, what it is about."""

from dataclasses import replace

from bot.dialogue.citizen.asks import Begin, Begun, FindRescue, NotBegun, RescueFound
from bot.dialogue.citizen.buttons import about_forum, back_and_cancel, in_pairs, stacked
from bot.dialogue.citizen.cards import ChoosingTopic, InDanger, Menu, Writing
from bot.dialogue.citizen.lines import IN_DANGER, line_text
from bot.dialogue.citizen.poster import to_place
from bot.dialogue.citizen.start import welcomed
from bot.dialogue.citizen.state import Delivered, State, Unsent
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.files import files_said
from bot.dialogue.named import named
from bot.dialogue.screen import Button, Screen, Text
from domain.desks.desk import NobodyReads
from domain.reports.draft import Draft, TooLong
from domain.reports.spotting import without_codes
from domain.reports.topic import Topic


def taken_up(state: State, words: str | None = None) -> CitizenStep:
    """`/report`, or words typed where nothing else is asked for."""
    match state.report:
        case None:
            return Step(state, Begin(words=words))
        case Unsent() as report:
            return Step(welcomed(state) if words is None else with_words(state, report, words))
        case Delivered():
            first = Text("sent.write_first")
            return Step(state.home().says(first) if words is None else state.home().leaves(first))


def begun(state: State, answer: Begun) -> State:
    report = Unsent(draft=answer.draft)
    state = welcomed(replace(state, report=report))
    return state if answer.words is None else with_words(state, report, answer.words)


def not_begun(state: State, answer: NotBegun) -> State:
    line = Text(NobodyReads.key)
    nothing = answer.words is None and answer.attached is None
    return state.says(line) if nothing else state.leaves(line)


def with_words(state: State, report: Unsent, words: str) -> State:
    """The words join the draft, at whatever step it stands. Too many are left in the chat."""
    state = welcomed(state)
    safe = without_codes(words)
    try:
        draft = report.draft.with_words(safe)
    except TooLong as refusal:
        return state.leaves(Text(refusal.key, refusal.params))
    if safe != words:
        state = state.says(Text("words.code_left_out"))
    state = replace(state, report=replace(report, draft=draft))
    if isinstance(state.card, Writing):
        return state
    return state.says(Text("words.added", count=len(draft.words)))


def hear(state: State, report: Unsent, button: str) -> CitizenStep | None:
    match state.card, button.split(":"):
        case Writing(), ["words", "done"]:
            if report.draft.is_empty:
                return Step(state.says(Text("words.first")))
            return Step(state.at(ChoosingTopic(), report))
        case Writing(), ["words", "danger"]:
            return Step(_in_danger(state, report, danger=True), FindRescue(keys=IN_DANGER))
        case Writing(), ["words", "back"]:
            return Step(state.shows(Menu()))
        case InDanger(), ["danger", "yes"]:
            return Step(state.at(Writing(), report))
        case InDanger(), ["danger", "no"]:
            return Step(_in_danger(state, report, danger=False))
        case ChoosingTopic(), ["topic", "back"]:
            return Step(state.at(Writing(), report))
        case ChoosingTopic(), ["topic", word] if word in set(Topic):
            draft = replace(report.draft, topic=Topic(word))
            return to_place(state, replace(report, draft=draft))
        case _:
            return None


def _in_danger(state: State, report: Unsent, *, danger: bool) -> State:
    return state.at(Writing(), replace(report, draft=replace(report.draft, danger=danger)))


def danger_shown(state: State, report: Unsent, answer: RescueFound) -> State:
    return state.at(InDanger(lines=answer.lines), report)


def words_screen(report: Unsent) -> Screen:
    draft = report.draft
    danger = (Text("words.danger"),) if draft.danger else ()
    return Screen(
        paragraphs=(
            Text("words.ask"),
            Text("files.what_they_show" if draft.files else "words.no_name"),
            stacked(*about_forum(report), *_taken(draft), *danger),
        ),
        rows=(
            (Button("words:done", Text("button.done")),),
            (Button("words:danger", Text("button.danger")),),
            back_and_cancel("words"),
        ),
    )


def _taken(draft: Draft) -> tuple[Text, ...]:
    if draft.is_empty:
        return (Text("words.none"),)
    words = Text("words.taken", {"length": draft.length}, count=len(draft.words))
    files = Text("files.taken", {"files": files_said(draft.kinds)}) if draft.files else None
    return (*((words,) if draft.words else ()), *((files,) if files else ()))


def danger_screen(card: InDanger) -> Screen:
    return Screen(
        paragraphs=(
            Text("danger.call"),
            *(map(line_text, card.lines) if card.lines else (Text("start.danger"),)),
            Text("danger.marked"),
        ),
        rows=(
            (Button("danger:yes", Text("button.go_on")),),
            (Button("danger:no", Text("button.no_danger")),),
            (Button("danger:cancel", Text("button.cancel")),),
        ),
    )


def topic_screen() -> Screen:
    tiles = tuple(Button(f"topic:{topic}", named(topic)) for topic in Topic)
    return Screen(
        paragraphs=(Text("topic.ask"),),
        rows=(*in_pairs(tiles), back_and_cancel("topic")),
    )
