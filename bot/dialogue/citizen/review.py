"""NOT SENT YET: what will be sent, its code, who will read it; *Send* and what follows."""

from dataclasses import replace

from bot.dialogue.citizen.asks import Clear, FindReader, Mint, Minted, Submit
from bot.dialogue.citizen.buttons import about_forum, back_and_cancel, stacked
from bot.dialogue.citizen.cards import (
    KeepingCode,
    Menu,
    More,
    Reviewing,
    Vanishing,
)
from bot.dialogue.citizen.poster import back_to_place
from bot.dialogue.citizen.state import Delivered, State, Unsent
from bot.dialogue.citizen.step import CitizenStep
from bot.dialogue.converse import Step
from bot.dialogue.files import files_said
from bot.dialogue.named import named, place_name
from bot.dialogue.screen import Button, Screen, Text
from domain.desks.desk import NATIONAL
from domain.places.county import Place
from domain.reports.desk import Reader
from domain.reports.draft import Draft
from domain.reports.submit import ReaderChanged
from domain.reports.wishes import KeptOut

MOST_FACTS = 6
"""Without forum and files: about, place, reader, kept out, how far, danger."""


def prepared(state: State) -> CitizenStep:
    """Asks for what the card still lacks: a code, once a draft, and who will read."""
    match state.report:
        case Unsent(code=None):
            return Step(state, Mint())
        case Unsent(draft=draft, reader=None) if draft.county is not None:
            ask = FindReader(county=draft.county, area=draft.area, kept_out=draft.kept_out)
            return Step(state, ask)
        case _:
            return Step(state)


def minted(state: State, report: Unsent, answer: Minted) -> CitizenStep:
    return prepared(replace(state, report=replace(report, code=answer.code)))


def reader_found(state: State, report: Unsent, answer: Reader) -> State:
    return replace(state, report=replace(report, reader=answer.desk))


def hear(state: State, report: Unsent, button: str) -> CitizenStep | None:
    match state.card, button:
        case Reviewing(), "review:send":
            if report.code is None:
                return prepared(state.says(Text("review.code_changed")))
            if report.reader is None:
                return prepared(state)
            return Step(state, Submit(draft=report.draft, code=report.code, reader=report.reader))
        case Reviewing(), "review:more":
            return Step(state.at(More(), report))
        case Reviewing(), "review:copied":
            return Step(state.at(Reviewing(), report))
        case Reviewing(), "review:back":
            return Step(back_to_place(state, report))
        case _:
            return None


def code_taken(state: State, report: Unsent) -> CitizenStep:
    """The draft gets another code before anything was kept under this one."""
    fresh = replace(state, report=replace(report, code=None))
    return prepared(fresh.says(Text("review.code_changed")))


def reader_changed(state: State, report: Unsent) -> CitizenStep:
    """Nothing is sent to a desk that was not on the card."""
    return prepared(
        replace(state, report=replace(report, reader=None)).says(Text(ReaderChanged.key))
    )


def sent(state: State, report: Unsent) -> CitizenStep:
    """The words leave the memory here; on a shared phone the chat goes too."""
    if state.person.shared:
        gone = replace(state, card=Vanishing(text=Text("clear.done")), report=None)
        return Step(gone, Clear())
    assert report.code is not None
    return Step(replace(state, card=KeepingCode(), report=Delivered(code=report.code.text)))


def hear_keeping(state: State, button: str) -> CitizenStep | None:
    match state.card, button:
        case KeepingCode(), "sent:written":
            return Step(replace(state, card=Menu(), report=None))
        case _:
            return None


def review_screen(state: State, report: Unsent, card: Reviewing) -> Screen:
    code = report.code
    not_sent = Text("review.not_sent", {"code": code.text}) if code else Text("review.no_code")
    shared = (Text("review.shared"),) if state.person.shared else ()
    copying = ((Button("review:copied", Text("button.copied")),),) if card.copying else ()
    return Screen(
        paragraphs=(
            not_sent,
            stacked(*_facts(report, answering=bool(state.lines))),
            *shared,
        ),
        rows=(
            *copying,
            (Button("review:send", Text("button.send")),),
            (Button("review:more", Text("button.more")),),
            back_and_cancel("review"),
        ),
        protect=not card.copying,
    )


def _facts(report: Unsent, *, answering: bool) -> tuple[Text, ...]:
    """On a full card the forum, which *More* has too, and then the files give way to what
    answers the last act.
    """
    told, wished = _told(report), _wished(report.draft)
    others = (*_sent_with(report.draft), *about_forum(report))
    room = MOST_FACTS - len(told) - len(wished) if answering else len(others)
    return (*told, *others[:room], *wished)


def _told(report: Unsent) -> list[Text]:
    facts: list[Text] = []
    if report.draft.topic is not None:
        facts.append(Text("review.about", {"topic": named(report.draft.topic)}))
    if report.place is not None:
        facts.append(Text("review.place", {"place": place_name(report.place)}))
        facts.append(Text("review.reader", {"reader": _reader(report, report.place)}))
    return facts


def _sent_with(draft: Draft) -> tuple[Text, ...]:
    return (Text("files.with_it", {"files": files_said(draft.kinds)}),) if draft.files else ()


def _wished(draft: Draft) -> list[Text]:
    facts = [Text("review.how_far", {"how_far": named(draft.how_far)})]
    if draft.kept_out:
        facts.insert(0, _kept_out(draft.kept_out))
    if draft.danger:
        facts.append(Text("review.danger"))
    return facts


def _kept_out(offices: frozenset[KeptOut]) -> Text:
    """By name while one line has room for it."""
    first, *more = [named(office) for office in KeptOut if office in offices]
    if not more:
        return Text("review.kept_out_one", {"office": first})
    return Text("review.kept_out", count=len(offices))


def _reader(report: Unsent, place: Place) -> Text:
    match report.reader:
        case None:
            return Text("reader.nobody")
        case desk if desk == NATIONAL:
            return Text("reader.national")
        case _:
            return Text("reader.local", {"place": place_name(place)})


def keeping_screen(report: Delivered) -> Screen:
    return Screen(
        paragraphs=(
            Text("sent.done"),
            Text("sent.code", {"code": report.code}),
            Text("sent.how"),
        ),
        rows=((Button("sent:written", Text("button.written")),),),
    )
